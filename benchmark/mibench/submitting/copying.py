"""Replies that are another's: of another submission, or the suite's own authored ones.

Two replies to one round are the same when nothing but case, white space and punctuation differs, and nearly the same when
the sets of their three-character pieces have a Jaccard likeness of .8. Short replies, “嗯。” or “Tell me more.”, are everybody's:
only rounds count where both replies have LONG characters or more (a letter of an alphabet counts half).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from mibench.schema.submission import Submission
from mibench.submitting.findings import Findings
from mibench.submitting.names import slug

LONG = 12
NEAR = 0.8
ENOUGH = 20
"""Rounds with two long replies; with fewer nothing is said."""
LOOKED_AT = 60
ANOTHERS = 0.9
"""Share of these rounds with the same or nearly the same reply from which they are another's."""
MANY = 0.3
"""Share from which a person looks. Of the three counsellors that ship no two share any of 400 long replies in mi_zh."""
REFERENCE_MANY = 0.1
"""The same for the authored replies, which no model should know."""


class Shared(NamedTuple):
    """How much of two sets of replies is the same."""

    rounds: int
    """Rounds where both replies are long."""
    same: int
    near: int
    """Nearly the same, the same not among them."""

    @property
    def share(self) -> float:
        """Of the rounds; 0 where there are too few of them."""
        return (self.same + self.near) / self.rounds if self.rounds >= ENOUGH else 0.0


class Other(NamedTuple):
    """Another submission."""

    id: str
    said: Submission
    revisions: Mapping[str, str]
    """Suite → the mark of its weights; empty where none was told."""
    replies: Mapping[str, Mapping[str, str]]
    """Suite → round → `plain` reply."""


def plain(text: str) -> str:
    """Letters and digits alone, in one width and case."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def shared(one: Mapping[str, str], other: Mapping[str, str]) -> Shared:
    """Between two sets of `plain` replies, round by round.

    Where none of LOOKED_AT rounds that differ is nearly the same, no more are looked at: of a tenth alike that misses 2 in
    1,000.
    """
    pairs = [(mine, other[round_]) for round_, mine in one.items() if round_ in other]
    both = [(mine, theirs) for mine, theirs in pairs if _long(mine) and _long(theirs)]
    differ = [pair for pair in both if pair[0] != pair[1]]
    near = 0
    if any(_near(*pair) for pair in differ[:: max(1, len(differ) // LOOKED_AT)]):
        near = sum(_near(*pair) for pair in differ)
    return Shared(len(both), len(both) - len(differ), near)


def check_reference(suite: str, mine: Mapping[str, str], reference: Mapping[str, str], findings: Findings) -> None:
    """Against the authored replies of the suite."""
    found = shared(mine, reference)
    where = f"{suite}/replies.jsonl.gz:1"
    if found.share >= ANOTHERS:
        findings.error(
            where,
            f"its replies are the suite's own authored ones: the same in {found.same} and nearly the same in {found.near} of {found.rounds} rounds with long replies. Submit what the model says.",
        )
    elif found.share >= REFERENCE_MANY:
        findings.alarm(
            where,
            f"{found.same} of {found.rounds} long replies are the same as the suite's authored ones and {found.near} nearly: has the model seen the suite?",
        )


def check_others(mine: Other, others: Sequence[Other], findings: Findings) -> None:
    """Against other submissions: an error where the replies are those of an older one from other weights."""
    for other in others:
        for suite, replies in mine.replies.items():
            found = shared(replies, other.replies.get(suite, {}))
            if found.share >= MANY:
                _tell(suite, mine, other, found, findings)


def _tell(suite: str, mine: Other, other: Other, found: Shared, findings: Findings) -> None:
    where = f"{suite}/replies.jsonl.gz:1"
    what = f"{found.same} of {found.rounds} long replies are the same as those of {other.id} and {found.near} nearly the same"
    revision = mine.revisions.get(suite)
    if _sender(mine.said) == _sender(other.said):
        findings.note(where, f"{what}: another submission of the same model by the same sender.")
    elif revision and revision == other.revisions.get(suite):
        findings.alarm(where, f"{what}, which states the same weights ({revision[:24]}): one model twice?")
    elif found.share >= ANOTHERS and other.said.date <= mine.said.date:
        findings.error(where, f"{what}: these are the replies of that submission. Submit what this model says.")
    else:
        findings.alarm(where, f"{what}: whose are they?")


def _sender(said: Submission) -> tuple[str, str]:
    return slug(said.name), slug(said.organisation)


@lru_cache(maxsize=1 << 18)
def _long(text: str) -> bool:
    return sum(0.5 if char < "\u2e80" else 1 for char in text) >= LONG


def _near(one: str, other: str) -> bool:
    if not NEAR <= len(one) / len(other) <= 1 / NEAR:
        return False
    mine, theirs = _pieces(one), _pieces(other)
    return len(mine & theirs) >= NEAR * len(mine | theirs)


def _pieces(text: str) -> set[str]:
    return {text[start : start + 3] for start in range(len(text) - 2)}
