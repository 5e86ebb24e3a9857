"""An utterance in its volley, after a client's words, as a bag of hashed features: no text can be read back from it.

Character and word n-grams of the utterance, character n-grams of its neighbour in the volley, and a few facts a coder
looks at: does it repeat the client's words, does it end in a question, does it say you or I, is the client asking.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType

BITS = 16
SIZE = 1 << BITS
"""Number of hash buckets."""

VOLLEY_BITS = 17
"""As `BITS`, for whole volleys."""

NOT_WORD = re.compile(r"[^\w]+")


def features(
    utterance: str, volley: Sequence[str], place: int, client: str, asks: bool, language: str
) -> dict[int, float]:
    """Bucket → weight, unit length per block, for the utterance at `place` in `volley`.

    `asks` says that the client is known to ask for advice; the words are looked at too.
    """
    cues = import_module(f"mibench.judging.offline.cues_{language}")
    shortest, longest = cues.CHARACTER_GRAMS
    bag: dict[int, float] = {}
    _add(bag, "", _grams(utterance, shortest, longest), 1.0)
    _add(bag, "w", _word_grams(cues.words(utterance)), 0.7)
    if place:
        _add(bag, "<", _grams(volley[place - 1], shortest, shortest + 1), 0.35)
    if place + 1 < len(volley):
        _add(bag, ">", _grams(volley[place + 1], shortest, shortest + 1), 0.25)
    _add(bag, "c", _grams(client[-40 * shortest :], shortest + 1, shortest + 1), 0.2)
    _add(bag, "=", _facts(utterance, volley, place, client, asks, cues), 1.2)
    return bag


def volley_features(pieces: Sequence[str], client: str, language: str) -> dict[int, float]:
    """Bucket → weight for a whole volley: its n-grams, how its sentences begin and how it ends."""
    cues = import_module(f"mibench.judging.offline.cues_{language}")
    shortest, longest = cues.CHARACTER_GRAMS
    size = 1 << VOLLEY_BITS
    words = [cues.words(piece) for piece in pieces]
    bag: dict[int, float] = {}
    _add(bag, "", (gram for piece in pieces for gram in _grams(piece, shortest, longest)), 1.0, size)
    _add(bag, "w", (gram for sentence in words for gram in _word_grams(sentence)), 1.0, size)
    _add(bag, "(", (" ".join(sentence[:n]) for sentence in words for n in (1, 2, 3)), 0.5, size)
    _add(bag, ")", (" ".join(words[-1][-n:]) for n in (1, 2, 3)), 0.5, size)
    _add(bag, "c", _grams(client[-40 * shortest :], shortest + 1, shortest + 1), 0.2, size)
    return bag


def _add(bag: dict[int, float], prefix: str, tokens: Iterator[str], weight: float, size: int = SIZE) -> None:
    block = {zlib.crc32(f"{prefix}\0{token}".encode()) & (size - 1) for token in tokens}
    for bucket in block:
        bag[bucket] = bag.get(bucket, 0.0) + weight / len(block) ** 0.5


def _grams(text: str, shortest: int, longest: int) -> Iterator[str]:
    text = f"^{NOT_WORD.sub(' ', text).strip().lower()}$"
    for n in range(shortest, longest + 1):
        for start in range(len(text) - n + 1):
            yield text[start : start + n]


def _word_grams(words: list[str]) -> Iterator[str]:
    yield from words
    yield from (f"{one} {two}" for one, two in zip(words, words[1:]))  # noqa: B905, RUF007 - the last word has no next


def _facts(
    utterance: str, volley: Sequence[str], place: int, client: str, asks: bool, cues: ModuleType
) -> Iterator[str]:
    for name, pattern in cues.CUES:
        if pattern.search(utterance):
            yield name
    if asks or cues.ASKS.search(client.lower()):
        yield "client-asks"
        if any(pattern.search(utterance) for name, pattern in cues.CUES if name in ("must", "suggest")):
            yield "advice-after-asking"
    if any(pattern.search(other) for other in volley for name, pattern in cues.CUES if name == "choice"):
        yield "choice-in-volley"
    said, heard = cues.words(utterance), cues.words(client)
    yield f"length{min(6, len(said) // 7)}"
    yield f"volley{min(4, len(volley))}"
    yield "first" if place == 0 else "last" if place == len(volley) - 1 else "middle"
    yield f"words{int(5 * _share(set(said), set(heard)))}"
    flat, flat_client = (NOT_WORD.sub("", text).translate(cues.SWAP).lower() for text in (utterance, client))
    yield f"echo{int(5 * _share(_pairs(flat), _pairs(flat_client)))}"
    yield f"run{min(5, _longest_run(flat[:160], flat_client) // (2 * cues.CHARACTER_GRAMS[0]))}"


def _share(said: set[str], heard: set[str]) -> float:
    return len(said & heard) / len(said) if said else 0.0


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


def _longest_run(said: str, heard: str) -> int:
    best = 0
    for start in range(len(said)):
        while start + best < len(said) and said[start : start + best + 1] in heard:
            best += 1
    return best
