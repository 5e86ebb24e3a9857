"""The table of a calibration: each score raw, corrected, and by human codes alone."""

from typing import TYPE_CHECKING

from mibench.publishing.numbers import interval_text, value_text
from mibench.publishing.table import BELOW, HEADLINE
from mibench.schema import Calibrated, Estimate

if TYPE_CHECKING:
    from rich.console import Console


SHOWN = (*HEADLINE, *BELOW)
"""With the rate of each code, what the table shows; calibrated.json has all."""


def print_calibrated(found: Calibrated, console: "Console") -> None:
    """Print the corrected scores beside the raw ones, then what a reader should know."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=0, show_edge=False, title_style="bold"
    )
    table.title = f"{escape(found.model)} · {escape(found.suite)} · judge {escape(' + '.join(found.judges))}, corrected"
    table.add_column("", no_wrap=True)
    for name in ("raw", "corrected", "human codes alone"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("λ", justify="right", no_wrap=True, style="dim")
    shown = [one for one in found.corrections if one.raw.metric in SHOWN or one.raw.metric.startswith("rate_")]
    last = {HEADLINE[-1], "percent_mia", shown[-1].raw.metric}
    for one in shown:
        table.add_row(
            one.raw.label,
            _text(one.raw),
            f"[bold]{_text(one.corrected)}[/]",
            _text(one.human),
            "–" if one.weight is None else f"{one.weight:.2f}",
            end_section=one.raw.metric in last,
        )
    console.print(table)
    console.print(f"[dim]{escape(_footnote(found))}[/]", highlight=False)


def _text(estimate: Estimate) -> str:
    interval = interval_text(estimate)
    return value_text(estimate) + ("" if interval == "–" else f" ({interval.replace(' – ', '–')})")


def _footnote(found: Calibrated) -> str:
    coders = ", ".join(f"{name} {count}" for name, count in found.coders.items())
    why: dict[str, list[str]] = {}
    for one in found.corrections:
        if one.corrected.low is None:
            why.setdefault(one.corrected.note, []).append(one.corrected.label)
    parts = [
        f"{found.coded} of {found.rounds} replies coded, of {found.coded_dialogues} dialogues ({coders}).",
        "95 % intervals; they hold if the coded rounds, or the coded dialogues, were drawn at random.",
        "λ: how far the correction leans on the judge, 0 (human codes alone) to 1.",
        *found.notes,
        *(f"{', '.join(labels)}: {note}." for note, labels in why.items()),
    ]
    return " ".join(parts)
