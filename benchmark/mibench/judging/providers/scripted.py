"""A provider that reads its answers from a file: for tests, for teaching, for answers got elsewhere."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from mibench.judging.providers.provider import Answer, Question, Refused
from mibench.records import digest_of_files, read_lines


class ScriptedAnswer(BaseModel):
    """A line of the script."""

    subject: str = "*"
    """Round or dialogue id; `*` answers every subject that has no line of its own."""
    text: str
    """The answer."""
    finish: Literal["stop", "length", "refused"] = "stop"
    """How it ended."""


class ScriptedProvider:
    """`scripted/FILE`: of several lines for one subject the n-th answers its n-th question; the last goes on."""

    concurrency = 1
    weighs = True

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.script: dict[str, list[ScriptedAnswer]] = {}
        for _, answer in read_lines(self.path, ScriptedAnswer):
            self.script.setdefault(answer.subject, []).append(answer)
        self.asked: dict[str, int] = {}

    @property
    def name(self) -> str:
        """As the user wrote it."""
        return f"scripted/{self.path.name}"

    @property
    def identity(self) -> dict[str, Any]:
        """The file's content."""
        return {"provider": "scripted", "file": digest_of_files([self.path])}

    def open(self) -> None:
        """Nothing: the first question does what is slow."""

    async def ask(self, question: Question) -> Answer:
        """The script's answer. Raises Refused if there is none."""
        answers = self.script.get(question.subject) or self.script.get("*")
        if not answers:
            raise Refused(f"{self.path.name} has no answer for {question.subject}")
        turn = self.asked.get(question.subject, 0)
        self.asked[question.subject] = turn + 1
        answer = answers[min(turn, len(answers) - 1)]
        return Answer(answer.text, answer.finish, question.rough_tokens, 0, len(answer.text))

    async def close(self) -> None:
        """Nothing to let go of."""
