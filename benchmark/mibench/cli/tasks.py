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
