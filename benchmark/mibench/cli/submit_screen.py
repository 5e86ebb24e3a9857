"""What `mibench submit` asks on a terminal, and how it shows what a check found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mibench.board import Guess
    from mibench.schema.submission import CheckReport

ASKED = {
    "name": "The model's name, as the table will show it",
    "organisation": "Who submits it",
    "open_weights": "Are its weights open? yes, no, unknown",
    "licence": "Licence of the weights",
    "parameters": "Billions of parameters",
    "fine_tuned": "Was it tuned for counselling? yes, no, unknown",
    "base_model": "Tuned from which model",
    "training_data": "What it was tuned on",
    "saw_the_suites": "Were dialogues of the suites, or near copies, in its training data? yes, no, unknown",
    "url": "Where it can be had (https://…)",
    "contact": "How to reach you (it is shown)",
}
"""Field → what is asked for on a terminal; an empty answer leaves it open."""
NEEDED = ("name", "organisation")


def show_guesses(guesses: "Mapping[str, Guess]") -> None:
    """What the runs say by themselves, and where it stands."""
    from mibench.records.visible import visible

    for field, entry in guesses.items():
        click.echo(f"{field.replace('_', ' '):>15}  {visible(str(entry.value))}   ({entry.source})")


def ask(given: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for each field that was not given; the guess is the default."""
    from rich.prompt import Prompt

    from mibench.board import submission_of
    from mibench.errors import UsageError

    found: dict[str, Any] = {}
    for field, question in ASKED.items():
        if field in given:
            continue
        while True:
            said = Prompt.ask(
                question, default=str(answers.get(field, "")), show_default=bool(answers.get(field))
            ).strip()
            if not said and field not in NEEDED:
                break
            try:
                submission_of({"name": "x", "organisation": "x", "date": "2026-01-01", field: said})
            except UsageError as error:
                click.echo(f"  {str(error).partition(': ')[2]}", err=True)
                continue
            found[field] = said
            break
    return found


def need(answers: Mapping[str, Any]) -> None:
    """Raises UsageError with the options for what a submission cannot do without."""
    from mibench.errors import UsageError

    missing = [field for field in NEEDED if not answers.get(field)]
    if missing:
        raise UsageError(
            f"A submission needs {' and '.join(f'--{field}' for field in missing)}. On a terminal they are asked for."
        )


def on_a_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    import sys

    return sys.stdin.isatty() and sys.stdout.isatty()


def show(found: "Sequence[CheckReport]") -> None:
    """Each submission with its findings, one a line, and what they come to."""
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True)
    styles = {"error": "bold red", "alarm": "yellow", "note": "dim"}
    for report in found:
        console.print(Text(report.id, style="bold"))
        for finding in report.findings:
            where = f"{finding.where}: " if finding.where else ""
            console.print(
                Text.assemble("  ", (f"{finding.severity:<6}", styles[finding.severity]), f" {where}{finding.what}")
            )
        for one in report.rejudged:
            mark = "alike" if one.alike else "not alike"
            claimed, again = ("undefined" if value is None else f"{value:.2f}" for value in (one.claimed, one.found))
            console.print(
                Text(
                    f"  {one.suite}: {one.metric} {claimed}, again by {one.judge} {again} (allowed ±{one.allowed:.2g}): {mark}"
                )
            )
        counts = ", ".join(
            f"{report.count(kind)} {kind}{'' if report.count(kind) == 1 else 's'}" for kind in ("error", "alarm")
        )
        belongs = f"belongs to {report.version}" if report.version else "belongs to no version"
        console.print(Text(f"  {counts}; {belongs}; {report.standing}\n"))
    if not found:
        console.print("There is no submission yet.")
