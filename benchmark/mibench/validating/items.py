"""Coded replies to test a judge on."""

from typing import Literal, NamedTuple

from mibench.content import room
from mibench.errors import UnknownName
from mibench.records import read_lines
from mibench.schema import NAMES, Code, CodedCorpus, Occasion, Situation
from mibench.suites import load_suite, occasion_of


class Item(NamedTuple):
    """A reply whose codes are known."""

    occasion: Occasion
    reply: str
    codes: frozenset[Code]
    """The volley's codes as authored."""
    cluster: str
    """What it shares a client with: resampled whole."""


def contrast_languages() -> list[str]:
    """Languages that have a contrast set, sorted."""
    return sorted(path.stem for path in (room("judges") / "contrast").glob("??.jsonl"))


def contrast_set(language: str) -> list[Situation]:
    """All situations of a language's contrast set. Raises UnknownName if there is none; BadRecord (file:line)."""
    if language not in contrast_languages():
        raise UnknownName("contrast set", language, contrast_languages())
    path = room("judges") / "contrast" / f"{language}.jsonl"
    return [situation for _, situation in read_lines(path, Situation)]


def contrast_items(language: str, split: Literal["train", "heldout"]) -> list[Item]:
    """Every reply of one split of a contrast set."""
    return [
        Item(situation.occasion, reply.text, reply.codes, situation.id)
        for situation in contrast_set(language)
        if situation.split == split
        for reply in situation.replies
    ]


def suite_items(name: str) -> list[Item]:
    """The reference reply of every round of a suite."""
    return [
        Item(occasion_of(round_), round_.reference.text, frozenset(round_.reference.codes), round_.dialogue.id)
        for round_ in load_suite(name).rounds
    ]


def items_of(corpus: CodedCorpus) -> list[Item]:
    """The items of a corpus with one author, back as codes: its labels that are single MITI codes."""
    codes = {name: code for code, name in NAMES.items()}
    return [
        Item(
            item.occasion,
            item.reply,
            frozenset(codes[label] for label in item.codings[0].labels if label in codes),
            item.group,
        )
        for item in corpus.items
    ]
