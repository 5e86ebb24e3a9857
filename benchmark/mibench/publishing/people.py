"""People's figures beside a model's."""

from typing import TYPE_CHECKING

from mibench.publishing.numbers import interval_text, value_text
from mibench.schema import HumanRow, HumanRows, Scores

if TYPE_CHECKING:
    from rich.console import Console

QUALITIES = {"high": "good", "low": "bad"}


def people_lines(people: HumanRows, scores: Scores) -> list[str]:
    """A line for the good sessions and one for the bad, of the measures that `scores` has too, and what they are."""
    found = []
    for row in people.rows:
        shared = [one for one in row.estimates if one.value is not None and scores.has(one.metric)]
        said = ", ".join(f"{one.label} {value_text(one)}" for one in shared)
        if said:
            found.append(f"people, {people.name} {QUALITIES[row.quality]} sessions: {said}")
    return [*found, f"({people.about}.)"] if found else []


def print_people(people: HumanRows, console: "Console") -> None:
    """Print every measure of the good and the bad sessions with its interval."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1), title_style="bold")
    table.title = escape(people.about)
    table.add_column("", no_wrap=True)
    for row in people.rows:
        table.add_column(_heading(row), justify="right")
    for metric in people.rows[0].estimates:
        ones = [row.get(metric.metric) for row in people.rows]
        table.add_row(
            metric.label, *("–" if one is None else f"{value_text(one)} ({interval_text(one)})" for one in ones)
        )
    console.print(table)
    harm = f" MI non-adherent: {people.non_adherent}." if people.non_adherent else ""
    console.print(
        f"[dim]{people.sessions} sessions, {people.coders} coders, each counting alike where several coded. Ratios of sums; "
        f"95 % intervals resample videos, or whatever else groups sessions.{harm}[/]",
        highlight=False,
    )


def _heading(row: HumanRow) -> str:
    return f"{QUALITIES[row.quality]}\n{row.sessions} sessions in {row.groups}\n{row.utterances:,} utterances"
