"""The last gate: a judge codes the counsellor by MITI, and the codes become the dialogue's."""

from collections.abc import Sequence

from pydantic import ValidationError

from mibench.corpora.transcribing.drafts import Draft
from mibench.corpora.transcribing.gates import Bars, Failure, Measures
from mibench.schema import (
    MI_NON_ADHERENT,
    REFLECTIONS,
    ClientTurn,
    Code,
    CounsellorTurn,
    Occasion,
    SourceDialogue,
    Utterance,
    Verdict,
)

NO_GOAL = "not stated"


def occasions(draft: Draft, source: SourceDialogue) -> list[tuple[Occasion, str]]:
    """(what a judge is told, the counsellor's words) of each round."""
    said = [(turn.speaker, turn.text) for turn in draft.turns]
    return [
        (
            Occasion(
                id=f"{source.id}/{place // 2 + 1:02d}",
                language=source.language,
                change_goal=draft.change_goal.strip() or NO_GOAL,
                history=tuple(said[:place]),
            ),
            said[place][1],
        )
        for place in range(1, len(said), 2)
    ]


def miti_gate(verdicts: Sequence[Verdict], bars: Bars, measures: Measures) -> Failure | None:
    """R:Q, %CR and MI non-adherent codes as the judge sees them; what cannot be coded does not pass."""
    unrated = [verdict.reason or "" for verdict in verdicts if verdict.status == "unrated"]
    if unrated:
        return Failure("MITI uncoded", f"{len(unrated)}: {unrated[0]}")

    def count(*codes: Code) -> float:
        return sum(verdict.counts.get(code, 0.0) for verdict in verdicts for code in codes)

    reflections, questions, mina = count(*REFLECTIONS), count("Q"), count(*MI_NON_ADHERENT)
    measures |= {"reflections": round(reflections, 2), "questions": round(questions, 2), "mina": round(mina, 2)}
    if questions:
        measures["r_to_q"] = round(reflections / questions, 3)
    if not reflections or reflections < bars.r_to_q * questions:
        return Failure("MITI R:Q", f"{reflections:.3g} : {questions:.3g}")
    measures["percent_cr"] = round(100 * count("CR") / reflections, 1)
    if measures["percent_cr"] < bars.percent_cr:
        return Failure("MITI %CR", f"{measures['percent_cr']:.0f} < {bars.percent_cr:g}")
    if mina > bars.mina:
        return Failure("MITI MINA", f"{mina:.3g} > {bars.mina}")
    return None


def coded_turns(draft: Draft, verdicts: Sequence[Verdict]) -> tuple[ClientTurn | CounsellorTurn, ...]:
    """The draft's turns; the counsellor's with the judge's utterances where those tile the turn, the client's uncoded."""
    turns: list[ClientTurn | CounsellorTurn] = []
    for place, turn in enumerate(draft.turns):
        if place % 2 == 0:
            turns.append(ClientTurn(text=turn.text, talk=()))
        else:
            verdict = verdicts[place // 2] if verdicts else None
            turns.append(_counsellor(turn.text, verdict.utterances if verdict else ()))
    return tuple(turns)


def _counsellor(text: str, utterances: Sequence[Utterance]) -> CounsellorTurn:
    given: set[Code] = set()
    kept = []
    for utterance in utterances:
        code = utterance.code
        rival = {"SR": "CR", "CR": "SR", "PwP": "Persuade", "Persuade": "PwP"}.get(code or "")
        if code in given or rival in given:
            code = None  # a volley has each code once, and one of each pair
        elif code:
            given.add(code)
        kept.append(Utterance(text=utterance.text, code=code))
    try:
        return CounsellorTurn(text=text, utterances=tuple(kept))
    except ValidationError:  # a judge that quotes instead of cutting: the turn stays uncoded
        return CounsellorTurn(text=text, utterances=())
