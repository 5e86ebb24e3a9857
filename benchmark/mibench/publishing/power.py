"""The table of what can be shown."""

from typing import TYPE_CHECKING

from mibench.publishing.numbers import number_text
from mibench.schema import Power

if TYPE_CHECKING:
    from rich.console import Console


def print_power(found: Power, console: "Console") -> None:
    """Print the smallest difference that can be found, metric by metric, and where the variance comes from."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=0, title_style="bold")
    table.title = f"{escape(found.suite)} · {escape(' − '.join(found.runs))}"
    table.add_column("", no_wrap=True)
    table.add_column(escape(found.runs[0]), justify="right")
    table.add_column("can be seen", justify="right", style="bold")
    if found.difference:
        table.add_column(f"dialogues for {found.difference:g}", justify="right")
    table.add_column("variance from dialogues", justify="right")
    table.add_column("from the judge", justify="right")
    for one in found.metrics:
        if one.value is None or one.detectable is None:
            table.add_row(one.label, "–" if one.value is None else number_text(one.value, one.unit), "–")
            continue
        whole = (one.between_dialogues or 0) + (one.between_rounds or 0)
        table.add_row(
            one.label,
            number_text(one.value, one.unit),
            f"± {number_text(one.detectable, one.unit)}",
            *([f"{one.dialogues_needed:,}"] if found.difference else []),
            "–" if one.between_rounds is None or not whole else f"{(one.between_dialogues or 0) / whole:.0%}",
            "–" if one.of_judge is None or not whole else f"{one.of_judge / whole:.0%}",
        )
    console.print(table)
    for one in found.metrics:
        if one.note:
            console.print(f"[dim]{one.label}: {escape(one.note)}.[/]", highlight=False)
    kind = (
        "the difference of these two runs" if len(found.runs) == 2 else "this run, another taken as independent of it"
    )
    console.print(
        f"[dim]{found.dialogues} dialogues of {found.rounds:.1f} rounds, {found.repeats} rating{'' if found.repeats == 1 else 's'} of each reply: what is "
        f"found with probability {found.power:g} at 5 %. Variances are of {kind}.[/]",
        highlight=False,
    )
