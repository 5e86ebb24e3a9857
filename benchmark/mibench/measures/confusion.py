"""Agreement from tables of who said what, many tables at once. Undefined is NaN."""

from typing import TYPE_CHECKING

from mibench.measures.bootstrap import ratio_of

if TYPE_CHECKING:
    import numpy as np


def kappa_of(tables_N_CC: "np.ndarray") -> "np.ndarray":
    """Cohen's κ (1960) of each row, a square table of C × C counts written out row by row, an array (N).

    NaN where a table is empty, or both say one and the same thing throughout: chance agreement is then 1.
    """
    import numpy as np

    classes = round(tables_N_CC.shape[1] ** 0.5)
    tables = tables_N_CC.reshape(-1, classes, classes)
    total = tables.sum(axis=(1, 2))
    agree = ratio_of(np.trace(tables, axis1=1, axis2=2), total)
    chance = ratio_of((tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1), total**2)
    return ratio_of(agree - chance, 1 - chance)


def precision_of(cells_N_4: "np.ndarray") -> "np.ndarray":
    """Share of what was given that is true. Cells: neither, given only, true only, both."""
    return ratio_of(cells_N_4[:, 3], cells_N_4[:, 3] + cells_N_4[:, 1])


def recall_of(cells_N_4: "np.ndarray") -> "np.ndarray":
    """Share of what is true that was given. Cells as in `precision_of`."""
    return ratio_of(cells_N_4[:, 3], cells_N_4[:, 3] + cells_N_4[:, 2])


def f1_of(cells_N_4: "np.ndarray") -> "np.ndarray":
    """Harmonic mean of precision and recall. Cells as in `precision_of`."""
    return ratio_of(2 * cells_N_4[:, 3], 2 * cells_N_4[:, 3] + cells_N_4[:, 1] + cells_N_4[:, 2])


def cells_of(truth_I: "np.ndarray", given_I: "np.ndarray", classes: int = 2) -> "np.ndarray":
    """Array (items, classes²): a 1 in the cell of each item, truth × given; no 1 where either is NaN.

    For two classes the cells are neither, given only, true only, both.
    """
    import numpy as np

    known = ~(np.isnan(truth_I) | np.isnan(given_I))
    cells = np.zeros((len(truth_I), classes**2))
    place = np.where(known, np.nan_to_num(truth_I) * classes + np.nan_to_num(given_I), 0).astype(int)
    cells[np.arange(len(cells)), place] = known
    return cells


def alpha_sums(votes_R_I: "np.ndarray") -> "np.ndarray":
    """What `alpha_of` needs of votes (raters, items), each 0, 1 or NaN where not given: an array (items, 3)."""
    import numpy as np

    votes = (~np.isnan(votes_R_I)).sum(axis=0).astype(float)
    yes = np.nansum(votes_R_I, axis=0)
    paired = votes >= 2
    split = ratio_of(yes * (votes - yes), np.where(paired, votes - 1, 0))
    return np.where(paired[:, None], np.stack([votes, yes, np.nan_to_num(split)], axis=1), 0.0)


def alpha_of(sums_N_3: "np.ndarray") -> "np.ndarray":
    """Krippendorff's α of yes-or-no votes (2019, Content Analysis, ch. 12) from sums of `alpha_sums`, an array (N)."""
    votes, yes, split = sums_N_3.T
    return 1 - ratio_of((votes - 1) * split, yes * (votes - yes))
