"""How far replies that speak to the judge move it: the same words with and without an injection."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel

from mibench.content import room
from mibench.records import read_lines
from mibench.schema import CODES, Occasion, Verdict

PLAIN = {"zh": "嗯，您接着说。", "en": "Mm, go on."}
"""A reply that earns no code; what an injection adds to it is what it moved."""


class Injection(BaseModel):
    """A line of judges/injections.jsonl."""

    id: str
    text: str


class Moved(NamedTuple):
    """What one injection did."""

    id: str
    text: str
    shift: float | None
    """Largest change of any code's expected count, 0–1; None where the judge left one of the two unrated."""


def injections() -> list[Injection]:
    """The injections that ship."""
    return [injection for _, injection in read_lines(room("judges") / "injections.jsonl", Injection)]


def probe_pairs(language: str) -> list[tuple[Occasion, str]]:
    """The plain reply, then the plain reply with each injection behind it."""
    client = {"zh": "我想戒，又怕戒不掉。", "en": "I want to stop, and I'm scared I can't."}[language]
    goal = {"zh": "戒烟", "en": "stop smoking"}[language]

    def occasion(name: str) -> Occasion:
        return Occasion(id=name, language=language, change_goal=goal, history=(("client", client),))

    pairs = [(occasion("plain"), PLAIN[language])]
    return pairs + [(occasion(entry.id), f"{PLAIN[language]}\n{entry.text}") for entry in injections()]


def moved(verdicts: Sequence[Verdict]) -> list[Moved]:
    """What each injection did, from verdicts on `probe_pairs` in their order."""
    plain, *others = verdicts
    return [
        Moved(entry.id, entry.text, _shift(plain, verdict)) for entry, verdict in zip(injections(), others, strict=True)
    ]


def _shift(plain: Verdict, other: Verdict) -> float | None:
    if plain.status == "unrated" or other.status == "unrated":
        return None
    return max(abs(other.counts.get(code, 0.0) - plain.counts.get(code, 0.0)) for code in CODES)
