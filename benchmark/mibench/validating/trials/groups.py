"""Sessions known to be good or bad: does a measure tell them apart, and does it do so better than length alone?"""

from typing import TYPE_CHECKING, Literal

from mibench.measures.ranking import auc
from mibench.schema import Figure, GroupTrial, PairTrial
from mibench.validating.trials.sessions import Measured
from mibench.validating.trials.sheet import Sheet, figure_of

if TYPE_CHECKING:
    import numpy as np

LENGTH = "length alone"

FEW = 5
"""Good or bad sessions below which an AUC has no interval: a few that happen to part would seem certain."""

PREFERRED = ("proficiency", "R:Q", "reflection", LENGTH)
"""What matched pairs are compared by."""


def with_length(sheet: Sheet, measures: list[Measured]) -> list[Measured]:
    """The measures and, first, the baseline that needs no code: how many items a session has."""
    import numpy as np

    rated = {item.session for item in sheet.items}
    length_S = np.array(
        [float(len(session.items)) if session.id in rated else np.nan for session in sheet.corpus.sessions]
    )
    return [Measured(LENGTH, "items", length_S, length_S), *measures]


def group_trials(sheet: Sheet, measures: list[Measured]) -> tuple[GroupTrial, ...]:
    """AUC of each measure; empty where the corpus does not have both good and bad sessions."""
    qualities = [session.quality for session in sheet.corpus.sessions]
    if not {"high", "low"} <= set(qualities):
        return ()
    return tuple(_group_trial(sheet, entry) for entry in with_length(sheet, measures))


def _group_trial(sheet: Sheet, entry: Measured) -> GroupTrial:
    import numpy as np

    sessions = sheet.corpus.sessions
    known = np.array([session.quality is not None for session in sessions])
    high = np.array([session.quality == "high" for session in sessions])
    group = np.array([sheet.places.get(session.group, 0) for session in sessions], dtype=int)

    def figure(values: "np.ndarray") -> Figure:
        kept = known & ~np.isnan(values)
        if not (kept & high).any() or not (kept & ~high).any():
            return Figure(value=None, why_not="needs good and bad sessions that have the measure")
        found = figure_of(auc(values[kept], high[kept], group[kept], sheet.counts_B_G))
        if min((kept & high).sum(), (kept & ~high).sum()) < FEW:
            return Figure(value=found.value, why_not=f"an interval needs {FEW} good and {FEW} bad sessions")
        return found

    kept = known & ~np.isnan(entry.judge_S)
    return GroupTrial(
        measure=entry.measure,
        high=int((kept & high).sum()),
        low=int((kept & ~high).sum()),
        left_out=int((known & ~kept).sum()),
        judge=figure(entry.judge_S),
        people=figure(entry.people_S),
    )


def pair_trials(sheet: Sheet, measures: list[Measured]) -> tuple[PairTrial, ...]:
    """How often the good session of a matched pair has the larger value; empty where the corpus has no pairs."""
    if not sheet.corpus.pairs:
        return ()
    place = {session.id: number for number, session in enumerate(sheet.corpus.sessions)}
    good = [place[high] for high, _ in sheet.corpus.pairs]
    bad = [place[low] for _, low in sheet.corpus.pairs]
    return tuple(
        _pair_trial(
            entry.measure, by, (values := entry.judge_S if by == "judge" else entry.people_S)[good], values[bad]
        )
        for entry in with_length(sheet, measures)
        if entry.measure in PREFERRED
        for by in ("judge", "people")
    )


def _pair_trial(measure: str, by: Literal["judge", "people"], good: "np.ndarray", bad: "np.ndarray") -> PairTrial:
    import numpy as np
    from scipy.stats import binomtest

    known = ~(np.isnan(good) | np.isnan(bad))
    won, ties = int((good > bad)[known].sum()), int((good == bad)[known].sum())
    decided = int(known.sum()) - ties
    p = float(binomtest(won, decided).pvalue) if decided else None
    return PairTrial(measure=measure, by=by, pairs=int(known.sum()), preferred=won, ties=ties, p=p)
