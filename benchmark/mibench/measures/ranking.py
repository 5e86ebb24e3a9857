"""How well a measure tells two kinds of subjects apart, with subjects drawn in groups."""

from typing import TYPE_CHECKING

from mibench.measures.bootstrap import Values, ratio_of

if TYPE_CHECKING:
    import numpy as np


def auc_values(
    high_H: "np.ndarray", low_L: "np.ndarray", weights_H: "np.ndarray", weights_L: "np.ndarray"
) -> "np.ndarray":
    """Area under the ROC curve: how often a subject of the first kind has the larger value, ties half; an array (N).

    `weights_H` (N, H) and `weights_L` (N, L) say how often each subject is drawn. NaN where a kind is not drawn.
    """
    import numpy as np

    above_H_L = (high_H[:, None] > low_L[None, :]) + 0.5 * (high_H[:, None] == low_L[None, :])
    won_N = ((weights_H @ above_H_L) * weights_L).sum(axis=1)
    return np.asarray(ratio_of(won_N, weights_H.sum(axis=1) * weights_L.sum(axis=1)))


def auc(values_S: "np.ndarray", high_S: "np.ndarray", group_S: "np.ndarray", counts_B_G: "np.ndarray") -> Values:
    """AUC over all subjects, over each resample of groups, and with each group left out.

    `high_S` says which subjects are of the first kind, `group_S` the group of each, `counts_B_G` how often each is drawn.
    """
    import numpy as np

    def with_counts(counts_N_G: "np.ndarray") -> "np.ndarray":
        weights = counts_N_G[:, group_S]
        return auc_values(values_S[high_S], values_S[~high_S], weights[:, high_S], weights[:, ~high_S])

    groups = counts_B_G.shape[1]
    whole = with_counts(np.ones((1, groups)))
    return Values(float(whole[0]), with_counts(counts_B_G), with_counts(1 - np.eye(groups)))
