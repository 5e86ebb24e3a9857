"""A judge is a folder in `judges/` with a judge.yaml, a README and whatever it needs."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from mibench.content import room
from mibench.errors import BadRecord, UnknownName, UsageError
from mibench.judging.judge import Judge
from mibench.schema import Record


class JudgeCard(Record):
    """`judge.yaml`."""

    name: str
    """Same as the folder's name."""
    kind: Literal["offline", "scripted"]
    """How it works: a trained coder on this machine, or answers read from a file."""
    version: str
    """Raised with every change that can change a verdict."""
    title: str
    """One line for lists."""
    evidence: str
    """One sentence for every table and report: how far its codes are to be trusted."""
    languages: tuple[Literal["zh", "en"], ...]
    """Languages it was made for."""
    cost_per_100: float | None = Field(default=None, ge=0)
    """US dollars for 100 rounds; null if unknown."""


def judge_names() -> list[str]:
    """Names of the judges that ship, sorted."""
    return sorted(path.parent.name for path in room("judges").glob("*/judge.yaml"))


def judge_card(name: str) -> JudgeCard:
    """The card of a judge. Raises UnknownName with the judges that exist; BadRecord if its judge.yaml is wrong."""
    import yaml

    path = room("judges") / name / "judge.yaml"
    if name not in judge_names():
        raise UnknownName("judge", name, judge_names())
    try:
        return JudgeCard.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadRecord(path, 1, str(error).splitlines()[0]) from error


def load_judge(spec: str) -> Judge:
    """A judge ready to rate. `spec` is a name, or `scripted:FILE` for verdicts written in a file.

    Raises UnknownName, or UsageError when `scripted` comes without a file.
    """
    name, _, argument = spec.partition(":")
    card = judge_card(name)
    if card.kind == "scripted":
        from mibench.judging.scripted import ScriptedJudge

        if not argument:
            raise UsageError("The judge scripted reads its verdicts from a file: --judge scripted:FILE.jsonl")
        return ScriptedJudge(Path(argument))
    if argument:
        raise UsageError(f"The judge {name} takes no argument, so “:{argument}” has no meaning.")
    from mibench.judging.offline import OfflineJudge

    return OfflineJudge(room("judges") / name, card.version)
