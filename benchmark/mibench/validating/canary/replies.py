"""Which replies the canary is made of. Their words stand in their sets; here are their ids and what proves them unchanged."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mibench.content import room
from mibench.errors import UnknownName, UsageError
from mibench.records import digest_of, read_lines
from mibench.records.jsonl import write_whole
from mibench.schema import CODES, CanaryItem, Code, Occasion
from mibench.suites import load_suite, occasion_of, suite_names
from mibench.validating.items import contrast_languages, contrast_set

A_CODE = 3
"""Replies of the contrast set for each code."""

FROM_SUITE = 30
"""Reference replies of the suite, each of another dialogue."""


class CanaryReply(NamedTuple):
    """A reply to be judged again."""

    item: CanaryItem
    occasion: Occasion
    reply: str
    situation: str
    """Its situation or dialogue: the test swaps its answers whole."""


class _Candidate(NamedTuple):
    id: str
    source: str
    occasion: Occasion
    reply: str
    codes: frozenset[Code]
    situation: str


def canary_languages() -> list[str]:
    """Languages that have a canary, sorted."""
    return sorted(path.stem for path in (room("judges") / "canary").glob("??.jsonl"))


def canary_replies(language: str) -> list[CanaryReply]:
    """The canary of a language, words and all.

    Raises UnknownName if there is none; UsageError, with the line, for a reply that is gone or reads otherwise than when it
    was drawn: old answers would say nothing about it.
    """
    if language not in canary_languages():
        raise UnknownName("canary", language, canary_languages())
    path = room("judges") / "canary" / f"{language}.jsonl"
    known: dict[str, dict[str, _Candidate]] = {}
    found = []
    for number, item in read_lines(path, CanaryItem):
        if item.source not in known:
            known[item.source] = {entry.id: entry for entry in _candidates(item.source, language)}
        entry = known[item.source].get(item.id)
        if entry is None or _digest(entry) != item.digest:
            fault = "is gone" if entry is None else "has changed"
            raise UsageError(
                f"{path}:{number}: the text of {item.id} ({item.source}) {fault} since the canary was drawn, so earlier "
                "answers say nothing about it. Put the text back, or draw the canary anew (judges/canary/README.md)."
            )
        found.append(CanaryReply(item, entry.occasion, entry.reply, entry.situation))
    return found


def set_digest(replies: Sequence[CanaryReply]) -> str:
    """sha256 over ids and texts."""
    return digest_of([[reply.item.id, reply.item.digest] for reply in replies])


def drawn_items(language: str, seed: int = 0) -> list[CanaryItem]:
    """The draw itself: A_CODE held-out contrast replies for each code, and FROM_SUITE reference replies of the suites."""
    rng = random.Random(seed)  # noqa: S311 - a draw, no secret
    contrast = list(_candidates("contrast", language))
    rng.shuffle(contrast)
    chosen: dict[str, _Candidate] = {}
    for code in CODES:
        having = [entry for entry in contrast if code in entry.codes and entry.id not in chosen]
        chosen |= {entry.id: entry for entry in having[:A_CODE]}
    from_suites = [entry for name in _suites(language) for entry in _candidates(name, language)]
    rng.shuffle(from_suites)
    by_dialogue = {entry.situation: entry for entry in from_suites}
    chosen |= {entry.id: entry for entry in list(by_dialogue.values())[:FROM_SUITE]}
    return [
        CanaryItem(id=entry.id, source=entry.source, digest=_digest(entry))
        for entry in sorted(chosen.values(), key=lambda entry: (entry.source, entry.id))
    ]


def draw_canary(seed: int = 0) -> list[Path]:
    """Write the draw of every language that has a contrast set into `judges/canary`; answers stored before are void."""
    written = []
    for language in contrast_languages():
        path = room("judges") / "canary" / f"{language}.jsonl"
        write_whole(path, "".join(f"{item.model_dump_json()}\n" for item in drawn_items(language, seed)))
        written.append(path)
    return written


def _suites(language: str) -> list[str]:
    return [name for name in suite_names() if load_suite(name).dialogues[0].language == language]


def _candidates(source: str, language: str) -> Iterator[_Candidate]:
    if source == "contrast":
        for situation in contrast_set(language):
            if situation.split == "heldout":
                for number, reply in enumerate(situation.replies, 1):
                    id_ = f"{situation.id}/r{number}"
                    occasion = situation.occasion.model_copy(update={"id": id_})
                    yield _Candidate(id_, source, occasion, reply.text, reply.codes, situation.id)
        return
    for round_ in load_suite(source).rounds:
        codes = frozenset(round_.reference.codes)
        yield _Candidate(round_.id, source, occasion_of(round_), round_.reference.text, codes, round_.dialogue.id)


def _digest(entry: _Candidate) -> str:
    """Over what a judge is told of it."""
    told = entry.occasion
    return digest_of([told.change_goal, told.history, told.asks_advice, entry.reply])
