"""`mibench tasks`: the suites that ship."""

import click


@click.group()
def tasks() -> None:
    """The suites that ship: list them, find them for lm-eval."""


@tasks.command("list")
def list_() -> None:
    """Each suite with its numbers of dialogues and rounds."""
    from mibench.suites import load_suite, suite_names

    for name in suite_names():
        suite = load_suite(name)
        topics = len({dialogue.topic for dialogue in suite.dialogues})
        click.echo(
            f"{name}  {len(suite.dialogues)} dialogues, {len(suite.rounds)} rounds, {topics} topics, digest {suite.digest[:12]}"
        )


@tasks.command()
def path() -> None:
    """The folder to give to lm-eval's --include_path."""
    from mibench.content import room

    click.echo(room("tasks"))


@tasks.command()
@click.argument("suite")
def show(suite: str) -> None:
    """Counts per code and slice, in Markdown: the tables of the suite's data card."""
    from mibench.suites import load_suite
    from mibench.suites.card import card_tables

    click.echo(card_tables(load_suite(suite)))


@tasks.command()
@click.argument("suite")
@click.option("--rounds", type=click.IntRange(min=1), default=30, show_default=True, help="How many rounds.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws other rounds.")
def sample(suite: str, rounds: int, seed: int) -> None:
    """Random rounds to read: what the client says, what the reference answers, with its codes."""
    import random

    from mibench.suites import load_suite

    drawn = load_suite(suite).rounds
    for round_ in random.Random(seed).sample(drawn, min(rounds, len(drawn))):  # noqa: S311 - a draw to read, no secret
        click.secho(f"{round_.id}  {round_.dialogue.change_goal}", dim=True)
        click.echo(f"  {round_.client.text}")
        coded = "".join(f"{u.text}[{u.code}]" if u.code else u.text for u in round_.reference.utterances)
        click.echo(f"  → {coded}\n")


@tasks.command("second-coding")
@click.argument("name")
def second_coding(name: str) -> None:
    """How far two independent codings of a set agree: κ per code, in Markdown, as in the set's card.

    NAME is a suite, a training corpus (mi_zh_train) or a contrast set (contrast-zh).
    """
    from mibench.validating import recoding, span_agreement, whole_kappa

    spans = recoding(name)
    click.echo("| code | first | second | both | κ |\n|---|---:|---:|---:|---:|")
    for row in span_agreement(spans):
        kappa = "–" if row.kappa is None else f"{row.kappa:.2f}"
        click.echo(f"| {row.code} | {row.first} | {row.second} | {row.both} | {kappa} |")
    whole = ", ".join(f"{who} spans {kappa:.2f}" for who, kappa in whole_kappa(spans).items())
    differ = sum(span.first != span.second for span in spans)
    changed = sum(span.final != span.first for span in spans)
    click.echo(
        f"\n{len(spans)} spans coded twice, {differ} differently, {changed} changed since. κ over all codes: {whole}."
    )
