"""`mibench power`."""

from pathlib import Path

import click


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--judge", "judges", multiple=True, help="Through whose ratings. Default: the judges of the runs.")
@click.option(
    "--difference",
    type=click.FloatRange(min=0, min_open=True),
    help="How many dialogues would show a difference as large as this?",
)
@click.option(
    "--metric", "metrics", multiple=True, help="Only this metric; may be repeated. Default: the headline ones."
)
@click.option("--dialogues", type=click.IntRange(min=2), help="With so many dialogues. Default: as in the run.")
@click.option("--rounds", type=click.FloatRange(min=1), help="With so many rounds in each. Default: as in the run.")
@click.option(
    "--repeats", type=click.IntRange(min=1), help="With so many ratings of each reply. Default: as in the run."
)
@click.option(
    "--power",
    "wished",
    type=click.FloatRange(0.05, 0.999),
    default=0.8,
    show_default=True,
    help="Probability of finding the difference.",
)
@click.option("--suite", help="Where the suite lies, if it is not one that ships. Default: as the runs say.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, nothing else.")
def power(
    runs: tuple[Path, ...],
    judges: tuple[str, ...],
    difference: float | None,
    metrics: tuple[str, ...],
    dialogues: int | None,
    rounds: float | None,
    repeats: int | None,
    wished: float,
    suite: str | None,
    *,
    as_json: bool,
) -> None:
    """What difference can a suite of this size show, and how many dialogues would a wished one take?

    From the variances of one run (then two runs are taken as independent, the cautious side), or of two RUNS on the same
    rounds, whose difference is looked at. Tests are two-sided at 5 %, for one metric: more metrics take more dialogues.

    \b
    mibench power runs/mi_zh-tuned
    mibench power runs/mi_zh-base runs/mi_zh-tuned --metric percent_cr --difference 5
    """
    from rich.console import Console

    from mibench import api
    from mibench.errors import UsageError
    from mibench.publishing import print_power
    from mibench.scoring import Plan

    if len(runs) > 2:
        raise UsageError("Give one run, or two that are to be compared.")
    plan = Plan(dialogues, rounds, repeats, wished, difference)
    found = api.power_of_runs(runs, judges, plan=plan, metrics=metrics or None, suite=suite)
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        print_power(found, Console())
