"""Prompts of this room: folders in `judges/` with a prompt.yaml and a template a language."""

from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from mibench.content import room
from mibench.corpora.asking import Asked, Model
from mibench.errors import BadRecord, UsageError
from mibench.records import digest_of
from mibench.schema import Record, SourceTurn
from mibench.suites.fence import fence, unfenced

SPEAKERS = {"zh": {"client": "来访者", "counsellor": "咨询师"}, "en": {"client": "Client", "counsellor": "Counsellor"}}


class PromptCard(Record):
    """`prompt.yaml`."""

    name: str
    """Same as the folder's name."""
    version: str
    """Raised with every change that can change an answer."""
    title: str
    """What it is for, in a sentence."""
    languages: tuple[Literal["zh", "en"], ...]
    sampling: dict[str, float | int] = {}
    """`temperature`, `max_tokens` of the answer."""


class Prompt:
    """A prompt folder, the schema its answers have, and what its rubric is told."""

    def __init__(
        self, name: str, schema: dict[str, Any], sampling: dict[str, float | int] | None = None, **rubric: Any
    ) -> None:
        self.folder = room("judges") / name
        card = _card(self.folder / "prompt.yaml")
        self.card = card.model_copy(update={"sampling": card.sampling | (sampling or {})})
        self.schema = schema
        self.rubric = rubric

    @cached_property
    def digest(self) -> str:
        """Changes with the templates, the card, the schema and what the rubric is told."""
        files = {path.name: path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.jinja"))}
        return digest_of([self.card.model_dump(), files, self.schema, self.rubric])

    def question(
        self, model: Model, subject: str, language: str, turns: tuple[SourceTurn, ...], *, seed: int = 0, **told: str
    ) -> Asked:
        """The question about a conversation; `told` are further texts of the case, made harmless like the turns."""
        if language not in self.card.languages:
            raise UsageError(f"The prompt {self.card.name} has no template in {language}.")
        texts = [turn.text for turn in turns]
        key = digest_of([self.digest, model.digest, subject, texts, told, seed])
        case = {name: unfenced(text) for name, text in told.items()}
        history = [(SPEAKERS[language][turn.speaker], unfenced(turn.text)) for turn in turns]
        return Asked(
            key=key,
            subject=subject,
            system=self._render(language, part="rubric", **self.rubric),
            user=self._render(language, part="case", fence=fence(key), history=history, **case),
            schema=self.schema,
            sampling=self.card.sampling,
        )

    def again(self, question: Asked, answer: str, wrong: str) -> Asked:
        """The same question once more, with the last answer and what was wrong with it."""
        turns: tuple[tuple[Literal["assistant", "user"], str], ...] = (("assistant", answer or "…"), ("user", wrong))
        return question._replace(key=digest_of([question.key, answer, wrong]), turns=turns)

    def _render(self, language: str, **values: Any) -> str:
        return str(self._environment.get_template(f"{self.card.name}.{language}.jinja").render(**values)).strip()

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        return Environment(  # noqa: S701 - plain text, not HTML
            loader=FileSystemLoader(self.folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )


def object_of(**fields: Any) -> dict[str, Any]:
    """JSON schema of an object whose fields are all required, and no others allowed (OpenAI's strict subset)."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _card(path: Path) -> PromptCard:
    import yaml

    try:
        return PromptCard.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise BadRecord(path, 1, str(error).splitlines()[0]) from error
