"""What the coder learns from: volleys with the share of people, or the author, that saw each head in them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple

from mibench.judging.offline.signs_en import BACKCHANNEL
from mibench.judging.volley import split_utterances
from mibench.schema import Code, CodedItem, Dialogue, Occasion, Situation, Utterance

MANY = 3.0
"""Weight of an utterance that several people coded."""
DOUBT = 0.5
"""Weight of what a corpus implies without saying it."""


class Example(NamedTuple):
    """A volley to learn from."""

    occasion: Occasion
    pieces: tuple[str, ...]
    """Its sentences."""
    group: str
    """Client or video: never split by a fold."""
    targets: dict[str, tuple[float, float]]
    """Head → (share 0–1, weight); heads that nothing is known of are absent."""
    codes: tuple[Code | None, ...] = ()
    """A code a sentence; empty where sentences are not coded."""


def authored(situations: Iterable[Situation], dialogues: Iterable[Dialogue]) -> Iterator[Example]:
    """From the training situations of contrast sets and from all `dialogues`."""
    for situation in situations:
        if situation.split == "train":
            yield from (_authored(situation.occasion, reply.utterances, situation.id) for reply in situation.replies)
    for dialogue in dialogues:
        for place in range(1, len(dialogue.turns), 2):
            client, counsellor = dialogue.turns[place - 1], dialogue.turns[place]
            assert client.speaker == "client"
            assert counsellor.speaker == "counsellor"
            said: tuple[tuple[Literal["client", "counsellor"], str], ...] = tuple(
                (turn.speaker, turn.text) for turn in dialogue.turns[:place]
            )
            occasion = Occasion(
                id=f"{dialogue.id}/{place}", language=dialogue.language, change_goal=dialogue.change_goal, history=said,
                asks_advice=client.asks_advice,
            )  # fmt: skip
            yield _authored(occasion, counsellor.utterances, dialogue.id)


def _authored(occasion: Occasion, utterances: Iterable[Utterance], group: str) -> Example:
    pieces, codes = [], []
    for utterance in utterances:
        for sentence in split_utterances(utterance.text):
            pieces.append(sentence)
            codes.append(utterance.code)
    return Example(occasion, tuple(pieces), group, _targets({code for code in codes if code}), tuple(codes))


def _targets(codes: Collection[Code]) -> dict[str, tuple[float, float]]:
    def any_of(*wanted: Code) -> tuple[float, float]:
        return float(any(code in codes for code in wanted)), 1.0

    found = {
        "reflection": any_of("SR", "CR"), "question": any_of("Q"), "input": any_of("GI", "PwP", "Persuade"),
        "information": any_of("GI"), "advice": any_of("PwP", "Persuade"), "affirm": any_of("AF"),
        "seek": any_of("Seek"), "emphasize": any_of("Emphasize"), "confront": any_of("Confront"),
        "uncoded": (float(not codes), 1.0), "spoken": (0.0, 1.0),
    }  # fmt: skip
    if found["reflection"][0]:
        found["complex"] = any_of("CR")
    if found["advice"][0]:
        found["permission"] = any_of("PwP")
    return found


def coded_by_people(items: Iterable[CodedItem]) -> Iterator[Example]:
    """From AnnoMI: shares of its coders. Affirmation, collaboration and autonomy were not coded there, and stay unknown."""
    for item in items:
        weight = MANY if len(item.codings) > 1 else 1.0
        targets: dict[str, tuple[float, float]] = {"spoken": (1.0, weight)}
        for head, label in (
            ("reflection", "reflection"), ("question", "question"), ("input", "therapist input"),
            ("information", "information"), ("advice", "advice"),
        ):  # fmt: skip
            share = item.share(label)
            if share is not None:
                targets[head] = share, weight
        targets["uncoded"] = sum(coding.main == "other" for coding in item.codings) / len(item.codings), weight
        simple, complex_ = item.share("simple reflection") or 0.0, item.share("complex reflection") or 0.0
        if simple + complex_:
            targets["complex"] = complex_ / (simple + complex_), weight * (simple + complex_)
        if item.quality == "high":
            targets["confront"] = 0.0, DOUBT
        if BACKCHANNEL.match(item.reply):
            targets |= dict.fromkeys(("affirm", "seek", "emphasize", "confront"), (0.0, DOUBT))
        yield Example(item.occasion, tuple(split_utterances(item.reply)), item.group, targets)
