"""Shares against shares: does a judge that says 30 of 100 coders mean it?"""

from typing import TYPE_CHECKING

from mibench.schema import Bin, Calibration, ComplexTrial
from mibench.validating.trials.sheet import Sheet, rounded

if TYPE_CHECKING:
    import numpy as np

SPLITS = 200


def calibration(sheet: Sheet, number: int) -> Calibration | None:
    """Of the label in column `number`; None where no rated item decides it."""
    import numpy as np

    people_I = sheet.people_I_L[:, number]
    known = ~np.isnan(people_I)
    if not known.any():
        return None
    judge, people = sheet.judge_I_L[known, number], people_I[known]
    # Mean over an item's coders of (p − vote)², which is (p − share)² + share (1 − share).
    brier = (judge - people) ** 2 + people * (1 - people)
    panel = sheet.panel_I[known]
    tenth = np.minimum((judge * 10 + 1e-9).astype(int), 9)
    curve = []
    for place in range(10):
        here = tenth == place
        some = bool(here.any())
        curve.append(
            Bin(
                low=place / 10,
                items=int(here.sum()),
                judge=rounded(judge[here].mean()) if some else None,
                people=rounded(people[here].mean()) if some else None,
            )
        )
    return Calibration(
        items=int(known.sum()),
        brier=round(float(brier.mean()), 6),
        panel=int(panel.sum()),
        mae=rounded(np.abs(judge - people)[panel].mean()) if panel.any() else None,
        spearman=spearman(judge[panel], people[panel]),
        curve=tuple(curve),
    )


def complex_trial(sheet: Sheet) -> ComplexTrial | None:
    """Complex share among reflections; None where no item has several coders, half of whom see a reflection."""
    import numpy as np

    if not sheet.has("reflection", "simple reflection", "complex reflection"):
        return None
    reflection, simple, complex_ = (
        sheet.column(name) for name in ("reflection", "simple reflection", "complex reflection")
    )
    wanted = sheet.panel_I & (np.nan_to_num(sheet.people_I_L[:, reflection]) >= 0.5)
    simple_C_I, complex_C_I = sheet.votes_C_I_L[:, wanted, simple], sheet.votes_C_I_L[:, wanted, complex_]
    kinds_C_I = np.where(np.nan_to_num(simple_C_I) + np.nan_to_num(complex_C_I) > 0, complex_C_I, np.nan)
    people_I = _share(kinds_C_I)
    if np.isnan(people_I).all():
        return None
    judge_simple, judge_complex = sheet.judge_I_L[wanted, simple], sheet.judge_I_L[wanted, complex_]
    below = judge_simple + judge_complex
    judge_I = np.divide(judge_complex, below, out=np.full(below.shape, np.nan), where=below > 1e-9)
    both = ~(np.isnan(judge_I) | np.isnan(people_I))
    singles = [
        found
        for coder in range(len(kinds_C_I))
        if (found := spearman(kinds_C_I[coder], _share(np.delete(kinds_C_I, coder, axis=0)))) is not None
    ]
    return ComplexTrial(
        items=int((~np.isnan(people_I)).sum()),
        left_out=int((np.isnan(judge_I) & ~np.isnan(people_I)).sum()),
        spearman=spearman(judge_I, people_I),
        mae=rounded(np.abs(judge_I - people_I)[both].mean()) if both.any() else None,
        halves=_halves(kinds_C_I, sheet.seed),
        single=rounded(sum(singles) / len(singles)) if singles else None,
        draws=SPLITS,
    )


def spearman(first_I: "np.ndarray", second_I: "np.ndarray") -> float | None:
    """Spearman's ρ where both are known; None for fewer than three items or where nothing varies."""
    import numpy as np
    from scipy.stats import spearmanr

    known = ~(np.isnan(first_I) | np.isnan(second_I))
    first, second = first_I[known], second_I[known]
    if len(first) < 3 or len(np.unique(first)) < 2 or len(np.unique(second)) < 2:
        return None
    return rounded(spearmanr(first, second).statistic)


def _halves(kinds_C_I: "np.ndarray", seed: int) -> float | None:
    """Mean Spearman of a random half of the coders against the other half."""
    import numpy as np

    rng = np.random.default_rng(seed)
    coders = np.flatnonzero(~np.isnan(kinds_C_I).all(axis=1))
    found = []
    for _ in range(SPLITS if len(coders) >= 4 else 0):
        order = rng.permutation(coders)
        half = len(order) // 2
        found.append(spearman(_share(kinds_C_I[order[:half]]), _share(kinds_C_I[order[half : 2 * half]])))
    known = [value for value in found if value is not None]
    return rounded(sum(known) / len(known)) if known else None


def _share(votes_C_I: "np.ndarray") -> "np.ndarray":
    """Mean of the votes of each item; NaN where there is none."""
    import numpy as np

    votes = (~np.isnan(votes_C_I)).sum(axis=0)
    return np.asarray(np.divide(np.nansum(votes_C_I, axis=0), votes, out=np.full(len(votes), np.nan), where=votes > 0))
