"""Counselling dialogues of other people as loaders give them, and what loading, rating and transcribing says of them."""

from typing import Literal, Self

from pydantic import Field, model_validator

from mibench.schema.coded import Note
from mibench.schema.dialogue import Dialogue, Record

Speaker = Literal["client", "counsellor"]


class SourceTurn(Record):
    """What one side says until the other speaks."""

    speaker: Speaker
    text: str = Field(min_length=1)


class SourceDialogue(Record):
    """A dialogue from somebody's corpus, brought into one form: the client opens, the two take turns."""

    id: str = Field(min_length=1)
    """`<corpus>/<name in the corpus>`, e.g. `cpsycound/case_1003`."""
    corpus: str
    """Name of its loader."""
    language: Literal["zh", "en"]
    topic: str | None = None
    """The corpus's own word for what it is about, where it has one."""
    group: str
    """What a split never separates: the same string for dialogues of one client or case; else the id."""
    turns: tuple[SourceTurn, ...] = Field(min_length=2)
    """Strictly alternating, the client first; it may end with either."""
    mended: tuple[str, ...] = ()
    """What the loader changed in it, as in the report."""
    licence: str
    """As its corpus states it; the stricter where two places differ."""

    @model_validator(mode="after")
    def _turns_alternate(self) -> Self:
        for number, turn in enumerate(self.turns):
            expected = "counsellor" if number % 2 else "client"
            if turn.speaker != expected:
                raise ValueError(f"turn {number + 1} is the {turn.speaker}'s; turns alternate, the client first")
        return self

    @property
    def rounds(self) -> int:
        """Times the counsellor speaks."""
        return len(self.turns) // 2

    def words_of(self, speaker: Speaker) -> str:
        """All that one side says, a line a turn."""
        return "\n".join(turn.text for turn in self.turns if turn.speaker == speaker)


class LoadReport(Record):
    """What was found, mended and left out on loading a corpus: no silence."""

    corpus: str
    licence: str
    found: int = Field(ge=0)
    """Dialogues met."""
    loaded: int = Field(ge=0)
    """Dialogues handed on."""
    irregular: int = Field(ge=0)
    """Dialogues, of those found, that did not alternate client and counsellor as they stood, or were left out."""
    rounds: int = Field(ge=0)
    """Counsellor turns handed on."""
    characters: int = Field(ge=0)
    """Characters handed on."""
    mended: tuple[Note, ...] = ()
    """What was changed, each with how often."""
    left_out: tuple[Note, ...] = ()
    """Why dialogues were left out, each with how many."""
    digest: str
    """sha256 over all dialogues handed on, in order."""


class SourceRating(Record):
    """One rating of one source dialogue on the four dimensions; one repeat."""

    dialogue: str
    corpus: str
    repeat: int = Field(ge=0)
    status: Literal["rated", "unrated"]
    reason: str = ""
    """Why it is unrated."""
    scores: dict[str, int] = {}
    """Dimension → score, 1 (worst) to 5."""
    evidence: dict[str, str] = {}
    """Dimension → the words the score rests on, found in the dialogue."""
    cost: float | None = Field(default=None, ge=0)
    """US dollars; absent where the price is unknown."""


class Transcript(Record):
    """What became of one source dialogue that was to be rewritten in MI style."""

    source: str
    """Id of the source dialogue."""
    group: str
    """That of the source dialogue."""
    status: Literal["kept", "no goal", "dropped"]
    """`no goal`: the source holds no behaviour to be changed, which MITI needs."""
    why: str = ""
    """Why it was not kept: the gate and what it found."""
    tries: int = Field(ge=1)
    """Times the model was asked."""
    failed: tuple[str, ...] = ()
    """The gate that each failed try failed at, in order."""
    measures: dict[str, float] = {}
    """What the gates measured on the last try: rounds, r_to_q, percent_cr, mina, facts_kept, copied …"""
    dialogue: Dialogue | None = None
    """The rewritten dialogue; only where it is kept."""
