"""What a model does when: codes by what the client has just said and by the place in the dialogue."""

from typing import Literal, NamedTuple

from mibench.publishing.numbers import number_text
from mibench.publishing.terms import KIND_OF
from mibench.schema import CODES, Scores

CUTS: dict[str, tuple[str, ...]] = {
    "client talk before": ("sustain", "change", "both", "neutral"),
    "the client": ("asks for advice", "is angry", "shows a danger"),
    "place in the dialogue": ("first third", "middle third", "last third"),
}
"""Slice → its parts, in the order of columns."""


class Cell(NamedTuple):
    """One metric in one situation."""

    text: str
    share: float
    """0–1, for the shade; 0 where the metric is no share."""
    apart: Literal["above", "below", ""]
    """Whether the interval lies wholly above or below the run's own value."""


class Line(NamedTuple):
    """One metric in all situations."""

    metric: str
    code: str
    """Empty where it is about no code."""
    kind: str
    cells: tuple[Cell, ...]


class Situations(NamedTuple):
    """The matrix; its first column is all replies."""

    groups: tuple[tuple[str, int], ...]
    """(slice, number of columns)."""
    columns: tuple[tuple[str, int], ...]
    """(part, replies in it)."""
    lines: tuple[Line, ...]

    @property
    def starts(self) -> set[int]:
        """Columns where a slice begins."""
        return {1 + sum(count for _, count in self.groups[:n]) for n in range(len(self.groups))}


def situations(scores: Scores) -> Situations | None:
    """The matrix of codes; None where no reply was rated or scores.json is older than these slices."""
    found = {(part.by, part.value): part for part in scores.slices if part.rates == "reply"}
    parts = [found[by, value] for by, values in CUTS.items() for value in values if (by, value) in found]
    jury = scores.jury("reply")
    if not parts or jury is None:
        return None
    by_metric = [{estimate.metric: estimate for estimate in part.estimates} for part in parts]

    def line(metric: str, code: str = "") -> Line:
        whole = scores[metric].value
        cells = [_cell(scores[metric].value, None, None, whole, scores[metric].unit)]
        cells += [_cell(e.value, e.low, e.high, whole, e.unit) for e in (each[metric] for each in by_metric)]
        return Line(metric, code, KIND_OF[code] if code else "", tuple(cells))  # type: ignore[index]

    groups = [(by, sum(part.by == by for part in parts)) for by in CUTS]
    codes = [line(f"rate_{code.lower()}", code) for code in sorted(CODES, key=list(KIND_OF).index)]
    return Situations(
        tuple((by, count) for by, count in groups if count),
        (("all_replies", jury.rated), *((f"s.{part.value}", part.rounds) for part in parts)),
        (*codes, line("characters")),
    )


def _cell(value: float | None, low: float | None, high: float | None, whole: float | None, unit: str) -> Cell:
    if value is None:
        return Cell("–", 0.0, "")
    apart: Literal["above", "below", ""] = ""
    if low is not None and high is not None and whole is not None and low < high:
        apart = "above" if low > whole else "below" if high < whole else ""
    if unit != "% of replies":
        return Cell(number_text(value, unit).partition(".")[0], 0.0, apart)
    return Cell(f"{value:.0f}", min(1.0, value / 100), apart)
