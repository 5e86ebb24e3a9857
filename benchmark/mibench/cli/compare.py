"""`mibench compare`."""

from pathlib import Path

import click


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--judge", "judges", multiple=True,
    help="Through whose ratings; several are a jury. With one RUN, several judges are compared on the same replies. Default: the judges of the runs.",
)  # fmt: skip
@click.option(
    "--metric", "metrics", multiple=True,
    help="Only this metric, by its name in scores.json; may be repeated. `all` for every one. Default: the headline ones.",
)  # fmt: skip
@click.option("--anyway", is_flag=True, help="Compare runs that differ in more than the model, and say in what.")
@click.option("--suite", help="Where the suite lies, if it is not one that ships. Default: as the runs say.")
@click.option(
    "--draws",
    type=click.IntRange(min=200),
    default=10_000,
    show_default=True,
    help="Resamples, and arrangements of the permutation test.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of both.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON, nothing else.")
def compare(
    runs: tuple[Path, ...],
    judges: tuple[str, ...],
    metrics: tuple[str, ...],
    suite: str | None,
    draws: int,
    seed: int,
    *,
    anyway: bool,
    as_json: bool,
) -> None:
    """Which differences between RUNS are real?

    Differences are taken on the same rounds, with 95 % intervals that resample dialogues and p-values that swap whole
    dialogues, adjusted for each other (Holm). Runs on several suites are compared suite by suite and together.

    \b
    mibench compare runs/mi_zh-base runs/mi_zh-tuned
    mibench compare runs/mi_zh-tuned --judge offline --judge openai/gpt-4.1
    """
    import json

    from rich.console import Console

    from mibench import api
    from mibench.cli.screen import progress
    from mibench.errors import UsageError
    from mibench.publishing import print_comparison

    if len(runs) < 2 and len(judges) < 2:
        raise UsageError("Give two runs or more; or one run and two judges or more (--judge).")
    with progress() as tell:
        found = api.compare_runs(
            runs, judges, metrics=metrics or None, anyway=anyway, draws=draws, seed=seed, suite=suite, progress=tell
        )
    if as_json:
        click.echo(json.dumps([comparison.model_dump() for comparison in found], ensure_ascii=False, indent=2))
        return
    console = Console()
    for comparison in found:
        print_comparison(comparison, console)
