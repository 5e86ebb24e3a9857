"""Intervals by resampling dialogues: rounds of one dialogue are not independent, so a dialogue is drawn whole.

BCa intervals (Efron 1987; Efron & Tibshirani 1993, §14.3) for ratios of sums, all metrics at once: a resample is a
vector of how often each dialogue was drawn, so 10,000 resamples are one matrix product.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """Ends of the interval, or why there is none."""

    low: float | None
    high: float | None
    why_not: str = ""


def draw_counts(dialogues: int, draws: int, seed: int) -> "np.ndarray":
    """Array (draws, dialogues): how often each dialogue is drawn in each resample of `dialogues` with replacement."""
    import numpy as np

    rng = np.random.default_rng(seed)
    return rng.multinomial(dialogues, np.full(dialogues, 1 / dialogues), size=draws).astype(np.float64)


def ratio_interval(over_D: "np.ndarray", under_D: "np.ndarray", counts_B_D: "np.ndarray") -> Interval:
    """95 % BCa interval of Σover / Σunder, given each dialogue's sums and `draw_counts`.

    A resample whose denominator is zero has no ratio; when more than one in twenty has none, there is no interval.
    """
    import numpy as np

    dialogues = len(over_D)
    if dialogues < 2:
        return Interval(None, None, "an interval needs at least two dialogues")
    if under_D.sum() == 0:
        return Interval(None, None, "undefined")
    value = over_D.sum() / under_D.sum()
    above_B, below_B = counts_B_D @ over_D, counts_B_D @ under_D
    kept = below_B > 0
    if kept.mean() < CONFIDENCE:
        return Interval(None, None, "too few rounds with what the ratio divides by")
    draws_B = above_B[kept] / below_B[kept]
    spread = draws_B.max() - draws_B.min()
    if spread <= 1e-12 * max(1.0, abs(value)):
        return Interval(float(value), float(value))
    low, high = np.quantile(draws_B, _bca_levels(value, draws_B, _jackknife(over_D, under_D)))
    return Interval(float(low), float(high))


def _jackknife(over_D: "np.ndarray", under_D: "np.ndarray") -> "np.ndarray":
    """The ratio with each dialogue left out in turn; left out where that has no denominator."""
    below_D = under_D.sum() - under_D
    kept = below_D > 0
    return (over_D.sum() - over_D)[kept] / below_D[kept]  # type: ignore[no-any-return]


def _bca_levels(value: float, draws_B: "np.ndarray", jackknife_D: "np.ndarray") -> tuple[float, float]:
    """Quantile levels corrected for bias (ties count half) and acceleration."""
    from statistics import NormalDist

    normal = NormalDist()
    share = ((draws_B < value).mean() + (draws_B <= value).mean()) / 2
    share = min(max(share, 0.5 / len(draws_B)), 1 - 0.5 / len(draws_B))
    bias = normal.inv_cdf(float(share))
    away_D = jackknife_D.mean() - jackknife_D
    scale = float((away_D**2).sum())
    acceleration = float((away_D**3).sum()) / (6 * scale**1.5) if scale > 0 else 0.0

    def level(nominal: float) -> float:
        z = bias + normal.inv_cdf(nominal)
        return normal.cdf(bias + z / (1 - acceleration * z)) if acceleration * z < 1 else float(nominal > 0.5)

    return level((1 - CONFIDENCE) / 2), level((1 + CONFIDENCE) / 2)
