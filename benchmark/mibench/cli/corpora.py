"""`mibench corpora`: data of other people that mibench can read."""

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
