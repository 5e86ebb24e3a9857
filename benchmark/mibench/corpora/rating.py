"""Four dimensions of a source dialogue's quality, by a model with an anchored prompt; repeats, agreement, intervals."""

import hashlib
import heapq
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mibench.corpora.asking import Asked, Model
from mibench.corpora.measuring import TextMeasures
from mibench.corpora.prompts import Prompt, object_of
from mibench.measures.agreement import krippendorff_alpha
from mibench.measures.bootstrap import draw_counts, ratio_interval
from mibench.records.loose_json import last_object
from mibench.schema import Call, Record, SourceDialogue, SourceRating

if TYPE_CHECKING:
    import numpy as np

DIMENSIONS = ("comprehensiveness", "professionalism", "authenticity", "safety")
"""The paper's (arXiv 2512.15446), which are CPsyCoun's (Zhang et al. 2024); the paper's own scale is not public."""

_POINT = object_of(quote={"type": "string"}, score={"type": "integer", "enum": [1, 2, 3, 4, 5]})
SCHEMA = object_of(**dict.fromkeys(DIMENSIONS, _POINT))

REPAIR = {
    "zh": "这个回答用不了：{why}。请只回答一个改正后的 JSON 对象。",
    "en": "This answer cannot be used: {why}. Answer with one corrected JSON object.",
}


def rating_prompt() -> Prompt:
    """The prompt in `judges/rate`."""
    return Prompt("rate", SCHEMA)


def drawn(dialogues: Iterable[SourceDialogue], size: int, seed: int) -> list[SourceDialogue]:
    """A sample of `size` dialogues, or all: those whose id hashes lowest under the seed, so that a sample grows, not changes."""

    def place(dialogue: SourceDialogue) -> str:
        return hashlib.sha256(f"{seed}\0{dialogue.id}".encode()).hexdigest()

    return heapq.nsmallest(size, dialogues, key=place)


def rate(dialogues: Sequence[SourceDialogue], model: Model, repeats: int) -> list[SourceRating]:
    """Ratings in order of dialogue and repeat. An answer that cannot be read is asked for once more, then unrated."""
    prompt = rating_prompt()
    wanted = [
        (d, n, prompt.question(model, d.id, d.language, d.turns, seed=n)) for d in dialogues for n in range(repeats)
    ]
    first = model.ask_all("ratings", [question for _, _, question in wanted])
    repairs: dict[str, Asked] = {}
    for dialogue, _, question in wanted:
        answer = first[question.key]
        fault = _read(answer, dialogue)[1] if isinstance(answer, Call) and answer.finish == "stop" else ""
        if fault:
            assert isinstance(answer, Call)
            repairs[question.key] = prompt.again(question, answer.text, REPAIR[dialogue.language].format(why=fault))
    second = model.ask_all("repairs", list(repairs.values())) if repairs else {}
    return [_rating(d, n, question.key, first, second, repairs) for d, n, question in wanted]


def _rating(
    dialogue: SourceDialogue, repeat: int, key: str,
    first: Mapping[str, Call | str], second: Mapping[str, Call | str], repairs: Mapping[str, Asked],
) -> SourceRating:  # fmt: skip
    answers = [first[key], *([second[repairs[key].key]] if key in repairs else [])]
    costs = [answer.cost for answer in answers if isinstance(answer, Call)]
    known = [cost for cost in costs if cost is not None]
    common = {
        "dialogue": dialogue.id, "corpus": dialogue.corpus, "repeat": repeat,
        "cost": sum(known) if len(known) == len(costs) else None,
    }  # fmt: skip
    found, why = _read(answers[-1], dialogue)
    if why:
        return SourceRating(**common, status="unrated", reason=why)
    return SourceRating(
        **common,
        status="rated",
        scores={name: found[name]["score"] for name in DIMENSIONS},
        evidence={name: found[name]["quote"] for name in DIMENSIONS},
    )


def _read(answer: Call | str, dialogue: SourceDialogue) -> tuple[dict[str, Any], str]:
    """What an answer says, and what is wrong with it."""
    if isinstance(answer, str):
        return {}, answer
    if answer.finish != "stop":
        return {}, "the answer was cut at its token limit" if answer.finish == "length" else "the model refused"
    found = last_object(answer.text)
    if found is None:
        return {}, "the answer holds no JSON object"
    text = _squeezed("".join(turn.text for turn in dialogue.turns))
    for name in DIMENSIONS:
        entry = found.get(name)
        if (
            not isinstance(entry, dict)
            or isinstance(entry.get("score"), bool)
            or entry.get("score") not in (1, 2, 3, 4, 5)
        ):
            return {}, f"{name}.score must be 1, 2, 3, 4 or 5"
        quote = entry.get("quote")
        if not isinstance(quote, str) or not _squeezed(quote) or _squeezed(quote) not in text:
            return {}, f"{name}.quote is not in the dialogue; copy the words exactly"
    return found, ""


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


class Mean(Record):
    """A mean over dialogues with its 95 % interval (BCa, dialogues resampled)."""

    value: float | None
    low: float | None = None
    high: float | None = None


class CorpusRates(Record):
    """What came out for one corpus."""

    corpus: str
    dialogues: int
    """Dialogues in the sample."""
    rated: int
    """Ratings that could be read, of `asked`."""
    asked: int
    scores: dict[str, Mean]
    """Dimension → mean, 1–5; `overall` is the mean of the four."""
    alpha: dict[str, float | None]
    """Dimension → Krippendorff's α (interval) between repeats; null where it is undefined."""
    text: TextMeasures
    """What can be counted in the sample."""


class Rates(Record):
    """`rates.json`: the corpora compared, best first."""

    model: str
    prompt: str
    """Name, version and digest of the prompt."""
    seed: int
    repeats: int
    corpora: tuple[CorpusRates, ...]
    picked: tuple[str, ...]
    """The best by overall mean, among those with an interval: one dialogue speaks for no corpus."""
    doubtful: tuple[str, ...]
    """Not picked, though their interval overlaps that of the last one picked."""


def corpus_rates(
    corpus: str, ratings: Sequence[SourceRating], text: TextMeasures, repeats: int, seed: int
) -> CorpusRates:
    """Means over dialogues, a dialogue's repeats averaged first."""
    import numpy as np

    ids = {id_: place for place, id_ in enumerate(dict.fromkeys(rating.dialogue for rating in ratings))}
    table_D_R_4 = np.full((len(ids), repeats, 4), np.nan)
    for rating in ratings:
        if rating.status == "rated":
            table_D_R_4[ids[rating.dialogue], rating.repeat] = [rating.scores[name] for name in DIMENSIONS]
    rated_D = ~np.isnan(table_D_R_4[:, :, 0]).all(axis=1)
    means_D_4 = np.nanmean(table_D_R_4[rated_D], axis=1) if rated_D.any() else np.empty((0, 4))
    counts_B_D = draw_counts(len(means_D_4), 4000, seed) if len(means_D_4) else None
    columns = {name: means_D_4[:, place] for place, name in enumerate(DIMENSIONS)} | {"overall": means_D_4.mean(axis=1)}
    return CorpusRates(
        corpus=corpus,
        dialogues=len(ids),
        rated=sum(rating.status == "rated" for rating in ratings),
        asked=len(ratings),
        scores={name: _mean(values_D, counts_B_D) for name, values_D in columns.items()},
        alpha={name: krippendorff_alpha(table_D_R_4[:, :, place].T) for place, name in enumerate(DIMENSIONS)},
        text=text,
    )


def _mean(values_D: "np.ndarray", counts_B_D: "np.ndarray | None") -> Mean:
    import numpy as np

    if counts_B_D is None:
        return Mean(value=None)
    low, high, _ = ratio_interval(values_D, np.ones(len(values_D)), counts_B_D)
    return Mean(value=float(values_D.mean()), low=low, high=high)


def compared(found: Sequence[CorpusRates], model: Model, *, seed: int, repeats: int, take: int) -> Rates:
    """The corpora, best first, and which to take."""
    ordered = sorted(found, key=lambda rates: -(rates.scores["overall"].value or 0.0))
    known = [rates for rates in ordered if rates.scores["overall"].low is not None]
    picked = [rates.corpus for rates in known[:take]]
    floor = known[len(picked) - 1].scores["overall"].low if picked else None
    prompt = rating_prompt()
    return Rates(
        model=model.name,
        prompt=f"{prompt.card.name} {prompt.card.version} {prompt.digest[:12]}",
        seed=seed,
        repeats=repeats,
        corpora=tuple(ordered),
        picked=tuple(picked),
        doubtful=tuple(_overlapping(known[len(picked) :], floor)),
    )


def _overlapping(rest: Sequence[CorpusRates], floor: float | None) -> Iterator[str]:
    for rates in rest:
        high = rates.scores["overall"].high
        if floor is not None and high is not None and high >= floor:
            yield rates.corpus
