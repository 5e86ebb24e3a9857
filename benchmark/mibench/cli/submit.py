"""`mibench submit`: to the leaderboard."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mibench.cli.options import model_options, settings_from, shares_option

if TYPE_CHECKING:
    from mibench.schema.submission import CheckReport, Rejudged

FOLDER = click.Path(file_okay=False, path_type=Path)
ANSWER = click.Choice(["yes", "no", "unknown"])


@click.group()
def submit() -> None:
    """Put a model on the leaderboard: bundle its runs, check the bundle, send it as a pull request.

    \b
    mibench run --suite all --model hf --model-args pretrained=./my-checkpoint
    mibench submit bundle runs/mi_zh-my-checkpoint runs/mi_en-my-checkpoint
    mibench submit check leaderboard/submissions/my-checkpoint_my-lab_2026-11-24
    """


@submit.command()
@click.argument("runs", nargs=-1, required=True, type=FOLDER)
@click.option("--name", help="The model's name in the table. Default: the checkpoint's name.")
@click.option("--organisation", help="Who submits it.")
@click.option("--open-weights", type=ANSWER, help="Whether its weights are open.")
@click.option("--licence", help="Licence of the weights, e.g. Apache-2.0.")
@click.option("--parameters", type=click.FloatRange(min=0, min_open=True), help="Size in billions of parameters.")
@click.option("--base-model", help="What it was tuned from. Default: as mibench_finetune.json says.")
@click.option(
    "--fine-tuned", type=ANSWER, help="Whether it was tuned for counselling. Default: as mibench_finetune.json says."
)
@click.option("--training-data", help="What it was tuned on, in your words.")
@click.option(
    "--saw-the-suites",
    type=ANSWER,
    help="Whether dialogues of the suites, or near copies, were in its training data. Default: what the leakage guard of `mibench finetune` found.",
)
@click.option("--contact", help="How to reach you; it is shown, so no private address.")
@click.option("--command", help="The command that repeats the run. Default: made from run.json.")
@click.option("--notes", help="Anything else that readers should know.")
@click.option("--url", help="Where the model can be had, https only.")
@click.option("--revision", help="Immutable mark of the weights. Default: as run.json says.")
@click.option("--date", help="Day of the submission, e.g. 2026-11-24. Default: today.")
@click.option("--out", type=FOLDER, help="Where the folder goes. Default: leaderboard/submissions.")
@click.option(
    "--untimed",
    is_flag=True,
    help="Leave out when and how fast it ran, so that the same runs made anew give the same bytes.",
)
@click.option("--yes", is_flag=True, help="Ask nothing, even on a terminal: what is not said stays open.")
@click.option("--json", "as_json", is_flag=True, help="Print where it was written and what was said, as JSON.")
def bundle(
    runs: tuple[Path, ...], out: Path | None, *, untimed: bool, yes: bool, as_json: bool, **options: Any
) -> None:
    """Make a submission of finished RUNS of one model, one a suite.

    What the runs say by themselves is guessed and shown; what is missing is asked for on a terminal. Paths, users, hosts and
    keys are taken out. The same runs and answers give the same bytes.
    """
    import json

    from mibench import board
    from mibench.cli import submit_screen as screen
    from mibench.cli.screen import progress

    given = {field: value for field, value in options.items() if value is not None}
    guesses = {field: entry for field, entry in board.guess(runs).items() if field not in given}
    answers = {**{field: entry.value for field, entry in guesses.items()}, **given}
    if not as_json:
        screen.show_guesses(guesses)
    if screen.on_a_terminal() and not yes and not as_json:
        answers |= screen.ask(given, answers)
    screen.need(answers)
    with progress() as tell:
        written, said = board.bundle(runs, answers, out, tell, without_times=untimed)
    if as_json:
        click.echo(
            json.dumps(
                {"folder": str(written.folder), "bytes": written.sizes, **said.model_dump()},
                ensure_ascii=False,
                indent=2,
            )
        )
        return
    from mibench.records.visible import visible

    for before, after in written.changed.items():
        click.echo(f"taken out: {visible(before, 80)} → {visible(after, 80)}")
    click.echo(f"\n{written.folder}")
    for name, size in written.sizes.items():
        click.echo(f"  {size / 1000:>8,.1f} kB  {name}")
    click.echo(f"  {sum(written.sizes.values()) / 1000:>8,.1f} kB  of 10,000\n")
    click.echo(
        f"Next: read submission.yaml, then\n  mibench submit check {written.folder}\nand send the folder as a pull request."
    )


@submit.command()
@click.argument("folder", metavar="DIR|all")
@click.option(
    "--rejudge",
    metavar="JUDGE",
    help="Have this judge rate the stored replies again and compare; the outcome is recorded in checked.json, as reproduced if it comes out alike. As --judge of `mibench run`.",
)
@click.option(
    "--record", is_flag=True, help="For maintainers: where there is no error, write checked.json (re-scored)."
)
@click.option(
    "--offline/--no-offline",
    default=True,
    show_default=True,
    help="Whether the offline judge rates the replies again, to be held against the claimed judge.",
)
@click.option("--strict", is_flag=True, help="Alarms, too, give exit code 1.")
@click.option(
    "--submissions", "below", type=FOLDER, help="Where the other submissions lie. Default: leaderboard/submissions."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, nothing else.")
@shares_option
@model_options
def check(
    folder: str,
    rejudge: str | None,
    below: Path | None,
    *,
    record: bool,
    offline: bool,
    strict: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Check a submission, or `all` of them: files, hashes, rounds, version; scores are computed again from the ratings.

    Errors give exit code 1. Alarms are for a person to look at and give 0, unless --strict. Nothing of a submission is run.
    """
    import json

    from mibench import board
    from mibench.cli import submit_screen as screen
    from mibench.cli.screen import progress
    from mibench.errors import UsageError

    settings = settings_from(options)
    if folder == "all" and (rejudge or record):
        raise UsageError("--rejudge and --record take one submission: mibench submit check DIR …")
    found: list[CheckReport] = []
    again: list[Rejudged] = []
    with progress() as tell:
        if folder == "all":
            found = list(board.check_all(below, offline=offline, progress=tell))
        else:
            path = Path(folder).absolute()
            if not path.is_dir():
                raise UsageError(
                    f"There is no folder {folder}. `mibench submit bundle RUN` makes one; `all` checks all."
                )
            report = board.check(path, board.shelf(board.submission_folders(below)), offline=offline, progress=tell)
            if rejudge and not report.count("error"):
                again = board.rejudge(path, rejudge, settings=settings, progress=tell)
            if (record or again) and not report.count("error") and report.version is not None:
                kept = board.record_check(path, report, again)
                report = report.model_copy(update={"standing": kept.standing, "rejudged": tuple(again)})
            found = [report]
    if as_json:
        click.echo(json.dumps([report.model_dump() for report in found], ensure_ascii=False, indent=2))
    else:
        screen.show(found)
    wrong = sum(report.count("error") for report in found) + (
        sum(report.count("alarm") for report in found) if strict else 0
    )
    return 1 if wrong else 0


@submit.command()
@click.argument("version", required=False, default="v1")
@click.option(
    "--judge",
    "judges",
    multiple=True,
    default=("offline",),
    show_default="offline",
    help="Judges whose scores the version takes.",
)
@click.option("--changes", default="", help="What is new in it, for readers.")
def version(version: str, judges: tuple[str, ...], changes: str) -> None:
    """For maintainers: what ships today as an entry of leaderboard/versions.yaml, called VERSION."""
    from datetime import UTC, datetime

    import yaml

    from mibench import board

    today = datetime.now(tz=UTC).date().isoformat()
    entry = board.shipping_version(version, today, changes, judges).model_dump(mode="json")
    click.echo(yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=120), nl=False)


@submit.command()
@click.argument("findings", type=click.Path(dir_okay=False, path_type=Path))
def comment(findings: Path) -> None:
    """Make a comment for a pull request, in Markdown, of what `mibench submit check --json` found.

    FINDINGS may come from a stranger's run: they are read with bounds, and no link, mention or markup in them works.
    """
    from mibench.submitting.comment import comment_of, read_findings

    click.echo(comment_of(read_findings(findings)), nl=False)
