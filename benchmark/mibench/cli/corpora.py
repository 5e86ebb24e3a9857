"""`mibench corpora`: data of other people that mibench can read."""

from pathlib import Path

import click


@click.group()
def corpora() -> None:
    """Corpora that mibench can read: what each holds, needs, and its licence."""


@corpora.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON on standard output, nothing else.")
def list_(*, as_json: bool) -> None:
    """Each corpus: what it is, what people coded, what files to have, where it comes from, its licence.

    None of them ships. Get one from its source and name it as NAME:PATH.
    """
    import json
    from textwrap import fill

    from mibench.validating import coded_cards

    cards = [card.model_dump() for card in coded_cards()]
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
