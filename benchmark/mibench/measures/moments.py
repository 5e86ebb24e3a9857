"""Statistics of two measurements of the same subjects that are functions of sums, many resamples at once. NaN is undefined."""

from typing import TYPE_CHECKING

from mibench.measures.bootstrap import ratio_of

if TYPE_CHECKING:
    import numpy as np


def moments(x_S: "np.ndarray", y_S: "np.ndarray") -> "np.ndarray":
    """Array (subjects, 6): 1, x, y, x², y², xy. Subjects with a NaN are rows of zeros.

    Take a common shift off both beforehand where values are large: sums of squares lose digits.
    """
    import numpy as np

    known = ~(np.isnan(x_S) | np.isnan(y_S))
    x, y = np.where(known, x_S, 0.0), np.where(known, y_S, 0.0)
    return np.stack([known.astype(float), x, y, x * x, y * y, x * y], axis=1)


def pearson_of(sums_N_6: "np.ndarray") -> "np.ndarray":
    """Pearson's r from sums of `moments`, an array (N); NaN below three subjects, for two always lie on a line."""
    import numpy as np

    n, x, y, xx, yy, xy = sums_N_6.T
    spread = _spread(n, x, xx) * _spread(n, y, yy)
    return np.asarray(np.clip(ratio_of(n * xy - x * y, np.where(n >= 3, np.sqrt(spread), 0.0)), -1, 1))


def slope_of(sums_N_6: "np.ndarray") -> "np.ndarray":
    """Slope of the line from x to y that keeps the standard deviation, sd(y) / sd(x), an array (N); NaN below three subjects.

    Linear linking (Kolen & Brennan 2014, Test Equating, Scaling, and Linking, §2.2): unlike a regression's, the slope is not
    pulled towards 0 by noise in x, and the line from y to x is its inverse.
    """
    import numpy as np

    n, x, y, xx, yy, _ = sums_N_6.T
    under = np.where(n >= 3, _spread(n, x, xx), 0.0)
    return np.asarray(np.sqrt(ratio_of(_spread(n, y, yy), under)))


def _spread(n: "np.ndarray", x: "np.ndarray", xx: "np.ndarray") -> "np.ndarray":
    """n² times the variance; 0 where it is no more than what rounding leaves of a constant."""
    import numpy as np

    spread = n * xx - x * x
    return np.where(spread > 1e-10 * n * xx, spread, 0.0)


def icc_of(sums_N_6: "np.ndarray") -> "np.ndarray":
    """ICC(2,1) of two raters from sums of `moments`, an array (N); `agreement.icc_single` has the source."""
    import numpy as np

    n, x, y, xx, yy, xy = sums_N_6.T
    enough = n >= 2
    n = np.where(enough, n, 2.0)
    mean = (x + y) / (2 * n)
    subjects = (xx + 2 * xy + yy) / 2 - 2 * n * mean**2
    raters = (x**2 + y**2) / n - 2 * n * mean**2
    rest = np.maximum(xx + yy - 2 * n * mean**2 - subjects - raters, 0)
    between_subjects, between_raters, error = subjects / (n - 1), raters, rest / (n - 1)
    below = between_subjects + error + 2 * (between_raters - error) / n
    return ratio_of(between_subjects - error, np.where(enough, below, 0.0))


def bias_of(sums_N_6: "np.ndarray") -> "np.ndarray":
    """Mean of x − y from sums of `moments`, an array (N)."""
    return ratio_of(sums_N_6[:, 1] - sums_N_6[:, 2], sums_N_6[:, 0])
