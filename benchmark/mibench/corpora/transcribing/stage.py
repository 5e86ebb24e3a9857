"""Source dialogues → dialogues in MI style, try by try: ask, pass through the gates, ask again with the reason, drop.

A try is a wave over all dialogues that are still open, so that a Batch API serves as well as single calls. Nothing is kept
but the answers: what has been asked is found again by its key, and the gates give the same results.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mibench.corpora.asking import Asked, Coder, Model
from mibench.corpora.prompts import Prompt
from mibench.corpora.transcribing.coding import NO_GOAL, coded_turns, miti_gate, occasions
from mibench.corpora.transcribing.drafts import Draft, read_draft
from mibench.corpora.transcribing.gates import Bars, Failure, text_gates
from mibench.errors import MibenchError
from mibench.schema import Call, Dialogue, SourceDialogue, Transcript, Verdict

FIRST = 8
"""Dialogues asked for before all others."""

LONGEST_ANSWER = 20_000
"""Characters of a failed answer that are shown again to the model."""


@dataclass
class _Open:
    """A dialogue on its way."""

    source: SourceDialogue
    first: Asked
    question: Asked
    tries: int = 0
    failed: list[Failure] = field(default_factory=list)
    measures: dict[str, float] = field(default_factory=dict)
    draft: Draft | None = None
    verdicts: list[Verdict] = field(default_factory=list)
    cost: float | None = 0.0


def transcribe(
    sources: Sequence[SourceDialogue], model: Model, coder: Coder | None, prompt: Prompt, bars: Bars, tries: int
) -> list[Transcript]:
    """What became of each source, in order. `coder` None leaves the MITI gate out, and the turns uncoded."""
    found: dict[str, Transcript] = {}
    names: Counter[str] = Counter()
    waiting = [
        _Open(source, question, question)
        for source in sources
        for question in [prompt.question(model, source.id, source.language, source.turns, topic=source.topic or "")]
    ]
    for number in range(1, tries + 1):
        if number == 1:
            _try_first(waiting[:FIRST], model)
        answers = model.ask_all(f"dialogues, try {number}", [state.question for state in waiting])
        passed = [state for state in waiting if _read(state, answers, bars)]
        _code(passed, coder, bars)
        again = []
        for state in waiting:
            last = state.failed[-1] if len(state.failed) == state.tries else None
            if last and last.gate != "no answer" and state.tries < tries:
                answer = answers[state.question.key]
                said = answer.text[:LONGEST_ANSWER] if isinstance(answer, Call) else ""
                state.question = prompt.again(state.first, said, last.told(state.source.language))
                again.append(state)
            else:
                found[state.source.id] = _outcome(state, last, model, coder, bars)
        waiting = again
        if not waiting:
            break
    return [_numbered(found[source.id], names) for source in sources]


def _try_first(states: Sequence[_Open], model: Model) -> None:
    """Ask for the first few alone; when none of their answers is of the form asked for, the rest would not be either.

    Raises MibenchError then. With a Batch API they would wait for a batch of their own, so they are not asked alone.
    """
    if len(states) < FIRST or model.in_batches:
        return
    answers = model.ask_all("first dialogues", [state.question for state in states])
    faults = [read_draft(answers[state.question.key]) for state in states]
    if all(isinstance(fault, str) for fault in faults):
        raise MibenchError(
            f"The first {FIRST} answers of {model.name} are no dialogues; the last: {faults[-1]}. "
            "Try a model that follows the prompt, or a server that holds answers to a schema. They are kept, and cost nothing again."
        )


def _read(state: _Open, answers: Mapping[str, Call | str], bars: Bars) -> bool:
    """Read an answer and put it through the gates of text; whether it is to be coded."""
    answer = answers[state.question.key]
    state.tries += 1
    state.measures, state.draft, state.verdicts = {}, None, []
    if isinstance(answer, str):
        state.failed.append(Failure("no answer", answer))
        return False
    state.cost = None if state.cost is None or answer.cost is None else state.cost + answer.cost
    draft = read_draft(answer)
    if isinstance(draft, str):
        state.failed.append(Failure("schema", draft))
        return False
    state.draft = draft
    if not draft.change_goal.strip() and not bars.without_goal:
        return False
    failure = text_gates(draft, state.source, bars, state.measures)
    if failure:
        state.failed.append(failure)
    return failure is None


def _code(states: Sequence[_Open], coder: Coder | None, bars: Bars) -> None:
    """The MITI gate for all that came so far, in one go."""
    if coder is None:
        return
    told = [occasions(state.draft, state.source) for state in states if state.draft]
    verdicts = list(coder.code([pair for pairs in told for pair in pairs])) if told else []
    place = 0
    for state, pairs in zip(states, told, strict=True):
        state.verdicts = verdicts[place : place + len(pairs)]
        place += len(pairs)
        failure = miti_gate(state.verdicts, bars, state.measures)
        if failure:
            state.failed.append(failure)


def _outcome(state: _Open, last: Failure | None, model: Model, coder: Coder | None, bars: Bars) -> Transcript:
    source, draft = state.source, state.draft
    measures = state.measures | ({"cost": state.cost} if state.cost is not None else {})
    common = {
        "source": source.id, "group": source.group, "tries": state.tries, "measures": measures,
        "failed": tuple(failure.gate for failure in state.failed),
    }  # fmt: skip
    if last:
        why = last.detail if last.gate == "no answer" else last.said()
        return Transcript(**common, status="dropped", why=f"{last.gate}: {why}")
    assert draft is not None
    if not draft.change_goal.strip() and not bars.without_goal:
        return Transcript(**common, status="no goal", why=draft.why_no_goal.strip() or "the model names no goal")
    return Transcript(**common, status="kept", dialogue=_dialogue(state, draft, model, coder))


def _dialogue(state: _Open, draft: Draft, model: Model, coder: Coder | None) -> Dialogue:
    source = state.source
    coded = f"counsellor coded by {coder.name}, unvalidated" if coder else "not coded"
    return Dialogue(
        id=f"{source.language}-{_slug(source.id)}-00",
        language=source.language,
        topic=re.sub(r"[^a-z0-9]+", "-", draft.topic.lower()).strip("-") or "not-stated",
        area=draft.area,
        change_goal=draft.change_goal.strip() or NO_GOAL,
        stage=draft.stage,
        resistance=draft.resistance,
        client=draft.client.strip() or "not stated",
        age=draft.age,
        sex=draft.sex,
        setting=draft.setting,
        turns=coded_turns(draft, state.verdicts),
        provenance=f"transcribed from {source.id} by {model.name}; {coded}; read by nobody",
        licence=source.licence,
    )


def _slug(id_: str) -> str:
    """The source's id in the letters that a dialogue's id may have."""
    return re.sub(r"[^a-z0-9]+", "-", id_.lower()).strip("-") or "source"


def _numbered(transcript: Transcript, names: Counter[str]) -> Transcript:
    """Dialogues whose sources look alike in those letters are numbered apart."""
    dialogue = transcript.dialogue
    if dialogue is None:
        return transcript
    head = dialogue.id[:-3]
    names[head] += 1
    head, number = (head, names[head]) if names[head] < 100 else (f"{head}-{names[head] // 100}", names[head] % 100)
    return transcript.model_copy(update={"dialogue": dialogue.model_copy(update={"id": f"{head}-{number:02d}"})})
