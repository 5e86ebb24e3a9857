"""The tables of a comparison."""

from typing import TYPE_CHECKING

from mibench.publishing.numbers import number_text
from mibench.schema import Comparison, Difference

if TYPE_CHECKING:
    from rich.console import Console


def print_comparison(comparison: Comparison, console: "Console") -> None:
    """Print who stands where and, pair by pair, the differences with intervals and p-values."""
    from rich.markup import escape

    console.print(f"[bold]{escape(comparison.suite)}[/] · {_shared(comparison)}\n", highlight=False)
    for what in comparison.unequal:
        console.print(f"[red]Not comparable, compared anyway: {what}.[/]", highlight=False)
    if len(comparison.sides) > 2:
        _print_ties(comparison, console)
    for pair in dict.fromkeys((d.first, d.second) for d in comparison.differences):
        _print_pair([d for d in comparison.differences if (d.first, d.second) == pair], console)
    console.print(f"[dim]{escape(_footnote(comparison))}[/]\n", highlight=False)


def _shared(comparison: Comparison) -> str:
    left_out = f"; {comparison.left_out} left out that not all runs have" if comparison.left_out else ""
    return f"{comparison.rounds} rated subjects in {comparison.dialogues} dialogues{left_out}"


def _print_ties(comparison: Comparison, console: "Console") -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    labels = {d.metric: d.label for d in comparison.differences}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("", no_wrap=True)
    table.add_column("best first; = cannot be told from the first of its group", overflow="fold")
    for ties in comparison.ties:
        table.add_row(labels[ties.metric], " > ".join(" = ".join(map(escape, group)) for group in ties.groups))
    console.print(table)


def _print_pair(differences: list[Difference], console: "Console") -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    first, second = escape(differences[0].first), escape(differences[0].second)
    table = Table(box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=0, title_style="bold")
    table.title = f"{first} − {second}"
    table.add_column("", no_wrap=True)
    for name in (first, second):
        table.add_column(name, justify="right", no_wrap=True, max_width=10)
    table.add_column("difference", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="center", no_wrap=True)
    table.add_column("p", justify="right", no_wrap=True)
    table.add_column("equal length", justify="right", min_width=6)
    for d in differences:
        apart = "undefined" if d.difference is None else signed_text(d.difference, d)
        table.add_row(
            d.label,
            _one(d.first_value, d),
            _one(d.second_value, d),
            f"[bold]{apart}[/]" if d.real else apart,
            "–" if d.low is None else f"{signed_text(d.low, d, plus='')} to {signed_text(d.high, d, plus='')}",
            p_text(d.p_holm),
            "" if d.at_equal_length is None else signed_text(d.at_equal_length, d),
        )
    console.print(table)
    for d in differences:
        if d.corrected is not None:
            ends = (
                f" ({signed_text(d.corrected_low, d)} to {signed_text(d.corrected_high, d)})"
                if d.corrected_low is not None
                else ""
            )
            console.print(
                f"[dim]{d.label}, corrected by human codes: {signed_text(d.corrected, d)}{ends}[/]", highlight=False
            )
        if d.note:
            console.print(f"[dim]{d.label}: {escape(d.note)}.[/]", highlight=False)


def _one(value: float | None, d: Difference) -> str:
    return "–" if value is None else number_text(value, d.unit)


def signed_text(value: float | None, d: Difference, plus: str = "+") -> str:
    """A difference with its sign, on the scale of its metric; a dash where undefined."""
    if value is None:
        return "–"
    text = number_text(abs(value), d.unit)
    return text if not float(text) else ("−" if value < 0 else plus) + text


def p_text(p: float | None) -> str:
    """A p-value as papers write it; a dash where undefined."""
    return "–" if p is None else "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def _footnote(comparison: Comparison) -> str:
    parts = [
        "Bold: told from chance at 5 %; p is adjusted for all differences here (Holm).",
        "Intervals resample dialogues in pairs; p-values swap whole dialogues between the runs.",
    ]
    if any(d.at_equal_length is not None for d in comparison.differences):
        parts.append("Equal length: what is left where both replies to a round are equally long.")
    parts += [
        f"MI proficiency, {pair}: the order holds under {share:.0%} of random weightings of its parts."
        for pair, share in comparison.weights_hold.items()
    ]
    return " ".join(parts)
