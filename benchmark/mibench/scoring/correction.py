"""One metric three ways: as the judge codes, put right by human codes, and by the human codes alone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from mibench.schema import Correction, Estimate
from mibench.scoring.metrics import COLUMNS, Metric
from mibench.scoring.ppi import corrected_ratio

if TYPE_CHECKING:
    import numpy as np

LEAST_DIALOGUES = 5
"""Coded replies of fewer dialogues tell nothing about how dialogues differ."""


def correction(metric: Metric, raw: Estimate, sums_D_S: "np.ndarray") -> Correction:
    """The correction of `metric`, from `human_sums`. What is undefined has no value and a note that says why."""
    coded_dialogues = int((sums_D_S[:, 0] > 0).sum())
    if coded_dialogues < LEAST_DIALOGUES:
        note = f"undefined: replies of {coded_dialogues} dialogues are coded; at least {LEAST_DIALOGUES} are needed"
        nothing = _estimate(metric, None, note=note)
        return Correction(raw=raw, corrected=nothing, human=nothing)
    corrected, weight = _estimated(metric, sums_D_S, use_judge=True)
    human, _ = _estimated(metric, sums_D_S, use_judge=False)
    return Correction(raw=raw, corrected=corrected, human=human, weight=None if corrected.value is None else weight)


def human_sums(
    metric: Metric, judge_R_K: "np.ndarray", human_R_K: "np.ndarray", coded_R: Sequence[bool], names: Sequence[str]
) -> "np.ndarray":
    """Array (dialogues, ppi.SUMS) of what `metric` divides, from tables (rounds, COLUMNS) of the judge's and human codes.

    `coded_R`: whether people coded the round; `names`: each round's dialogue.
    """
    import numpy as np

    over, under = ([COLUMNS.index(name) for name in columns] for columns in (metric.over, metric.under))
    coded = np.array(coded_R, dtype=float)
    judge_over, judge_under = judge_R_K[:, over].sum(axis=1), judge_R_K[:, under].sum(axis=1)
    rows_R_S = np.stack(
        [
            coded,
            coded * human_R_K[:, over].sum(axis=1),
            coded * human_R_K[:, under].sum(axis=1),
            coded * judge_over,
            coded * judge_under,
            np.ones(len(coded)),
            judge_over,
            judge_under,
        ],
        axis=1,
    )
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    sums_D_S = np.zeros((len(order), rows_R_S.shape[1]))
    np.add.at(sums_D_S, [order[name] for name in names], rows_R_S)
    return sums_D_S


def _estimated(metric: Metric, sums_D_S: "np.ndarray", *, use_judge: bool) -> tuple[Estimate, float]:
    """The estimate and the judge's weight."""
    import math

    shares = metric.unit.startswith("%")
    scale: Literal["log", "logit"] = "logit" if shares else "log"
    value, low, high, weight = (float(number) for number in corrected_ratio(sums_D_S, scale, use_judge=use_judge))
    if math.isnan(value) or value < 0 or (shares and value > 1):
        why = metric.undefined if sums_D_S[:, 2].sum() == 0 else "the correction is larger than what it corrects"
        return _estimate(metric, None, note=f"undefined in the coded replies: {why}"), weight
    if math.isfinite(low) and math.isfinite(high) and low < high:
        return _estimate(metric, value, low, high, metric.note), weight
    exception = "not once" if value == 0 else "without exception" if shares and value == 1 else ""
    why = f"{exception} in the coded replies" if exception else "it rests on too few coded dialogues"
    return _estimate(metric, value, note=f"no interval: {why}; code more"), weight


def _estimate(
    metric: Metric, value: float | None, low: float | None = None, high: float | None = None, note: str = ""
) -> Estimate:
    value, low, high = (None if number is None else metric.scale * number for number in (value, low, high))
    return Estimate(
        metric=metric.name, label=metric.label, unit=metric.unit, better=metric.better,
        value=value, low=low, high=high, note=note, level=metric.level(value),
    )  # fmt: skip
