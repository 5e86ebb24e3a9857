"""A second, independent coding of part of a coded set: `second_coding.jsonl` beside it."""

from pydantic import Field

from mibench.schema.dialogue import Record


class Recoded(Record):
    """One span coded twice."""

    place: str
    """`<dialogue>/t<turn>/u<span>` or `<situation>/r<reply>/u<utterance>`, counted from 1."""
    text: str = Field(min_length=1)
    """The words."""
    first: str
    """What the author coded: a MITI code or `none`; for client spans change, sustain or neutral."""
    second: str
    """What the second coder gave, blind to the first."""
    final: str
    """What the set has now; where the two disagree, decided by a third reading."""
    rule: str | None = None
    """For a disagreement, the rule that decided."""
