"""Is a difference between two runs on the same dialogues real?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mibench.measures.bootstrap import Values

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np


def permutation_p(
    statistic: "Callable[[np.ndarray], np.ndarray]",
    one_D_K: "np.ndarray",
    other_D_K: "np.ndarray",
    swaps_P_D: "np.ndarray",
) -> float | None:
    """Two-sided p-value of statistic(one) − statistic(other) when whole dialogues are swapped between them at random.

    Arrays hold each dialogue's column sums; `statistic` as in `bootstrap.Resamples.values`; `swaps_P_D` from `draw_swaps`.
    The observed arrangement counts as one (Phipson & Smyth 2010), so p is never 0. None where the statistic is undefined
    in the data or in more than one in twenty arrangements.
    """
    import numpy as np

    def away(one_X_K: "np.ndarray", other_X_K: "np.ndarray") -> "np.ndarray":
        return np.abs(statistic(one_X_K) - statistic(other_X_K))  # type: ignore[no-any-return]

    whole_one, whole_other = one_D_K.sum(axis=0, keepdims=True), other_D_K.sum(axis=0, keepdims=True)
    observed = float(away(whole_one, whole_other)[0])
    if np.isnan(observed):
        return None
    moved_P_K = swaps_P_D @ (other_D_K - one_D_K)
    away_P = away(whole_one + moved_P_K, whole_other - moved_P_K)
    defined = ~np.isnan(away_P)
    if defined.mean() < 0.95:
        return None
    reached = int((away_P[defined] >= observed * (1 - 1e-9) - 1e-12).sum())
    return (1 + reached) / (1 + int(defined.sum()))


def sign_flip_p(
    pseudo_N_D: "np.ndarray", pairs: Sequence[tuple[int, int]], swaps_P_D: "np.ndarray", at_once: int = 256
) -> "np.ndarray":
    """Two-sided p-values of many differences at once: array (pairs), NaN where a run's statistic is undefined.

    `pseudo_N_D`: what each dialogue makes of each run's statistic (`Values.pseudo_D`); `swaps_P_D` from `draw_swaps`, 1 flips
    the sign of the dialogue's difference. To first order the same arrangements as `permutation_p`, at a thousandth of its
    price: the statistic is not computed anew in each. The observed arrangement counts as one.
    """
    import numpy as np

    signs_P_D = 1 - 2 * swaps_P_D
    found = np.empty(len(pairs))
    for start in range(0, len(pairs), at_once):
        some = np.array(pairs[start : start + at_once])
        apart_D_X = (pseudo_N_D[some[:, 0]] - pseudo_N_D[some[:, 1]]).T
        observed_X = np.abs(apart_D_X.sum(axis=0))
        reached_X = (np.abs(signs_P_D @ apart_D_X) >= observed_X * (1 - 1e-9) - 1e-12).sum(axis=0)
        found[start : start + at_once] = np.where(np.isnan(observed_X), np.nan, (1 + reached_X) / (1 + len(signs_P_D)))
    return found


def draw_swaps(dialogues: int, arrangements: int, seed: int) -> "np.ndarray":
    """Array (arrangements, dialogues) of 0 and 1: 1 swaps the two runs in that dialogue.

    All 2^dialogues arrangements where that is no more than asked for.
    """
    import numpy as np

    if 2**dialogues <= arrangements:
        numbers = np.arange(2**dialogues)
        return (numbers[:, None] >> np.arange(dialogues) & 1).astype(np.float64)
    return np.random.default_rng(seed).integers(0, 2, (arrangements, dialogues)).astype(np.float64)


def effect_size(difference: Values) -> float | None:
    """The difference in standard deviations of what the paired dialogues make of it (d_z of Cohen 1988, on pseudo-values).

    None where it is undefined or nothing varies.
    """
    import numpy as np

    pseudo_D = difference.pseudo_D[~np.isnan(difference.pseudo_D)]
    if np.isnan(difference.whole) or len(pseudo_D) < 2:
        return None
    spread = float(pseudo_D.std(ddof=1))
    return difference.whole / spread if spread > 1e-9 else None


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """P-values adjusted for each other (Holm 1979, Scandinavian Journal of Statistics 6); None stays None."""
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - rank)))
        adjusted[place] = largest
    return adjusted
