"""Dialogues as they lie in `tasks/<suite>/dialogues.jsonl`, and the rounds cut from them."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mibench.schema.miti import CODES, Code, Talk


class Record(BaseModel):
    """What every record is: frozen, strict about unknown fields, its numbers finite: what is undefined is null."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class TalkSpan(Record):
    """A stretch of a client turn that is one kind of talk."""

    text: str = Field(min_length=1)
    """The words, exactly as in the turn."""
    talk: Talk
    """Change talk, sustain talk or neutral, with respect to the dialogue's change goal."""


class Utterance(Record):
    """A complete thought of the counsellor, with the one MITI code it earns."""

    text: str = Field(min_length=1)
    """The words, exactly as in the turn."""
    code: Code | None
    """One of the ten MITI codes; null where the manual codes nothing."""
    probability: float | None = Field(default=None, ge=0, le=1)
    """The judge's probability of `code`, 0–1; absent for authored codes."""


class ClientTurn(Record):
    """What the client says."""

    speaker: Literal["client"] = "client"
    text: str = Field(min_length=1)
    """The whole turn."""
    talk: tuple[TalkSpan, ...]
    """Spans that tile the turn in order; empty where nobody has coded the turn."""
    asks_advice: bool = False
    """Whether the client asks what to do: advice that follows is Persuade *with* Permission."""
    angry: bool = False
    """Whether the client is angry at the counsellor."""
    risk: str | None = None
    """A danger in this turn that a good reply must notice, in English; absent where there is none."""

    @model_validator(mode="after")
    def _spans_tile(self) -> Self:
        _tile(self.text, [span.text for span in self.talk], "talk spans")
        return self


class CounsellorTurn(Record):
    """What the counsellor says: one volley."""

    speaker: Literal["counsellor"] = "counsellor"
    text: str = Field(min_length=1)
    """The whole volley."""
    utterances: tuple[Utterance, ...]
    """Coded utterances that tile the volley in order; empty where nobody has coded the volley."""

    @model_validator(mode="after")
    def _utterances_tile_and_obey_the_volley(self) -> Self:
        _tile(self.text, [utterance.text for utterance in self.utterances], "utterances")
        codes = [utterance.code for utterance in self.utterances if utterance.code]
        for code in CODES:
            if codes.count(code) > 1:
                raise ValueError(f"code {code} stands {codes.count(code)} times in one volley; MITI counts it once")
        for one, other in (("SR", "CR"), ("PwP", "Persuade")):
            if one in codes and other in codes:
                raise ValueError(f"{one} and {other} exclude each other in one volley")
        return self

    @property
    def codes(self) -> tuple[Code, ...]:
        """The volley's codes, each once, in the order of utterances."""
        return tuple(utterance.code for utterance in self.utterances if utterance.code)


Turn = Annotated[ClientTurn | CounsellorTurn, Field(discriminator="speaker")]


class Dialogue(Record):
    """A counselling conversation with every counsellor utterance and client span coded."""

    id: str = Field(pattern=r"^[a-z]{2}-[a-z0-9-]+-\d{2}$")
    """`<language>-<scenario>-<number>`, unique in its suite, e.g. `zh-smoking-01`."""
    language: Literal["zh", "en"]
    """Language of the talk."""
    topic: str
    """Health behaviour, one English word or hyphened words, e.g. `business-drinking`."""
    area: Literal[
        "tobacco", "alcohol", "eating", "movement", "sleep and screens", "treatment", "prevention", "mother and child",
        "gambling and drugs",
    ] | None  # fmt: skip
    """What the topic belongs to: wide enough for a slice with an interval; null where it belongs to none."""
    change_goal: str
    """The *behaviour* to be changed: MITI wants it declared before coding (manual, C)."""
    stage: Literal["precontemplation", "contemplation", "preparation", "action", "maintenance"] | None
    """The client's stage of change at the start; null, here and below, where the source does not tell."""
    resistance: Literal["low", "medium", "high"] | None
    """How hard the client pushes back."""
    client: str
    """One sentence about who the client is."""
    age: int | None = Field(ge=10, le=110)
    """Client's age in years."""
    sex: Literal["female", "male"] | None
    """Client's sex."""
    setting: Literal["city", "town", "rural"] | None
    """Where the client lives."""
    turns: tuple[Turn, ...]
    """Client first, strictly alternating, counsellor last."""
    provenance: str
    """Who wrote and who coded it."""
    licence: str
    """SPDX licence of this record."""

    @model_validator(mode="after")
    def _turns_alternate(self) -> Self:
        for number, turn in enumerate(self.turns):
            expected = "counsellor" if number % 2 else "client"
            if turn.speaker != expected:
                raise ValueError(f"turn {number + 1} is the {turn.speaker}'s; turns alternate, the client first")
        if len(self.turns) < 2 or len(self.turns) % 2:
            raise ValueError("a dialogue ends with the counsellor's turn")
        if self.id[:2] != self.language:
            raise ValueError(f"id {self.id} does not begin with the language {self.language}")
        return self


class Message(Record):
    """One entry of a chat history."""

    role: Literal["system", "user", "assistant"]
    content: str


class Round(Record):
    """A place where the counsellor must speak: the authored history up to the client's turn."""

    id: str
    """`<dialogue id>/<number>`, e.g. `zh-smoking-01/03`; numbers start at 01."""
    dialogue: Dialogue
    """The dialogue it was cut from."""
    number: int = Field(ge=1)
    """Place in the dialogue, from 1."""

    @property
    def history(self) -> tuple[ClientTurn | CounsellorTurn, ...]:
        """All turns before the reply, the client's last included."""
        return self.dialogue.turns[: 2 * self.number - 1]

    @property
    def client(self) -> ClientTurn:
        """The client's turn that the reply answers."""
        turn = self.dialogue.turns[2 * self.number - 2]
        assert isinstance(turn, ClientTurn)
        return turn

    @property
    def reference(self) -> CounsellorTurn:
        """What the authored counsellor said here."""
        turn = self.dialogue.turns[2 * self.number - 1]
        assert isinstance(turn, CounsellorTurn)
        return turn


def _tile(whole: str, pieces: list[str], name: str) -> None:
    if not pieces or "".join(pieces) == whole:
        return
    place = 0
    for number, piece in enumerate(pieces, 1):
        if not whole.startswith(piece, place):
            found = whole[place : place + max(12, len(piece))]
            raise ValueError(
                f"{name} do not tile the turn: span {number} is “{piece[:30]}”, the turn goes on “{found[:30]}”"
            )
        place += len(piece)
    raise ValueError(f"{name} do not tile the turn: “{whole[place : place + 30]}” at the end is in no span")
