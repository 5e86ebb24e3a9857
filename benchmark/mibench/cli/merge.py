"""`mibench merge-runs`."""

from pathlib import Path

import click

from mibench.cli.options import coverage_option, json_option


@click.command("merge-runs")
@click.argument("shards", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The run folder: a new one, or the run that the shards were cut from.")  # fmt: skip
@click.option("--suite", help="Where the suite lies, if it is not one that ships. Default: as the shards say.")
@click.option(
    "--anchors/--no-anchors", default=None,
    help="Score reference, reflector and adviser beside the model. Default: when the judges are free.",
)  # fmt: skip
@coverage_option
@json_option
def merge_runs(
    *, shards: tuple[Path, ...], out: Path, suite: str | None, anchors: bool | None, min_coverage: float, as_json: bool
) -> int:
    """Join all SHARDS of a run, score it and report it: the run that one process would have made.

    Shards that overlap, are missing or unfinished, or differ in model, settings, suite or judges are refused. In a folder
    that holds the same run already, what it lacks is added.

    \b
    mibench run --model hf --model-args pretrained=./my-model --out runs/big --shard 1/4      … to 4/4, anywhere
    mibench merge-runs runs/big/shards/*-of-4 --out runs/big
    """
    from mibench import merging
    from mibench.cli.screen import progress, show

    with progress() as tell:
        run = merging.merge_runs(shards, out, suite=suite, anchors=anchors, progress=tell)
    if not run.manifest.judges:
        click.echo(f"{len(run.replies)} replies in {out}")
        return 0
    return show(run, as_json=as_json, min_coverage=min_coverage)
