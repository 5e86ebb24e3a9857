"""Profiles as pictures: one metric of several rows, each a point with its interval on a common axis.

Pictures are SVG text: no library, no network, colours from the page. Places on an axis are in per cent, so that a picture
fits any width without its letters growing or shrinking.
"""

from collections.abc import Collection, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple

from mibench.publishing.numbers import interval_text, value_text
from mibench.schema import FAIR_AND_GOOD, Estimate, Scores

if TYPE_CHECKING:
    from markupsafe import Markup

Kind = Literal["own", "other", "anchor", "human"]
Row = Scores | Mapping[str, Estimate] | Mapping[str, float | None]
"""What can stand beside a run: another run's scores, or by metric estimates, or values without intervals."""

SHAPES = {
    "own": '<circle r="6"/>',
    "other": '<path d="M-5.5-5.5 5.5 5.5M-5.5 5.5 5.5-5.5"/>',
    "anchor": '<rect x="-4.5" y="-4.5" width="9" height="9"/>',
    "human": '<path d="M0-6.5 6.5 0 0 6.5-6.5 0z"/>',
}
"""Kind of row → its mark: told apart by shape, not by colour alone."""


class Beside(NamedTuple):
    """A row of a plot."""

    name: str
    kind: Kind
    row: Row

    @property
    def names(self) -> Collection[str]:
        """The metrics it has."""
        return [e.metric for e in self.row.estimates] if isinstance(self.row, Scores) else self.row.keys()

    def own(self, metric: str) -> Estimate | float | None:
        """What the row has of `metric`."""
        if isinstance(self.row, Scores):
            return self.row[metric] if self.row.has(metric) else None
        return self.row.get(metric)

    def estimate(self, like: Estimate) -> Estimate | None:
        """The row's value of the metric that `like` is about; None if it has none."""
        found = self.own(like.metric)
        if isinstance(found, Estimate) or like.metric not in self.names:
            return found if isinstance(found, Estimate) else None
        same = {name: getattr(like, name) for name in ("metric", "label", "unit", "better")}
        return Estimate(**same, value=found)


class Places(NamedTuple):
    """Of a row on the axis, in per cent of it."""

    low: float | None
    """Where the interval begins."""
    at: float | None
    """The value."""
    high: float | None
    """Where the interval ends."""


class Track(NamedTuple):
    """One row, drawn."""

    name: str
    kind: Kind
    value: str
    interval: str
    places: Places
    picture: "Markup"


class Plot(NamedTuple):
    """One metric of all rows."""

    own: Estimate
    tracks: tuple[Track, ...]
    bottom: float
    top: float
    levels: tuple[tuple[str, float, float], ...]
    """(`fair` or `good`, the threshold, its place on the axis in per cent)."""


def plot(metric: str, rows: Sequence[Beside]) -> Plot:
    """`metric` of each row; one has an estimate of it, rows without it are left out."""
    own = next(own for row in rows if isinstance(own := row.own(metric), Estimate))
    found = [(row, estimate) for row in rows if (estimate := row.estimate(own)) is not None]
    thresholds = FAIR_AND_GOOD.get(metric, (50.0, 100.0) if metric == "proficiency" else ())
    ends = [e.high if e.high is not None else e.value for _, e in found]
    bottom, top = axis(own.unit, [*ends, *thresholds])
    levels = tuple(
        (name, level, _place(level, bottom, top)) for name, level in zip(("fair", "good"), thresholds, strict=False)
    )
    at = [place for _, _, place in levels]
    tracks = tuple(
        Track(row.name, row.kind, value_text(e), interval_text(e), places, _track(row.kind, places, at))
        for row, e in found
        for places in [_places(e, bottom, top)]
    )
    return Plot(own, tracks, bottom, top, levels)


def axis(unit: str, values: Sequence[float | None]) -> tuple[float, float]:
    """Where an axis begins and ends: whole scales as they are, the rest from 0 to a round number above all `values`."""
    if unit == "1–5":
        return 1.0, 5.0
    if unit in {"%", "0–100", "% of risks"}:
        return 0.0, 100.0
    largest = max((value for value in values if value is not None), default=0.0)
    if largest <= 0:
        return 0.0, 1.0
    step = 10 ** (len(str(int(largest))) - 1) / 2 if largest >= 1 else 0.1
    return 0.0, float(ceil(largest * 1.02 / step) * step)


def _place(value: float, bottom: float, top: float) -> float:
    return round(100 * min(max((value - bottom) / (top - bottom), 0.0), 1.0), 2)


def _places(e: Estimate, bottom: float, top: float) -> Places:
    return Places(*(None if end is None else _place(end, bottom, top) for end in (e.low, e.value, e.high)))


def _track(kind: Kind, places: Places, levels: Sequence[float]) -> "Markup":
    from markupsafe import Markup

    low, at, high = places
    marks = [f'<line class="threshold" x1="{level}%" x2="{level}%" y1="0" y2="26"/>' for level in levels]
    marks.append('<line class="axis" x1="0" x2="100%" y1="13" y2="13"/>')
    if low is not None and high is not None:
        marks.append(f'<line class="interval" x1="{low}%" x2="{high}%" y1="13" y2="13"/>')
    if at is not None:
        marks.append(f'<svg class="mark" x="{at}%" y="13">{SHAPES[kind]}</svg>')
    return Markup(f'<svg class="track {kind}" height="26" aria-hidden="true">{"".join(marks)}</svg>')  # noqa: S704 - numbers only
