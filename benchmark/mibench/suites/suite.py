"""A suite: a folder in `tasks/` with its dialogues, its counsellor prompt and the YAML that lm-eval reads."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mibench.content import room
from mibench.errors import BadRecord, UnknownName, UsageError
from mibench.records import digest_of, read_lines
from mibench.schema import Dialogue, Occasion, Round


@dataclass(frozen=True)
class Suite:
    """A test set, read and checked."""

    name: str
    folder: Path
    dialogues: tuple[Dialogue, ...]

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """Every place where the counsellor must speak, in order."""
        return tuple(
            Round(id=f"{dialogue.id}/{number:02d}", dialogue=dialogue, number=number)
            for dialogue in self.dialogues
            for number in range(1, len(dialogue.turns) // 2 + 1)
        )

    @cached_property
    def digest(self) -> str:
        """sha256 over all dialogues: text, codes and slices."""
        return digest_of([dialogue.model_dump(mode="json") for dialogue in self.dialogues])

    @cached_property
    def prompt(self) -> str:
        """The Jinja template of the counsellor prompt. Raises UsageError if the folder has none."""
        path = self.folder / "counsellor.jinja"
        if not path.is_file():
            raise UsageError(f"The suite {self.name} has no counsellor prompt: expected {path}.")
        return path.read_text(encoding="utf-8")

    @cached_property
    def prompt_digest(self) -> str:
        """sha256 over the counsellor prompt's template."""
        return digest_of(self.prompt)


def suite_names() -> list[str]:
    """Names of the suites that ship, sorted."""
    return sorted(path.parent.name for path in room("tasks").glob("*/dialogues.jsonl"))


def load_suite(name: str | Path) -> Suite:
    """The suite called `name`, or the one in the folder `name` if it is a path with a `dialogues.jsonl`.

    Raises UnknownName with the suites that exist; BadRecord (file:line) for a line that does not fit or an id that
    stands twice.
    """
    folder = Path(name)
    if not (folder / "dialogues.jsonl").is_file():
        if str(name) not in suite_names():
            raise UnknownName("suite", str(name), suite_names(), "A folder with a dialogues.jsonl works too.")
        folder = room("tasks") / name
    return Suite(folder.resolve().name, folder.resolve(), tuple(read_dialogues(folder / "dialogues.jsonl")))


def read_dialogues(path: Path) -> list[Dialogue]:
    """All dialogues of a file. Raises BadRecord (file:line) for a line that does not fit or an id that stands twice."""
    seen: dict[str, int] = {}
    dialogues = []
    for line, dialogue in read_lines(path, Dialogue):
        if dialogue.id in seen:
            raise BadRecord(
                path, line, f"id {dialogue.id} stands already in line {seen[dialogue.id]}; ids are unique in a suite"
            )
        seen[dialogue.id] = line
        dialogues.append(dialogue)
    if not dialogues:
        raise UsageError(f"{path} holds no dialogue.")
    return dialogues


def occasion_of(round_: Round) -> Occasion:
    """What a judge is told about a round."""
    return Occasion(
        id=round_.id,
        language=round_.dialogue.language,
        change_goal=round_.dialogue.change_goal,
        history=tuple((turn.speaker, turn.text) for turn in round_.history),
        asks_advice=round_.client.asks_advice,
        risk=round_.client.risk,
    )
