"""`mibench corpora`: data of other people that mibench can read, and the paper's path from it to a training set."""

from pathlib import Path

import click

from mibench.cli.corpora_options import json_option
from mibench.cli.corpora_rating import probe_, rate, suite, turns
from mibench.cli.corpora_transcribing import split_, transcribe


@click.group()
def corpora() -> None:
    """Corpora that mibench can read, and the path from them to a training set: load, rate, transcribe, split, probe."""


for command in (rate, transcribe, split_, suite, turns, probe_):
    corpora.add_command(command)


@corpora.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON on standard output, nothing else.")
def list_(*, as_json: bool) -> None:
    """Each corpus: what it is, what people coded, what files to have, where it comes from, its licence.

    None of them ships. Get one from its source and name it as NAME:PATH.
    """
    import json
    from textwrap import fill

    from mibench.corpora.loading import source_cards
    from mibench.validating import coded_cards

    cards = [card.model_dump() for card in (*coded_cards(), *source_cards())]
    if as_json:
        click.echo(json.dumps(cards, ensure_ascii=False, indent=2))
        return
    for card in cards:
        click.secho(f"{card.pop('name')}:PATH", bold=True)
        for field, text in card.items():
            click.echo(
                fill(text, 100, initial_indent=f"  {field:<9} ", subsequent_indent=" " * 12, break_on_hyphens=False)
            )
        click.echo()


@corpora.command()
@click.argument("source")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON-lines file for the dialogues; the report goes beside it.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Stop at the first dialogue that would be mended or left out, and say where it is.")  # fmt: skip
@click.option("--licence", default="", help="Licence of your own data, for corpora that state none.")
@json_option
def load(source: str, out: Path | None, *, strict: bool, licence: str, as_json: bool) -> None:
    """Read a corpus of dialogues, NAME:PATH, and report what was found, mended and left out, with counts.

    \b
    mibench corpora load cpsycound:CPsyCoun/CPsyCounD --out data/cpsycound.jsonl
    mibench corpora load psydt:hub:ORG/PsyDTCorpus@COMMIT --out data/psydt.jsonl
    """
    from mibench.cli.screen import progress
    from mibench.data_path import load_corpus

    with progress() as tell:
        report = load_corpus(source, out, strict=strict, licence=licence, progress=tell)
    if as_json:
        click.echo(report.model_dump_json(indent=2))
        return
    click.echo(
        f"{report.corpus}: {report.found:,} dialogues found, {report.irregular:,} of them irregular, {report.loaded:,} loaded; "
        f"{report.rounds:,} rounds, {report.characters:,} characters. Licence: {report.licence}."
    )
    for title, notes in (("mended", report.mended), ("left out", report.left_out)):
        for note in notes:
            places = f" ({', '.join(note.places)})" if note.places else ""
            click.echo(f"  {title:<9} {note.count:>6,}  {note.what}{places}")
    if out:
        click.echo(f"Written: {out} and {out.with_suffix('.report.json').name}")


@corpora.command()
@click.argument("corpus")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rows to this file: numbers only, no words of the corpus. tasks/human_rows.json is what tables show.",
)  # fmt: skip
@click.option("--draws", type=click.IntRange(min=200), default=10_000, show_default=True, help="Resamples of videos.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the resamples.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON on standard output, nothing else.")
def human(corpus: str, out: Path | None, draws: int, seed: int, *, as_json: bool) -> None:
    """What people do in good and in bad sessions of CORPUS, e.g. annomi:PATH, by the codes of people.

    R:Q, %CR, what is given in 100 utterances and MI proficiency, as ratios of sums, each coder counting alike, with 95 %
    intervals that resample videos.
    """
    from rich.console import Console

    from mibench import __version__
    from mibench.publishing import print_people
    from mibench.records import write_json
    from mibench.validating import human_rows, load_against

    loaded, digest = load_against(corpus)
    rows = human_rows(loaded, digest, version=__version__, draws=draws, seed=seed)
    if out:
        write_json(out, rows)
    if as_json:
        click.echo(rows.model_dump_json(indent=2))
    else:
        print_people(rows, Console())
