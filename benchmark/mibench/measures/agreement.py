"""How alike several ratings of the same subjects are. Undefined is None, never 0."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np


def krippendorff_alpha(
    ratings_J_S: "np.ndarray", level: Literal["nominal", "ordinal", "interval"] = "interval"
) -> float | None:
    """Krippendorff's α (2019, Content Analysis, ch. 12) of an array (judges, subjects); NaN is a rating not given.

    1 is perfect, 0 is chance. None where fewer than two subjects have two ratings, or nothing varies.
    """
    import numpy as np

    given = ~np.isnan(ratings_J_S)
    pairable = given.sum(axis=0) >= 2
    if pairable.sum() < 2 or len(np.unique(ratings_J_S[:, pairable][given[:, pairable]])) < 2:
        return None
    if level == "interval":
        return _interval_alpha(ratings_J_S[:, pairable])
    import krippendorff

    return float(krippendorff.alpha(reliability_data=ratings_J_S, level_of_measurement=level))


def _interval_alpha(ratings_J_S: "np.ndarray") -> float:
    """1 − observed / expected squared difference of pairs, from sums: the library wants subjects × values² of memory."""
    import numpy as np

    given_S = (~np.isnan(ratings_J_S)).sum(axis=0)
    values_J_S = ratings_J_S - np.nanmean(ratings_J_S)  # centred: the sums of squares below lose nothing
    within_S = given_S * np.nansum(values_J_S**2, axis=0) - np.nansum(values_J_S, axis=0) ** 2
    values = given_S.sum()
    observed = (within_S / (given_S - 1)).sum() / values
    expected = (values * np.nansum(values_J_S**2) - np.nansum(values_J_S) ** 2) / (values * (values - 1))
    return float(1 - observed / expected)


def icc_single(ratings_S_R: "np.ndarray") -> float | None:
    """ICC(2,1) of an array (subjects, raters): two-way random effects, absolute agreement, a single rater.

    Shrout & Fleiss (1979), Psychological Bulletin 86, table 4. Subjects with a NaN are left out. None where fewer than
    two subjects or raters remain, or nothing varies.
    """
    import numpy as np

    table = ratings_S_R[~np.isnan(ratings_S_R).any(axis=1)]
    subjects, raters = table.shape
    if subjects < 2 or raters < 2:
        return None
    mean = table.mean()
    between_subjects = raters * ((table.mean(axis=1) - mean) ** 2).sum() / (subjects - 1)
    between_raters = subjects * ((table.mean(axis=0) - mean) ** 2).sum() / (raters - 1)
    rest = ((table - mean) ** 2).sum() - between_subjects * (subjects - 1) - between_raters * (raters - 1)
    error = max(0.0, rest) / ((subjects - 1) * (raters - 1))
    below = between_subjects + (raters - 1) * error + raters * (between_raters - error) / subjects
    return float((between_subjects - error) / below) if below > 1e-12 else None


def spread_within(ratings_S_R: "np.ndarray") -> float | None:
    """Mean standard deviation (n − 1) within a subject; subjects with fewer than two ratings are left out."""
    import numpy as np

    several = ratings_S_R[(~np.isnan(ratings_S_R)).sum(axis=1) >= 2]
    return float(np.nanstd(several, axis=1, ddof=1).mean()) if len(several) else None


def fleiss_kappa(counts_S_C: "np.ndarray") -> float | None:
    """Fleiss' κ (1971), Psychological Bulletin 76, of an array (subjects, classes): how many raters chose each class.

    None where there is no subject, where subjects differ in their number of raters (Krippendorff's α is for these), or
    where all raters choose one class throughout.
    """
    raters = counts_S_C.sum(axis=1)
    if not len(raters) or (raters != raters[0]).any() or raters[0] < 2:
        return None
    agree = ((counts_S_C**2).sum(axis=1) - raters) / (raters * (raters - 1))
    chance = float(((counts_S_C.sum(axis=0) / counts_S_C.sum()) ** 2).sum())
    return float((agree.mean() - chance) / (1 - chance)) if chance < 1 - 1e-12 else None


def quadratic_kappa(first: "np.ndarray", second: "np.ndarray", low: int = 1, high: int = 5) -> float | None:
    """Cohen's κ with quadratic weights of whole ratings from `low` to `high`. None where nothing varies."""
    import numpy as np
    from sklearn.metrics import cohen_kappa_score

    if not len(first) or len(np.unique(np.concatenate([first, second]))) < 2:
        return None
    return float(cohen_kappa_score(first, second, weights="quadratic", labels=list(range(low, high + 1))))
