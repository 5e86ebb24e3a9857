"""What a rewriting model answers: its schema, and reading it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from mibench.corpora.prompts import Prompt, object_of
from mibench.records.loose_json import last_object
from mibench.schema import Call, SourceTurn

AREAS = (
    "tobacco", "alcohol", "eating", "movement", "sleep and screens", "treatment", "prevention", "mother and child",
    "gambling and drugs",
)  # fmt: skip
STAGES = ("precontemplation", "contemplation", "preparation", "action", "maintenance")


def _or_null(*values: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "enum": list(values)}, {"type": "null"}]}


_TEXT = {"type": "string"}
SCHEMA = object_of(
    facts={"type": "array", "items": _TEXT},
    change_goal=_TEXT,
    why_no_goal=_TEXT,
    topic=_TEXT,
    area=_or_null(*AREAS),
    stage=_or_null(*STAGES),
    resistance=_or_null("low", "medium", "high"),
    client=_TEXT,
    age={"anyOf": [{"type": "integer"}, {"type": "null"}]},
    sex=_or_null("female", "male"),
    setting=_or_null("city", "town", "rural"),
    turns={
        "type": "array",
        "items": object_of(speaker={"type": "string", "enum": ["client", "counsellor"]}, text=_TEXT),
    },
)


def _known(*values: str) -> BeforeValidator:
    """What is none of `values` is not known."""
    return BeforeValidator(lambda value: value if value in values else None)


def _age(value: Any) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) and 10 <= value <= 110 else None


class Draft(BaseModel):
    """A rewritten dialogue as the model gives it. Only goal, client and turns can make it unusable."""

    change_goal: str
    why_no_goal: str = ""
    topic: str = ""
    area: Annotated[str | None, _known(*AREAS)] = None
    stage: Annotated[str | None, _known(*STAGES)] = None
    resistance: Annotated[str | None, _known("low", "medium", "high")] = None
    client: str = ""
    age: Annotated[int | None, BeforeValidator(_age)] = None
    sex: Annotated[str | None, _known("female", "male")] = None
    setting: Annotated[str | None, _known("city", "town", "rural")] = None
    turns: list[SourceTurn] = Field(default_factory=list)

    def words_of(self, speaker: Literal["client", "counsellor"]) -> str:
        """All that one side says, a line a turn."""
        return "\n".join(turn.text for turn in self.turns if turn.speaker == speaker)


def transcribing_prompt(
    min_rounds: int, max_rounds: int, *, without_goal: bool, max_tokens: int | None = None
) -> Prompt:
    """The prompt in `judges/transcribe`.

    `without_goal`: write the dialogue even where there is no goal; `max_tokens`: longest answer, None as the prompt says.
    """
    return Prompt(
        "transcribe",
        SCHEMA,
        {"max_tokens": max_tokens} if max_tokens else None,
        min_rounds=min_rounds,
        max_rounds=max_rounds,
        without_goal="write" if without_goal else "leave",
    )


def read_draft(answer: Call | str) -> Draft | str:
    """The draft, or what is wrong with the answer."""
    if isinstance(answer, str):
        return answer
    if answer.finish != "stop":
        return "cut at the token limit" if answer.finish == "length" else "the model refused"
    found = last_object(answer.text)
    if found is None:
        return "no JSON object"
    try:
        return Draft.model_validate(found)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
