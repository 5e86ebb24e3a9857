"""A judge folder's prompts put to a provider's model."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from mibench.errors import UsageError
from mibench.judging.prompted import reading, schemas
from mibench.judging.prompted.reading import Unreadable
from mibench.judging.providers import Provider, Question
from mibench.judging.registry import JudgeCard
from mibench.judging.volley import VOLLEY_RULES
from mibench.records import digest_of
from mibench.schema import Occasion, Verdict
from mibench.suites.fence import fence, unfenced

SPEAKERS = {"zh": {"client": "来访者", "counsellor": "咨询师"}, "en": {"client": "Client", "counsellor": "Counsellor"}}

REPAIR = {
    "zh": "这个回答用不了：{why}。请只回答一个改正后的 JSON 对象，别的什么都不要写。",
    "en": "This answer cannot be used: {why}. Answer with one corrected JSON object and nothing else.",
}


class PromptedJudge:
    """`PROTOCOL:PROVIDER/MODEL`, e.g. `panel:openai/gpt-4.1`."""

    def __init__(
        self,
        card: JudgeCard,
        folder: Path,
        provider: Provider,
        *,
        rubric_language: str | None = None,
        repeats: int | None = None,
    ) -> None:
        self.card = card
        self.folder = folder
        self.provider = provider
        self.rubric_language = rubric_language
        self.repeats = repeats or card.repeats

    @property
    def name(self) -> str:
        """As the user wrote it, without a path."""
        return f"{self.card.name}:{self.provider.name}"

    @property
    def prompts(self) -> tuple[str, ...]:
        """What it asks about each subject, a call each."""
        return self.card.prompts

    @cached_property
    def digest(self) -> str:
        """Changes with the prompts, the schemas, the model, the sampling, the reader and the volley rules."""
        paths = sorted(path for prompt in self.card.prompts for path in self.folder.glob(f"{prompt}.*.jinja"))
        files = {path.name: path.read_text(encoding="utf-8") for path in paths}
        schema = {prompt: self._schema(prompt) for prompt in self.prompts}
        parts = [self.card.version, files, schema, self.card.sampling, self.provider.identity]
        return digest_of([self.card.name, *parts, self.rubric_language, reading.READER, VOLLEY_RULES])

    def questions(self, occasion: Occasion, reply: str, reply_digest: str, repeat: int) -> list[Question]:
        """One question a prompt. `reply` is empty where a whole dialogue, in `occasion.history`, is judged."""
        return [self._question(prompt, occasion, reply, reply_digest, repeat) for prompt in self.prompts]

    def _question(self, prompt: str, occasion: Occasion, reply: str, reply_digest: str, repeat: int) -> Question:
        language = self.rubric_language or occasion.language
        # Nobody can write the mark into a reply beforehand: it depends on the whole of what stands between the marks.
        mark = fence(self.digest, occasion.id, reply_digest)
        told = {
            "fence": mark,
            "change_goal": _one_line(occasion.change_goal),
            "risk": occasion.risk or "",
            "history": [(SPEAKERS[language][speaker], unfenced(words)) for speaker, words in occasion.history],
            "reply": unfenced(reply),
        }
        return Question(
            key=digest_of([self.digest, prompt, occasion.id, reply_digest, repeat, 0]),
            subject=occasion.id,
            system=self._render(prompt, language, part="rubric"),
            user=self._render(prompt, language, part="case", **told),
            schema=self._schema(prompt),
            sampling=self.card.sampling,
            options=self.options(language),
        )

    def options(self, _language: str) -> tuple[str, ...]:
        """The words whose probability is the answer; none where the answer is written out."""
        return ()

    def read(self, prompt: str, text: str, occasion: Occasion, reply: str) -> Verdict:
        """What an answer says. Raises Unreadable."""
        answer = reading.json_object(text)
        if self.card.name == "panel":
            return reading.read_panel(answer, reply)
        if self.card.name == "codes":
            return reading.read_codes(answer, reply, asked=occasion.asks_advice)
        if self.card.name == "safety":
            return reading.read_safety(answer, reply)
        return reading.read_global(prompt, answer, "\n".join(words for _, words in occasion.history))

    def repair(self, question: Question, text: str, fault: Unreadable, language: str) -> Question | None:
        """The same question once more, with the answer that did not fit and what was wrong with it; None if in vain."""
        said = REPAIR[self.rubric_language or language].format(why=fault)
        return Question(
            key=digest_of([question.key, 1]),
            subject=question.subject,
            system=question.system,
            user=question.user,
            schema=question.schema,
            turns=(("assistant", text[:4000] or "…"), ("user", said)),
            sampling=question.sampling,
        )

    def together(self, verdicts: Sequence[Verdict]) -> Verdict:
        """The verdicts of all prompts as one."""
        return reading.together(verdicts)

    def _schema(self, prompt: str) -> dict[str, Any]:
        return {"panel": schemas.PANEL, "codes": schemas.CODES_SCHEMA, "safety": schemas.SAFETY}.get(
            prompt, schemas.GLOBAL
        )

    def _render(self, prompt: str, language: str, **values: Any) -> str:
        template = self._environment.get_template(f"{prompt}.{language}.jinja")
        return str(template.render(**values)).strip()

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        for prompt in self.card.prompts:
            for language in self.card.languages:
                if not (self.folder / f"{prompt}.{language}.jinja").is_file():
                    raise UsageError(f"The judge {self.card.name} has no {prompt}.{language}.jinja in {self.folder}.")
        return Environment(  # noqa: S701 - plain text, not HTML
            loader=FileSystemLoader(self.folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )


def _one_line(text: str) -> str:
    return " ".join(text.split())
