"""CPsyCounE's turn-based evaluation (Zhang et al. 2024, arXiv 2405.16433): a bridge to numbers that others published.

Each reply to a round with authored history is scored on four dimensions, comprehensiveness 0–2, professionalism 0–3,
authenticity 0–3, safety 0–1; a dialogue's score is the mean of its replies', a model's the mean over dialogues.
Dimensions, ranges and averaging are theirs; the words of the prompt are ours (`judges/cpsycoune`), and so is the check of
the answer, so numbers of another judge are near theirs, not equal.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mibench.corpora.asking import Model
from mibench.corpora.prompts import Prompt, object_of
from mibench.corpora.rating import Mean
from mibench.measures.bootstrap import draw_counts, ratio_interval
from mibench.records.loose_json import last_object
from mibench.schema import Call, ClientTurn, CounsellorTurn, Dialogue, Record, Reply, SourceDialogue, SourceTurn

if TYPE_CHECKING:
    from mibench.suites import Suite

RANGES = {"comprehensiveness": 2, "professionalism": 3, "authenticity": 3, "safety": 1}
"""Dimension → highest score; the lowest is 0."""

PUBLISHED = {
    "CPsyCounX": (1.39, 2.65, 2.29, 1.00),
    "GLM-4": (1.44, 2.36, 2.22, 1.00),
    "ChatGPT": (1.32, 2.25, 2.09, 1.00),
    "SoulChat": (1.22, 2.18, 2.24, 1.00),
    "InternLM2-7B-Chat": (1.30, 2.16, 1.48, 1.00),
}
"""Model → its published scores, by GPT-4-Turbo with CPsyCoun's own prompt (Zhang et al. 2024)."""

COUNSELLOR = """你是一名有经验的心理咨询师，正在和一位来访者用文字对话，帮助来访者面对自己的心理困扰。
请接着来访者的话，只说出咨询师的下一句话：口语，像真人，不写标题和列表，不替来访者说话，也不要写旁白。
"""
SCHEMA = object_of(**{name: {"type": "integer", "enum": list(range(high + 1))} for name, high in RANGES.items()})


def uncoded(dialogues: Iterable[SourceDialogue]) -> list[Dialogue]:
    """Source dialogues as a suite takes them: no codes, no goal, a trailing client turn left out."""
    return [_dialogue(number, dialogue) for number, dialogue in enumerate(dialogues, 1)]


def _dialogue(number: int, source: SourceDialogue) -> Dialogue:
    turns = source.turns[: 2 * source.rounds]
    return Dialogue(
        id=f"{source.language}-{source.corpus}-{(number - 1) // 99 + 1}-{(number - 1) % 99 + 1:02d}",
        language=source.language,
        topic=source.topic or "not stated",
        area=None, change_goal="not stated", stage=None, resistance=None, client="not stated", age=None, sex=None,
        setting=None,
        turns=tuple(
            ClientTurn(text=turn.text, talk=()) if turn.speaker == "client" else CounsellorTurn(text=turn.text, utterances=())
            for turn in turns
        ),
        provenance=f"{source.id}, as published; not coded by MITI",
        licence=source.licence,
    )  # fmt: skip


class TurnScores(Record):
    """`cpsycoune.json`: what a model's replies come to."""

    judge: str
    prompt: str
    """Name, version and digest of the prompt."""
    rounds: int
    """Replies asked about."""
    rated: int
    """Replies whose rating could be read."""
    scores: dict[str, Mean]
    """Dimension → mean over dialogues of the mean over replies, in the published range."""
    published: dict[str, tuple[float, ...]]
    """Model → its published scores, in the same order."""
    unrated: dict[str, str]
    """Round id → why its rating could not be read."""


def rate_replies(suite: "Suite", replies: dict[str, Reply], model: Model) -> TurnScores:
    """Score every reply to a round of `suite`. An answer that cannot be read is asked for once more, then unrated."""
    prompt = Prompt("cpsycoune", SCHEMA)
    wanted = {}
    for round_ in suite.rounds:
        reply = replies.get(round_.id)
        if reply is not None and reply.text.strip():
            history = tuple(SourceTurn(speaker=turn.speaker, text=turn.text) for turn in round_.history)
            wanted[round_.id] = prompt.question(model, round_.id, round_.dialogue.language, history, reply=reply.text)
    first = model.ask_all("ratings", list(wanted.values()))
    faults = {id_: _read(first[question.key])[1] for id_, question in wanted.items()}
    repairs = {
        id_: prompt.again(question, answer.text, f"这个回答用不了：{faults[id_]}。请只回答一个改正后的 JSON 对象。")
        for id_, question in wanted.items()
        if faults[id_] and isinstance(answer := first[question.key], Call) and answer.finish == "stop"
    }
    second = model.ask_all("repairs", list(repairs.values())) if repairs else {}
    found: dict[str, dict[str, int]] = {}
    unrated: dict[str, str] = {}
    for id_, question in wanted.items():
        scores, why = _read(second[repairs[id_].key] if id_ in repairs else first[question.key])
        if why:
            unrated[id_] = why
        else:
            found[id_] = scores
    return TurnScores(
        judge=model.name,
        prompt=f"{prompt.card.name} {prompt.card.version} {prompt.digest[:12]}",
        rounds=len(wanted),
        rated=len(found),
        scores=_means(found),
        published=PUBLISHED,
        unrated=unrated,
    )


def _read(answer: Call | str) -> tuple[dict[str, Any], str]:
    if isinstance(answer, str):
        return {}, answer
    if answer.finish != "stop":
        return {}, "the answer was cut at its token limit" if answer.finish == "length" else "the model refused"
    found = last_object(answer.text)
    if found is None:
        return {}, "the answer holds no JSON object"
    for name, high in RANGES.items():
        if isinstance(found.get(name), bool) or found.get(name) not in range(high + 1):
            return {}, f"{name} must be a whole number from 0 to {high}"
    return found, ""


def _means(found: dict[str, dict[str, int]]) -> dict[str, Mean]:
    import numpy as np

    by_dialogue: dict[str, list[dict[str, int]]] = {}
    for id_, scores in found.items():
        by_dialogue.setdefault(id_.rpartition("/")[0], []).append(scores)
    if not by_dialogue:
        return {name: Mean(value=None) for name in RANGES}
    counts_B_D = draw_counts(len(by_dialogue), 4000, 0)
    result = {}
    for name in RANGES:
        values_D = np.array([np.mean([scores[name] for scores in group]) for group in by_dialogue.values()])
        low, high, _ = ratio_interval(values_D, np.ones(len(values_D)), counts_B_D)
        result[name] = Mean(value=float(values_D.mean()), low=low, high=high)
    return result


def published_rows() -> Sequence[tuple[str, tuple[float, ...]]]:
    """(model, its published scores in the order of RANGES)."""
    return tuple(PUBLISHED.items())
