"""Contrast sets: one client turn answered in every way that MITI tells apart."""

from typing import Literal, Self

from pydantic import Field, model_validator

from mibench.schema.dialogue import CounsellorTurn, Record, Utterance
from mibench.schema.miti import Code
from mibench.schema.run import Occasion


class ContrastReply(Record):
    """One coded reply to the situation."""

    utterances: tuple[Utterance, ...] = Field(min_length=1)
    """Coded utterances; together they are the reply."""
    rule: str | None = None
    """For a border case, the rule that decides it."""

    @model_validator(mode="after")
    def _obeys_the_volley(self) -> Self:
        CounsellorTurn(text=self.text, utterances=self.utterances)
        return self

    @property
    def text(self) -> str:
        """The whole reply."""
        return "".join(utterance.text for utterance in self.utterances)

    @property
    def codes(self) -> frozenset[Code]:
        """The volley's codes."""
        return frozenset(utterance.code for utterance in self.utterances if utterance.code)


class Situation(Record):
    """A client turn with contrasting replies."""

    id: str = Field(pattern=r"^[a-z]{2}-[a-z]\d{2}$")
    """`<language>-<letter><number>`, unique in its set."""
    language: Literal["zh", "en"]
    topic: str
    """Health behaviour, one English word or hyphened words."""
    change_goal: str
    """The behaviour to be changed."""
    before: str | None = None
    """What the counsellor had said before, if it matters."""
    client: str
    """The client's turn."""
    split: Literal["train", "heldout"]
    """A situation is learned from or tested on, never both."""
    replies: tuple[ContrastReply, ...]
    provenance: str
    """Who wrote and who coded it."""
    licence: str
    """SPDX licence of this record."""

    @property
    def occasion(self) -> Occasion:
        """What a judge is told."""
        opening: tuple[tuple[Literal["counsellor"], str], ...] = (("counsellor", self.before),) if self.before else ()
        return Occasion(
            id=self.id,
            language=self.language,
            change_goal=self.change_goal,
            history=(*opening, ("client", self.client)),
        )
