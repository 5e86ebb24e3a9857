"""What is left of a difference where both replies to a round are equally long: long replies collect codes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.bootstrap import draw_counts, interval, ratio_of, resample
from mibench.scoring.estimates import Draws, summed
from mibench.scoring.metrics import REPLY_METRICS, Metric, columns

if TYPE_CHECKING:
    import numpy as np


class EqualLength(NamedTuple):
    """The difference at equal length, with its 95 % interval."""

    value: float
    low: float | None
    high: float | None

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low is not None and self.high is not None and self.low * self.high > 0


def equal_length(
    metric: Metric, one_S_K: "np.ndarray", other_S_K: "np.ndarray", dialogues: Sequence[str], how: Draws
) -> EqualLength | None:
    """Intercept of the regression of paired differences within rounds on the difference of log lengths.

    A ratio is linearised first: a round's part in it is R + (over − R·under) / mean(under). Arrays are rows of both runs on
    the same subjects, (subjects, COLUMNS). None for what does not come from replies, and where lengths do not differ.
    """
    import numpy as np

    if metric not in REPLY_METRICS or "characters" in (*metric.over, *metric.under):
        return None
    spoken = (columns(one_S_K, "characters") > 0) & (columns(other_S_K, "characters") > 0)
    if spoken.sum() < 3:
        return None
    names = [name for name, counts in zip(dialogues, spoken, strict=True) if counts]
    one_S, other_S = _parts(metric, one_S_K[spoken], names), _parts(metric, other_S_K[spoken], names)
    longer_S = np.log(columns(one_S_K[spoken], "characters")) - np.log(columns(other_S_K[spoken], "characters"))
    if one_S is None or other_S is None or np.ptp(longer_S) < 1e-9:
        return None
    apart_S = one_S - other_S
    table_S_5 = np.stack([np.ones(len(apart_S)), longer_S, apart_S, longer_S**2, longer_S * apart_S], axis=1)
    sums_D_5 = summed(table_S_5, names)
    values = resample(sums_D_5, draw_counts(len(sums_D_5), *how)).values(_intercept)
    if np.isnan(values.whole):
        return None
    low, high, _ = interval(values)
    return EqualLength(values.whole, low, high)


def _parts(metric: Metric, rows_S_K: "np.ndarray", dialogues: Sequence[str]) -> "np.ndarray | None":
    """Each round's part in the metric, on its scale; their mean is the metric."""
    import numpy as np

    over_S = metric.scale * columns(rows_S_K, *metric.over)
    if metric.under == ("dialogues",):
        return over_S * len(rows_S_K) / len(set(dialogues))
    under_S = columns(rows_S_K, *metric.under)
    if under_S.sum() <= 0:
        return None
    ratio = over_S.sum() / under_S.sum()
    return np.asarray(ratio + (over_S - ratio * under_S) / under_S.mean())


def _intercept(sums_X_5: "np.ndarray") -> "np.ndarray":
    n, x, y, xx, xy = sums_X_5.T
    return ratio_of(xx * y - x * xy, n * xx - x * x)
