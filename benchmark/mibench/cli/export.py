"""`mibench export`."""

from pathlib import Path

import click

FORMATS = ("csv", "markdown", "latex", "every-eval-ever", "lm-eval")


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format", "to", type=click.Choice(FORMATS), required=True,
    help="csv for spreadsheets; markdown or latex for papers; every-eval-ever or lm-eval for other tools, a run each.",
)  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to. Default: standard output.")
@click.option("--compare", is_flag=True, help="Export what `mibench compare` finds between RUNS: csv, markdown, latex.")
@click.option(
    "--judge", "judges", multiple=True, help="With --compare: through whose ratings, as in `mibench compare`."
)
@click.option("--metric", "metrics", multiple=True, help="With --compare: only this metric, or `all`; may be repeated.")
@click.option("--anyway", is_flag=True, help="With --compare: runs that differ in more than the model, marked as such.")
@click.option("--suite", help="With --compare: where the suite lies, if it is not one that ships.")
@click.option(
    "--organisation", default="not stated", show_default=True, help="every-eval-ever: who ran the evaluation."
)
@click.option(
    "--relationship", type=click.Choice(("first_party", "third_party", "collaborative", "other")), default="other",
    show_default=True, help="every-eval-ever: what they are to the makers of the model.",
)  # fmt: skip
def export(
    runs: tuple[Path, ...],
    to: str,
    out: Path | None,
    judges: tuple[str, ...],
    metrics: tuple[str, ...],
    suite: str | None,
    organisation: str,
    relationship: str,
    *,
    compare: bool,
    anyway: bool,
) -> None:
    """Scores of RUNS, or the differences between them, for spreadsheets, papers and other tools.

    Tables come with intervals and the sentences that a methods section needs. A run's anchors are runs too.

    \b
    mibench export runs/mi_zh-tuned runs/mi_zh-tuned/anchors/reference --format latex --out table.tex
    mibench export runs/mi_zh-base runs/mi_zh-tuned --compare --format csv --out differences.csv
    mibench export runs/mi_zh-tuned --format every-eval-ever --organisation "Our lab" --relationship first_party
    """
    from mibench import api
    from mibench.cli.screen import progress
    from mibench.records.jsonl import write_whole

    if compare:
        with progress() as tell:
            found = api.compare_runs(runs, judges, metrics=metrics or None, anyway=anyway, suite=suite, progress=tell)
        text = api.export_comparison(found, to)
    else:
        text = api.export_runs(runs, to, organisation=organisation, relationship=relationship)
    if out:
        write_whole(out, text)
        click.echo(out)
    else:
        click.echo(text.encode("utf-8"), nl=False)
