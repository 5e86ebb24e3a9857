"""Shares as bars, lengths as a histogram: SVG text that fits any width."""

from collections.abc import Sequence
from math import ceil
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

from mibench.publishing.numbers import interval_text, value_text
from mibench.publishing.svg import Beside
from mibench.publishing.terms import KIND_OF
from mibench.schema import CODES, Code, Estimate, Scores

if TYPE_CHECKING:
    from markupsafe import Markup

BINS = 16


class Bar(NamedTuple):
    """The share of replies with one code."""

    code: Code
    kind: str
    share: str
    interval: str
    beside: tuple[tuple[str, str], ...]
    """(name, share) of each other row."""
    picture: "Markup"


class Lengths(NamedTuple):
    """How long replies are, in characters."""

    middle: int
    low: int
    """A twentieth is shorter."""
    high: int
    """A twentieth is longer."""
    reference: int
    """Median of the authored replies to the same rounds."""
    longest: int
    """Where the axis ends; what is longer stands in the last bin."""
    picture: "Markup"


def code_bars(scores: Scores, rows: Sequence[Beside]) -> list[Bar]:
    """A bar a code, in the order of kinds, on one axis; `rows` are the others beside it."""
    found = [(code, scores[f"rate_{code.lower()}"]) for code in sorted(CODES, key=list(KIND_OF).index)]
    others = {code: [(row.name, other) for row in rows if (other := row.estimate(e))] for code, e in found}
    ends = [e.high if e.high is not None else e.value or 0 for _, e in found]
    ends += [other.value or 0 for each in others.values() for _, other in each]
    top = min(100, ceil(max([*ends, 10]) / 10) * 10)
    return [
        Bar(
            code, KIND_OF[code], value_text(e), interval_text(e),
            tuple((name, value_text(other)) for name, other in others[code]),
            _bar(KIND_OF[code], e, [other.value for _, other in others[code]], top),
        )
        for code, e in found
    ]  # fmt: skip


def _bar(kind: str, estimate: Estimate, others: Sequence[float | None], top: float) -> "Markup":
    from markupsafe import Markup

    def x(value: float) -> str:
        return f"{round(100 * min(value, top) / top, 2)}%"

    marks: list[str] = []
    if estimate.value is not None:
        marks.append(f'<rect class="bar" width="{x(estimate.value)}" y="4" height="14" rx="2"/>')
    if estimate.low is not None and estimate.high is not None:
        marks.append(f'<line class="whisker" x1="{x(estimate.low)}" x2="{x(estimate.high)}" y1="11" y2="11"/>')
    marks += [f'<line class="tickmark" x1="{x(v)}" x2="{x(v)}" y1="1" y2="21"/>' for v in others if v is not None]
    return Markup(f'<svg class="bars {kind}" height="22" aria-hidden="true">{"".join(marks)}</svg>')  # noqa: S704 - numbers only


def lengths(own: Sequence[str], reference: Sequence[str]) -> Lengths | None:
    """The lengths of replies beside those of the authored ones; None without replies."""
    ours, theirs = ([len(text.strip()) for text in texts] for texts in (own, reference))
    if not ours:
        return None
    cuts = quantiles(ours, n=20, method="inclusive") if len(ours) > 1 else ours * 19
    step = max(5, ceil(1.3 * max(cuts[-1], max(theirs, default=0)) / BINS / 5) * 5)
    return Lengths(
        round(median(ours)), round(cuts[0]), round(cuts[-1]), round(median(theirs or ours)), step * BINS,
        _histogram(ours, theirs, step),
    )  # fmt: skip


def _histogram(ours: Sequence[int], theirs: Sequence[int], step: int) -> "Markup":
    from markupsafe import Markup

    def heights(values: Sequence[int]) -> list[float]:
        bins = [min(value // step, BINS - 1) for value in values]
        return [bins.count(n) / max(1, len(values)) for n in range(BINS)]

    mine, other = heights(ours), heights(theirs)
    top, width = max([*mine, *other]), 100 / BINS
    marks = ['<line class="axis" x1="0" x2="100%" y1="119.5" y2="119.5"/>']
    for n, height in enumerate(mine):
        tall = round(110 * height / top, 1)
        marks.append(
            f'<rect class="bar" x="{n * width + 0.3:.2f}%" width="{width - 0.6:.2f}%" y="{119 - tall}" height="{tall}"/>'
        )
    for n, height in enumerate(other):
        y = round(119 - 110 * height / top, 1)
        marks.append(f'<line class="outline" x1="{n * width:.2f}%" x2="{(n + 1) * width:.2f}%" y1="{y}" y2="{y}"/>')
    return Markup(f'<svg class="histogram" height="120" aria-hidden="true">{"".join(marks)}</svg>')  # noqa: S704 - numbers only
