"""Intervals by resampling dialogues: rounds of one dialogue are not independent, so a dialogue is drawn whole.

BCa intervals (Efron 1987; Efron & Tibshirani 1993, §14.3) for ratios of sums and their differences, with the levels
expanded for few dialogues (Hesterberg 2015, The American Statistician 69, §4.3). A resample is a vector of how often each
dialogue was drawn, so 10,000 resamples are one matrix product.
"""

from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """Ends of the interval, or why there is none."""

    low: float | None
    high: float | None
    why_not: str = ""


@lru_cache(maxsize=1)
def draw_counts(dialogues: int, draws: int, seed: int) -> "np.ndarray":
    """Array (draws, dialogues): how often each dialogue is drawn in each resample of `dialogues` with replacement.

    The last one is kept, for each of many judges and slices asks for the same; it cannot be written to.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    counts_B_D = rng.multinomial(dialogues, np.full(dialogues, 1 / dialogues), size=draws).astype(np.float64)
    counts_B_D.flags.writeable = False
    return counts_B_D


class Values(NamedTuple):
    """A statistic of all dialogues, of each resample, and with each dialogue left out; NaN where it is undefined."""

    whole: float
    drawn_B: "np.ndarray"
    left_out_D: "np.ndarray"

    def minus(self, other: "Values") -> "Values":
        """The difference of two statistics on the same resamples."""
        return Values(self.whole - other.whole, self.drawn_B - other.drawn_B, self.left_out_D - other.left_out_D)

    @property
    def pseudo_D(self) -> "np.ndarray":
        """Jackknife pseudo-values: what each dialogue would make of the statistic by itself."""
        dialogues = len(self.left_out_D)
        return dialogues * self.whole - (dialogues - 1) * self.left_out_D


class Resamples(NamedTuple):
    """Column sums over all dialogues, over each resample of dialogues, and over all but each dialogue."""

    whole_1_K: "np.ndarray"
    drawn_B_K: "np.ndarray"
    left_out_D_K: "np.ndarray"

    def values(self, statistic: "Callable[[np.ndarray], np.ndarray]") -> Values:
        """`statistic` takes column sums, an array (n, columns), and returns n values, NaN where it is undefined."""
        return Values(float(statistic(self.whole_1_K)[0]), statistic(self.drawn_B_K), statistic(self.left_out_D_K))


def resample(sums_D_K: "np.ndarray", counts_B_D: "np.ndarray") -> Resamples:
    """All that intervals of statistics of `sums_D_K`, each dialogue's column sums, need; one matrix product."""
    whole_1_K = sums_D_K.sum(axis=0, keepdims=True)
    return Resamples(whole_1_K, counts_B_D @ sums_D_K, whole_1_K - sums_D_K)


def interval(values: Values) -> Interval:
    """95 % interval of a statistic or of a difference.

    When more than one resample in twenty is undefined, there is no interval, and the reason is said.
    """
    import numpy as np

    dialogues = len(values.left_out_D)
    if dialogues < 2:
        return Interval(None, None, "an interval needs at least two dialogues")
    if np.isnan(values.whole):
        return Interval(None, None, "undefined")
    kept = ~np.isnan(values.drawn_B)
    if kept.mean() < CONFIDENCE:
        return Interval(None, None, "too few rounds with what the ratio divides by")
    drawn_B = values.drawn_B[kept]
    if drawn_B.max() - drawn_B.min() <= 1e-12 * max(1.0, abs(values.whole)):
        return Interval(values.whole, values.whole)
    left_out_D = values.left_out_D[~np.isnan(values.left_out_D)]
    if not len(left_out_D):
        return Interval(None, None, "undefined as soon as one of the dialogues is left out")
    low, high = np.quantile(drawn_B, _bca_levels(values.whole, drawn_B, left_out_D, dialogues))
    return Interval(float(low), float(high))


def detectable(values: Values, power: float = 0.8) -> float | None:
    """Smallest difference to another run, as variable as this one, that is found at 5 % with this probability.

    Runs are taken as independent, which on the same dialogues is the cautious side. None where it is undefined.
    """
    error = standard_error(values)
    return None if error is None else standard_errors(len(values.left_out_D), power) * error * 2**0.5


def standard_error(values: Values) -> float | None:
    """By the jackknife over dialogues (Efron & Tibshirani 1993, §11.2). None where it is undefined."""
    import numpy as np

    pseudo_D = values.pseudo_D
    if len(pseudo_D) < 2 or np.isnan(values.whole) or np.isnan(pseudo_D).any():
        return None
    return float(pseudo_D.std(ddof=1) / len(pseudo_D) ** 0.5)


def standard_errors(dialogues: int, power: float) -> float:
    """How many standard errors a difference must be away from 0 to be found: two-sided, 5 %, Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(dialogues - 1, (1 + CONFIDENCE) / 2) + stdtrit(dialogues - 1, power))


def ratio_interval(over_D: "np.ndarray", under_D: "np.ndarray", counts_B_D: "np.ndarray") -> Interval:
    """95 % interval of Σover / Σunder, given each dialogue's sums and `draw_counts`."""
    import numpy as np

    sums = resample(np.stack([over_D, under_D], axis=1), counts_B_D)
    return interval(sums.values(lambda table: ratio_of(table[:, 0], table[:, 1])))


@lru_cache
def expanded_tail(dialogues: int) -> float:
    """Share of each tail so that a percentile interval of few dialogues is as wide as Student's t would make it."""
    from scipy.special import stdtrit  # Student's t quantile; scipy.stats takes a second to import

    width = (dialogues / (dialogues - 1)) ** 0.5 * float(stdtrit(dialogues - 1, (1 + CONFIDENCE) / 2))
    return max(1e-6, NormalDist().cdf(-width))


def ratio_of(over_X: "np.ndarray", under_X: "np.ndarray") -> "np.ndarray":
    """Over / under; NaN where under is not above 0."""
    import numpy as np

    return np.asarray(np.divide(over_X, under_X, out=np.full(over_X.shape, np.nan), where=under_X > 1e-12))


def _bca_levels(value: float, draws_B: "np.ndarray", jackknife_D: "np.ndarray", dialogues: int) -> tuple[float, float]:
    """Quantile levels corrected for bias (ties count half) and acceleration."""
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

    tail = expanded_tail(dialogues)
    return level(tail), level(1 - tail)
