"""Whole sessions: what the judge's codes add up to beside people's codes of the same items."""

from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.bootstrap import ratio_of
from mibench.measures.moments import bias_of, icc_of, moments, pearson_of
from mibench.measures.proficiency import Counts, proficiency
from mibench.schema import Figure, SessionTrial
from mibench.validating.trials.sheet import Sheet, rounded, said

if TYPE_CHECKING:
    import numpy as np

ADHERENCE = ("MI non-adherent", "advice")
"""Which label counts as MI non-adherent in proficiency: the first that a corpus has."""


class Measured(NamedTuple):
    """One measure of each session, in the order of the corpus; NaN where it has no denominator or nothing is rated."""

    measure: str
    unit: str
    judge_S: "np.ndarray"
    people_S: "np.ndarray"


def non_adherent(sheet: Sheet) -> str:
    """What stands for MI non-adherent where the corpus has no such label, as a sentence; empty where it has."""
    if sheet.has("MI non-adherent") or not sheet.has("advice"):
        return ""
    return (
        "“advice” stands for MI non-adherent, by judge and people alike: this corpus does not part advice with "
        "permission from advice without, and has no code for confrontation."
    )


def measured(sheet: Sheet) -> list[Measured]:
    """Every measure that the corpus's labels allow. Both sides count the same items: rated, and decided by people."""
    import numpy as np

    if not sheet.corpus.sessions:
        return []
    place = {session.id: number for number, session in enumerate(sheet.corpus.sessions)}
    session_I = np.array([place[item.session] for item in sheet.items], dtype=int)

    def summed(values_I_L: "np.ndarray") -> "np.ndarray":
        sums = np.zeros((len(place), values_I_L.shape[1]))
        np.add.at(sums, session_I, values_I_L)
        return sums

    decided_I_L = ~np.isnan(sheet.people_I_L)
    decided = summed(decided_I_L.astype(float))
    judge = summed(np.where(decided_I_L, sheet.judge_I_L, 0.0))
    people = summed(np.nan_to_num(sheet.people_I_L))
    utterances_I = np.array([[max(1, len(item.utterances)), 1] for item in sheet.items], dtype=float).reshape(-1, 2)
    utterances_S, replies_S = summed(utterances_I).T
    found: list[Measured] = []
    if sheet.has("simple reflection", "complex reflection", "question") and sheet.has(_adherence(sheet)):
        both = [_proficiency(sheet, sums, utterances_S, replies_S) for sums in (judge, people)]
        found.append(Measured("proficiency", "0–100", *both))
    if sheet.has("reflection", "question"):
        over, under = sheet.column("reflection"), sheet.column("question")
        found.append(Measured("R:Q", "ratio", *(ratio_of(sums[:, over], sums[:, under]) for sums in (judge, people))))
    if sheet.has("simple reflection", "complex reflection"):
        simple, complex_ = sheet.column("simple reflection"), sheet.column("complex reflection")
        found.append(
            Measured(
                "%CR", "%",
                *(100 * ratio_of(sums[:, complex_], sums[:, simple] + sums[:, complex_]) for sums in (judge, people)),
            )
        )  # fmt: skip
    for number, label in enumerate(sheet.corpus.labels):
        if label.codes:
            both = [ratio_of(sums[:, number], decided[:, number]) for sums in (judge, people)]
            found.append(Measured(label.name, "per item", *both))
    return found


def session_trials(sheet: Sheet, measures: list[Measured]) -> tuple[SessionTrial, ...]:
    """Judge against people, measure by measure."""
    import numpy as np

    group_S = np.array([sheet.places.get(session.group, 0) for session in sheet.corpus.sessions], dtype=int)
    return tuple(_session_trial(sheet, entry, group_S) for entry in measures)


def _session_trial(sheet: Sheet, entry: Measured, group_S: "np.ndarray") -> SessionTrial:
    import numpy as np

    both = ~(np.isnan(entry.judge_S) | np.isnan(entry.people_S))
    judge, people = entry.judge_S[both], entry.people_S[both]
    if not both.any():
        none = Figure(value=None, why_not="no session has it")
        return SessionTrial(
            measure=entry.measure, unit=entry.unit, sessions=0, left_out=len(both), r=none, icc=none, bias=none,
            mae=None, judge_mean=None, people_mean=None,
        )  # fmt: skip
    shift = people.mean()
    sums = moments(judge - shift, people - shift)
    return SessionTrial(
        measure=entry.measure,
        unit=entry.unit,
        sessions=int(both.sum()),
        left_out=int((~both).sum()),
        r=said(sheet.figure(sums, pearson_of, group_S[both]), "needs three sessions that differ, by judge and people"),
        icc=sheet.figure(sums, icc_of, group_S[both]),
        bias=sheet.figure(sums, bias_of, group_S[both]),
        mae=rounded(np.abs(judge - people).mean()),
        judge_mean=rounded(judge.mean()),
        people_mean=rounded(people.mean()),
    )


def _adherence(sheet: Sheet) -> str:
    return next((label for label in ADHERENCE if sheet.has(label)), "")


def _proficiency(sheet: Sheet, sums: "np.ndarray", utterances_S: "np.ndarray", replies_S: "np.ndarray") -> "np.ndarray":
    simple, complex_, question, harm = (
        sums[:, sheet.column(name)]
        for name in ("simple reflection", "complex reflection", "question", _adherence(sheet))
    )
    return proficiency(Counts(simple, complex_, question, harm, utterances_S, replies_S), {})
