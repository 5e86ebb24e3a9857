"""What a command shows: progress on standard error, results on standard output."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from mibench.api import Run
from mibench.schema import Scores


@contextmanager
def progress() -> Iterator[Callable[[str, int, int, str], None]]:
    """A progress bar a stage, with rate and time left, on a terminal; silence elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class RateColumn(TextColumn):
        def __init__(self) -> None:
            super().__init__("")

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.1f}/s", style="dim")

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), RateColumn(),
        TextColumn("{task.fields[note]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        known: dict[str, int] = {}

        def tell(stage: str, done: int, total: int, note: str = "") -> None:
            if stage not in known:
                known[stage] = int(bars.add_task(stage, total=total, completed=done, note=note))
            bars.update(known[stage], completed=done, total=total, note=note, visible=done < total)  # type: ignore[arg-type]

        yield tell


def show(run: Run, *, as_json: bool, min_coverage: float) -> int:
    """Print a run's scores; returns the exit code, 3 when coverage is too low. A shard has none: what it holds."""
    if run.manifest.shard:
        held = {
            "shard": run.manifest.shard,
            "folder": str(run.folder),
            "replies": len(run.replies),
            "ratings": run.rated,
        }
        click.echo(json.dumps(held) if as_json else _shard_line(held))
        return 0
    scores = run.scores
    if as_json:
        click.echo(scores.model_dump_json(indent=2))
    else:
        from rich.console import Console

        from mibench.publishing import print_scores
        from mibench.suites import human_rows

        anchors = {name: other for name, other in run.anchors.items() if other.digest == scores.digest}
        print_scores(scores, anchors, Console(), human_rows())
        if run.report.is_file():
            click.echo(f"\nReport: {run.report}")
    return coverage_code(scores, min_coverage)


def _shard_line(held: dict[str, Any]) -> str:
    return (
        f"{held['replies']} replies and {held['ratings']} ratings of the shard {held['shard']} in {held['folder']}\n"
        f"When all shards are there: mibench merge-runs {Path(held['folder']).parent}/*-of-"
        f"{held['shard'].partition('/')[2]} --out {Path(held['folder']).parents[1]}"
    )


def coverage_code(scores: Scores, min_coverage: float) -> int:
    """0, or 3 with a sentence when fewer rounds are rated than asked for."""
    if scores.coverage >= min_coverage:
        return 0
    least = min(scores.juries, key=lambda jury: jury.coverage)
    click.echo(
        f"mibench: only {least.rated} of {least.subjects} {'dialogues' if least.rates == 'dialogue' else 'rounds'} are rated "
        f"by {' + '.join(least.judges)} ({least.coverage:.1%}, --min-coverage is {min_coverage:.0%}); do not compare these scores.",
        err=True,
    )
    return 3
