"""Prediction-powered ratios: a judge codes every reply, people code some; the judge's error is measured and taken off.

Angelopoulos et al. 2023, *Prediction-powered inference*, Science 382:669; the weight of the judge tuned as in
Angelopoulos, Duchi & Zrnic 2023, *PPI++*, arXiv 2311.01453. Departures: `all` means every reply, the coded ones too
(the same estimator with another scale of the weight); what is estimated is a ratio of two sums; rounds come in
dialogues, which are drawn from a population of dialogues as in `scoring.bootstrap`.

With per-round means over the coded replies (H human, J judge) and over all (A judge), and one weight w per metric:

    ratio = (H_over + w·(A_over - J_over)) / (H_under + w·(A_under - J_under))
"""

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np

CONFIDENCE = 0.95

SUMS = (
    "coded rounds",
    "human over, coded",
    "human under, coded",
    "judge over, coded",
    "judge under, coded",
    "rounds",
    "judge over",
    "judge under",
)
"""A dialogue's sums, in this order: over and under are what stands above and below the ratio's line."""


class Corrected(NamedTuple):
    """Arrays of one value a sample; NaN where undefined."""

    value: "np.ndarray"
    low: "np.ndarray"
    high: "np.ndarray"
    weight: "np.ndarray"


def corrected_ratio(
    sums_D_K: "np.ndarray", scale: Literal["log", "logit"] = "log", *, use_judge: bool = True
) -> Corrected:
    """The corrected ratio with its 95 % interval, from each dialogue's SUMS; leading axes are independent samples.

    `scale`: where the interval is symmetric; `log` for what is above 0, `logit` for shares of 1. `use_judge=False`
    gives the human codes alone. The variance is the delete-one-dialogue jackknife of the whole estimator, the weight
    tuned anew each time, so that what tuning costs is in it. Student's t with Satterthwaite's degrees of freedom for two
    groups of dialogues, with and without coded rounds: with whole dialogues coded, few of them carry the error.
    """
    import numpy as np
    from scipy.special import stdtrit

    dialogues = sums_D_K.shape[-2]
    coded_D = sums_D_K[..., 0] > 0
    coded = coded_D.sum(-1)
    products_D_K_K = sums_D_K[..., :, None] * sums_D_K[..., None, :]
    sums_K, products_K_K = sums_D_K.sum(-2), products_D_K_K.sum(-3)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        weight = _weight(sums_K, products_K_K, coded) if use_judge else np.zeros(coded.shape)
        value = _ratio(sums_K, weight)
        rest_D_K = sums_K[..., None, :] - sums_D_K
        weight_D = (
            _weight(rest_D_K, products_K_K[..., None, :, :] - products_D_K_K, coded[..., None] - coded_D)
            if use_judge
            else np.zeros(coded_D.shape)
        )
        pull_D = (dialogues - 1) * (value[..., None] - _ratio(rest_D_K, weight_D))
        part_D = (pull_D - pull_D.mean(-1, keepdims=True)) ** 2 / (dialogues * (dialogues - 1))
        variance, of_coded = part_D.sum(-1), (part_D * coded_D).sum(-1)
        freedom = variance**2 / (
            of_coded**2 / (coded - 1) + (variance - of_coded) ** 2 / np.maximum(dialogues - coded - 1, 1)
        )
        half = stdtrit(freedom, (1 + CONFIDENCE) / 2) * np.sqrt(variance)
        low, high = _ends(value, half, scale)
    return Corrected(value, low, high, weight)


def _ratio(sums_K: "np.ndarray", weight: "np.ndarray") -> "np.ndarray":
    """The corrected ratio; NaN where what it divides by is not above 0."""
    import numpy as np

    coded, human_over, human_under, judge_over, judge_under, rounds, all_over, all_under = np.moveaxis(sums_K, -1, 0)
    over = human_over / coded + weight * (all_over / rounds - judge_over / coded)
    under = human_under / coded + weight * (all_under / rounds - judge_under / coded)
    return np.where((human_under > 0) & (under > 1e-12), over / under, np.nan)


def _weight(sums_K: "np.ndarray", products_K_K: "np.ndarray", coded_dialogues: "np.ndarray") -> "np.ndarray":
    """The judge's weight, 0 to 1, that makes the variance of the linearised ratio least.

    The ratio's error is a sum over dialogues of a_d + w·b_d (delta method): a from the human codes, b from the judge on
    all replies less the judge on the coded ones. Least squares gives w = -Σab / Σb². It is kept within 0 and 1, what a
    judge between worthless and perfect can earn, and shrunk by t²/(1+t²), t its own t-statistic: with a dozen coded
    dialogues a worthless judge's w is noise, which must not widen the interval.
    """
    import numpy as np

    coded, human_over, human_under, judge_over, judge_under, rounds, all_over, all_under = np.moveaxis(sums_K, -1, 0)
    ratio = human_over / human_under
    judge_mean, all_mean = (judge_over - ratio * judge_under) / coded, (all_over - ratio * all_under) / rounds
    zero = np.zeros(coded.shape)
    a_K = np.stack([zero, 1 / coded, -ratio / coded, zero, zero, zero, zero, zero], -1)
    b_K = np.stack(
        [judge_mean / coded, zero, zero, -1 / coded, ratio / coded, -all_mean / rounds, 1 / rounds, -ratio / rounds], -1
    )
    over_b_K = (products_K_K * b_K[..., None, :]).sum(-1)
    aa = (a_K * (products_K_K * a_K[..., None, :]).sum(-1)).sum(-1)
    ab, bb = (a_K * over_b_K).sum(-1), (b_K * over_b_K).sum(-1)
    informative = (bb > 1e-12 * aa) & (coded_dialogues > 2)
    weight = np.where(informative, -ab / bb, 0.0)
    left = np.maximum(aa + 2 * weight * ab + weight**2 * bb, 1e-12 * aa)
    signal = weight**2 * bb * (coded_dialogues - 1)
    shrink = np.where(informative & (aa > 0), signal / (signal + left), 0.0)
    return np.clip(weight, 0, 1) * shrink


def _ends(value: "np.ndarray", half: "np.ndarray", scale: str) -> "tuple[np.ndarray, np.ndarray]":
    """Ends symmetric around the value on the scale, so never outside it; NaN at or beyond its ends."""
    import numpy as np

    if scale == "log":
        value = np.where(value > 0, value, np.nan)
        return value * np.exp(-half / value), value * np.exp(half / value)
    value = np.where((value > 0) & (value < 1), value, np.nan)
    place, reach = np.log(value / (1 - value)), half / (value * (1 - value))
    return 1 / (1 + np.exp(reach - place)), 1 / (1 + np.exp(-reach - place))
