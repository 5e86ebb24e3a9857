"""An old judge and a new one on the same replies: how alike they are, and how scores under the new read against old ones."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.errors import UsageError
from mibench.measures.bootstrap import Values, draw_counts, interval, resample
from mibench.measures.confusion import cells_of, kappa_of
from mibench.measures.moments import bias_of, moments, pearson_of, slope_of
from mibench.schema import Bridge, ColumnBridge, Figure, MetricBridge, Rates, Reading
from mibench.scoring.estimates import Draws, dialogue_sums, summed
from mibench.scoring.metrics import COLUMNS, Metric, proficiency_metric
from mibench.scoring.rows import METRICS_OF
from mibench.scoring.table import RunTable
from mibench.scoring.tally import RATED

if TYPE_CHECKING:
    import numpy as np

ALIKE = 0.3
"""Correlation of dialogues below which no line is drawn: the new judge then says too little of what the old one said."""

METHOD = (
    "old = intercept + slope · new. The line goes through both judges' values on these replies; its slope is the ratio of the "
    "standard deviations of what dialogues make of the metric (jackknife pseudo-values), which keeps the spread of scores "
    "(linear linking, Kolen & Brennan 2014). Intervals are BCa, dialogues resampled whole. It holds for models like those "
    "in these runs: far outside their range it is an extrapolation."
)


class _Both(NamedTuple):
    """What both judges said of the same subjects."""

    old_S_K: "np.ndarray"
    new_S_K: "np.ndarray"
    dialogues: tuple[str, ...]


def bridge(tables: Sequence[tuple[str, RunTable]], old: str, new: str, digests: tuple[str, str], how: Draws) -> Bridge:
    """The bridge from `new` to `old` over runs on one suite, each with its folder's name, read with [old, new] as its judges.

    A dialogue of the suite is resampled with all runs' replies to it. Raises UsageError where the judges rate different
    things or share no subject.
    """
    rates = {kind for _, table in tables for kind in table.rates}
    if len(rates) > 1:
        raise UsageError(
            f"{old} and {new} rate different things ({' and '.join(sorted(rates))}): no bridge joins them."
        )
    both, left_out = _both(tables, old, new)
    kind: Rates = tables[0][1].rates[0]
    metrics = [m for m in METRICS_OF[kind] if _depends(m, kind)]
    if kind == "reply":
        metrics = [proficiency_metric((kind,)), *metrics]
    counts_B_D = draw_counts(len(set(both.dialogues)), *how)
    return Bridge(
        old=old, new=new, old_digest=digests[0], new_digest=digests[1],
        suite=tables[0][1].suite.name,
        runs=tuple(name for name, _ in tables),
        rates=kind,
        subjects=len(both.dialogues),
        left_out=left_out,
        dialogues=len(set(both.dialogues)),
        columns=tuple(_columns(both, kind, counts_B_D)),
        metrics=tuple(_metric(metric, both, counts_B_D) for metric in metrics),
        method=METHOD,
        draws=how.draws,
        seed=how.seed,
    )  # fmt: skip


def _depends(metric: Metric, kind: Rates) -> bool:
    """Whether a judge has a say in it."""
    return any(column in RATED[kind] for column in (*metric.over, *metric.under))


def _both(tables: Sequence[tuple[str, RunTable]], old: str, new: str) -> tuple[_Both, int]:
    import numpy as np

    olds, news, left_out = [], [], 0
    dialogues: list[str] = []
    for _, table in tables:
        (bench,) = table.benches
        place = {tally.facts.name: number for number, tally in enumerate(bench.tallies)}
        first, second = bench.rows([place[old]], bench.by_all_S), bench.rows([place[new]], bench.by_all_S)
        olds.append(first.table_S_K)
        news.append(second.table_S_K)
        dialogues += first.dialogues
        left_out += int((bench.rated_J_S.any(axis=0) & ~bench.by_all_S).sum())
    if not dialogues:
        raise UsageError(f"{old} and {new} have rated nothing in common here.")
    return _Both(np.concatenate(olds), np.concatenate(news), tuple(dialogues)), left_out


def _columns(both: _Both, kind: Rates, counts_B_D: "np.ndarray") -> Iterator[ColumnBridge]:
    """Each thing a judge gives: do the two give it to the same replies?"""
    for name in RATED[kind]:
        if name == "utterances":
            continue
        old, new = (rows[:, COLUMNS.index(name)] for rows in (both.old_S_K, both.new_S_K))
        pair = resample(summed(moments(new, old), both.dialogues), counts_B_D)
        cells = resample(
            summed(cells_of((old >= 0.5).astype(float), (new >= 0.5).astype(float)), both.dialogues), counts_B_D
        )
        decided = Figure(value=None, why_not="globals are no decisions")
        if kind != "dialogue":
            decided = _figure(cells.values(kappa_of), "both judges decide one and the same of every reply")
        yield ColumnBridge(
            of=name, old=round(float(old.mean()), 6), new=round(float(new.mean()), 6), kappa=decided,
            r=_figure(pair.values(pearson_of), "one of the judges never varies"), shift=_figure(pair.values(bias_of)),
        )  # fmt: skip


def _metric(metric: Metric, both: _Both, counts_B_D: "np.ndarray") -> MetricBridge:
    import numpy as np

    old, new = (
        resample(dialogue_sums(rows, both.dialogues), counts_B_D).values(metric.of)
        for rows in (both.old_S_K, both.new_S_K)
    )
    x_D, y_D = new.pseudo_D, old.pseudo_D
    common = {
        "metric": metric.name, "label": metric.label, "unit": metric.unit, "better": metric.better,
        "old": _known(old.whole), "new": _known(new.whole), "dialogues": len(x_D),
    }  # fmt: skip
    nothing = Figure(value=None)
    if np.isnan(old.whole) or np.isnan(new.whole) or np.isnan(x_D).any() or np.isnan(y_D).any():
        why = f"undefined: {metric.undefined}, or as soon as one dialogue is left out"
        return MetricBridge(**common, r=nothing, slope=nothing, intercept=nothing, why_not=why)
    # a common shift loses no digits in the sums of squares and changes neither r nor slope
    pairs = resample(moments(x_D - new.whole, y_D - old.whole), counts_B_D)
    r, slope = pairs.values(pearson_of), pairs.values(slope_of)
    alike = _figure(r, "one of the judges never varies between dialogues")
    if alike.value is None or alike.value < ALIKE:
        why = alike.why_not or f"the judges' dialogues correlate at {alike.value:.2f}; a line needs {ALIKE}"
        return MetricBridge(**common, r=alike, slope=nothing, intercept=nothing, why_not=why)
    spread, (least, most) = float(x_D.std(ddof=1)), _scale(metric.unit)
    return MetricBridge(
        **common,
        r=alike,
        slope=_figure(slope),
        intercept=_figure(_line(old, new, slope, 0.0)),
        readings=tuple(
            _reading(old, new, slope, min(max(new.whole + step * spread, least), most), least, most)
            for step in (-1, 0, 1)
        ),
    )


def _scale(unit: str) -> tuple[float, float]:
    """Ends of a metric's scale."""
    if unit == "1–5":
        return 1.0, 5.0
    return 0.0, 100.0 if "%" in unit or unit == "0–100" else float("inf")


def _line(old: Values, new: Values, slope: Values, at: float) -> Values:
    """The old score that the line gives for a new score of `at`."""
    return Values(
        old.whole + slope.whole * (at - new.whole),
        old.drawn_B + slope.drawn_B * (at - new.drawn_B),
        old.left_out_D + slope.left_out_D * (at - new.left_out_D),
    )


def _reading(old: Values, new: Values, slope: Values, at: float, least: float, most: float) -> Reading:
    """What the line says, kept on the metric's scale."""
    found = _figure(_line(old, new, slope, at))
    assert found.value is not None
    value, low, high = (
        None if end is None else min(max(end, least), most) for end in (found.value, found.low, found.high)
    )
    return Reading(new=round(at, 6), old=value, low=low, high=high)


def _figure(values: Values, why: str = "undefined") -> Figure:
    import numpy as np

    if np.isnan(values.whole):
        return Figure(value=None, why_not=why)
    low, high, why_not = interval(values)
    return Figure(
        value=round(values.whole, 6), low=None if low is None else round(low, 6),
        high=None if high is None else round(high, 6), why_not=why_not,
    )  # fmt: skip


def _known(value: float) -> float | None:
    import math

    return None if math.isnan(value) else round(value, 6)
