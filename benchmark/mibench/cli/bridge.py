"""`mibench judges bridge`: from an old judge to a new one."""

from pathlib import Path

import click


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--judge", "judges", multiple=True, required=True, help="Twice: the old judge, then the new one, as in the runs."
)
@click.option("--suite", help="Where the suite lies, if it is not one that ships. Default: as the runs say.")
@click.option(
    "--draws", type=click.IntRange(min=200), default=10_000, show_default=True, help="Resamples of dialogues."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the resamples.")
@click.option("--json", "as_json", is_flag=True, help="Print the bridge as JSON on standard output, nothing else.")
def bridge(
    runs: tuple[Path, ...], judges: tuple[str, ...], suite: str | None, draws: int, seed: int, *, as_json: bool
) -> None:
    """Read scores under a new judge against old ones: both have rated the replies in RUNS.

    For each code: κ of the two, correlation of shares, mean shift. For each metric a line, old = intercept + slope · new,
    with 95 % intervals that resample dialogues. Several runs on one suite make a surer line than one; the anchors of a run
    (RUN/anchors/adviser …) are runs too.

    \b
    mibench judges bridge runs/mi_zh-tuned --judge openai/OLD --judge openai/NEW
    """
    from rich.console import Console

    from mibench import api
    from mibench.errors import UsageError
    from mibench.publishing import print_bridge

    if len(judges) != 2:
        raise UsageError("Name two judges: --judge OLD --judge NEW.")
    found = api.bridge_judges(runs, *judges, draws=draws, seed=seed, suite=suite)
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        print_bridge(found, Console())
