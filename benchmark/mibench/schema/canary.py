"""Drift: the same replies, judged again."""

from typing import Literal

from pydantic import Field

from mibench.schema.dialogue import Record
from mibench.schema.miti import Code


class CanaryItem(Record):
    """A line of `judges/canary/<language>.jsonl`: a reply to be judged again and again. Its words stand in its set."""

    id: str
    """`<situation>/r<reply>` of the contrast set, or a round's id, whose reference reply is meant."""
    source: str
    """`contrast`, or the suite's name."""
    digest: str
    """sha256 over the reply and what stands before it."""


class CanaryAnswer(Record):
    """What a judge said of one reply."""

    id: str
    counts: dict[Code, float] | None = None
    """Code → expected count, 0–1; null where unrated."""
    reason: str = ""
    """Why it is unrated."""


class CanaryAnswers(Record):
    """A judge's answers to the whole set, at one time."""

    judge: str
    digest: str
    """sha256 over everything that shapes the judge's answers, as far as it can be seen from here."""
    set_digest: str
    """sha256 over the canary's ids and texts."""
    date: str
    """ISO 8601, UTC."""
    answers: tuple[CanaryAnswer, ...]


class CanaryShift(Record):
    """One code in one language: how its share moved."""

    language: Literal["zh", "en"]
    code: Code | None
    """Null for all codes together."""
    then: float
    """Mean expected count for a reply, 0–1 (all codes together: codes for a reply)."""
    now: float
    shift: float
    """now − then."""
    p: float | None
    """Two-sided: the answers of whole situations swapped between then and now; null where undefined."""
    p_holm: float | None = None
    """Adjusted for all codes and languages (Holm 1979)."""


class CanaryResult(Record):
    """Now against the first time."""

    judge: str
    digest: str
    """Of the judge now."""
    digest_then: str
    date: str
    """ISO 8601, UTC."""
    date_then: str
    replies: int
    """Rated both times."""
    situations: int
    """What the test swaps whole."""
    unrated: int
    """Left out: unrated now or then."""
    newly_unrated: int
    """Of these, rated then."""
    changed: int
    """Replies with another decision (share above or below one half) on any code."""
    distance: float | None
    """Mean over replies and codes of |now − then|, 0–1."""
    shifts: tuple[CanaryShift, ...]
    arrangements: int
    seed: int

    @property
    def largest(self) -> CanaryShift:
        """The code that moved furthest."""
        return max((shift for shift in self.shifts if shift.code), key=lambda shift: abs(shift.shift))

    @property
    def drifted(self) -> bool:
        """Whether any code's shift is told from chance at 5 % after adjustment."""
        return any(shift.p_holm is not None and shift.p_holm < 0.05 for shift in self.shifts)


class CanaryFile(Record):
    """`judges/<name>/canary/<judge>.json`."""

    format: Literal[1] = 1
    first: CanaryAnswers
    last: CanaryResult | None = None
    """The last time it was judged again; null where it never was."""


class CanaryMark(Record):
    """In a run's manifest: what the canary last said of a judge before it judged."""

    set_digest: str
    date: str
    """Of the last look; ISO 8601, UTC."""
    since: str
    """Date of the answers it was held against."""
    largest: float | None = Field(default=None, ge=-1, le=1)
    """The furthest shift of any code's share; null where the canary was judged once only."""
    code: Code | None = None
    """Of which code."""
    p: float | None = None
    """Its p-value, adjusted (Holm)."""
    drifted: bool = False
    """Whether any shift is told from chance at 5 %."""
