"""Tables about judges: whether one has drifted, and the bridge from an old one to a new one."""

from typing import TYPE_CHECKING

from mibench.publishing.numbers import coefficient_text, number_text
from mibench.publishing.table import GROUPS
from mibench.schema import Bridge, CanaryResult, Figure, MetricBridge

if TYPE_CHECKING:
    from rich.console import Console

LANGUAGES = {"en": "English", "zh": "Chinese"}


def print_canary(result: CanaryResult) -> None:
    """Print the shift of each code in each language, and what it amounts to."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(
        f"[bold]{result.judge}[/]: {result.replies} replies rated on {result.date[:10]} as on {result.date_then[:10]}, to "
        f"{result.situations} situations",
    )
    if result.digest != result.digest_then:
        console.print(f"The judge itself is another version: {result.digest_then[:8]} then, {result.digest[:8]} now.")
    languages = list(dict.fromkeys(shift.language for shift in result.shifts))
    rows = []
    for code in dict.fromkeys(shift.code for shift in result.shifts):
        row: list[str] = [code or "all codes"]
        for shift in (shift for shift in result.shifts if shift.code == code):
            p = shift.p_holm if code else shift.p
            moved = f"[bold]{_signed(shift.shift)}[/]" if p is not None and p < 0.05 else _signed(shift.shift)
            row += [_share(shift.then), _share(shift.now), moved, _p(p)]
        rows.append(row)
    head = ["", *(part for language in languages for part in (f"{language} then", "now", "shift", "p"))]
    _table(console, head, rows)
    largest = result.largest
    console.print(
        f"{'Drift' if result.drifted else 'No drift'}: largest shift {_signed(largest.shift)} ({largest.code}, "
        f"{LANGUAGES[largest.language]}), p {_p(largest.p_holm)}; {result.changed} of {result.replies} replies decided otherwise; mean "
        f"distance of shares {_share(result.distance)}."
    )
    if result.unrated:
        console.print(f"{result.unrated} replies left out: unrated now or then, {result.newly_unrated} only now.")
    console.print(
        "Shares are of replies, 0–1. p: answers of whole situations swapped between then and now, adjusted for codes and "
        "languages (Holm); for all codes together as it is.", style="dim",
    )  # fmt: skip


def print_bridge(bridge: Bridge, console: "Console") -> None:
    """Print how alike the judges are, and the lines."""
    from rich.markup import escape

    console.print(
        f"[bold]{escape(bridge.new)}[/] read as [bold]{escape(bridge.old)}[/]: {bridge.subjects} subjects of {bridge.dialogues} "
        f"dialogues in {', '.join(map(escape, bridge.runs))}"
        + (f"; {bridge.left_out} left out that one has not rated" if bridge.left_out else ""),
        highlight=False,
    )
    rows = [
        [
            column.of.replace("_", " "), _share(column.old), _share(column.new), _with_ends(column.shift),
            coefficient_text(column.r.value), coefficient_text(column.kappa.value), _ends(column.kappa),
        ]
        for column in bridge.columns
    ]  # fmt: skip
    _table(console, ["", "old", "new", "new − old", "r", "κ", "95 %"], rows)
    shown = {metric for group in GROUPS for metric in group}
    drawn = [metric for metric in bridge.metrics if not metric.why_not and metric.metric in shown]
    lines = [
        [
            metric.label, coefficient_text(metric.r.value), _with_ends(metric.slope), _with_ends(metric.intercept),
            *(_reading(metric, place) for place in range(3)),
        ]
        for metric in drawn
    ]  # fmt: skip
    if lines:
        _table(console, ["metric", "r", "slope", "intercept", "new → old: low", "here", "high"], lines)
    for metric in bridge.metrics:
        if metric.why_not and metric.metric in shown:
            console.print(f"[dim]No line for {metric.label}: {escape(metric.why_not)}.[/]", highlight=False)
    console.print(f"[dim]{escape(bridge.method)} --json has every metric.[/]", highlight=False)


def _reading(metric: MetricBridge, place: int) -> str:
    reading = metric.readings[place]
    ends = ""
    if reading.low is not None and reading.high is not None:
        ends = f" ({number_text(reading.low, metric.unit)}–{number_text(reading.high, metric.unit)})"
    return f"{number_text(reading.new, metric.unit)} → {number_text(reading.old, metric.unit)}{ends}"


def _with_ends(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    ends = "" if figure.low is None or figure.high is None else f" ({_signed(figure.low)} to {_signed(figure.high)})"
    return _signed(figure.value) + ends


def _ends(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return "–"
    return f"{coefficient_text(figure.low)} – {coefficient_text(figure.high)}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _signed(value: float) -> str:
    text = f"{abs(value):.2f}"
    return text if not float(text) else ("−" if value < 0 else "+") + text


def _p(p: float | None) -> str:
    return "–" if p is None else "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def _table(console: "Console", head: list[str], rows: list[list[str]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for place, name in enumerate(head):
        table.add_column(name, justify="right" if place else "left", no_wrap=not place)
    for row in rows:
        table.add_row(*row)
    console.print(table)
