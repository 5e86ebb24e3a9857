"""A judge is a folder in `judges/` with a judge.yaml, a README and whatever it needs.

A second way to ask the same has a card of its own beside it: `judges/panel/logprobs.yaml` is `panel+logprobs`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from mibench.cluster import Workers
from mibench.content import room
from mibench.errors import BadRecord, UnknownName, UsageError
from mibench.schema import Rates, Record

if TYPE_CHECKING:
    from mibench.judging.judge import Judge
    from mibench.judging.prompted import PromptedJudge


class JudgeCard(Record):
    """`judge.yaml`."""

    name: str
    """Same as the folder's name; with `+` and the file's name where the card is not judge.yaml."""
    kind: Literal["offline", "scripted", "prompted", "weighed"]
    """How it works: a trained coder on this machine, verdicts read from a file, a language model with prompts, or the
    probability that a language model gives to yes and no."""
    rates: Rates = "reply"
    """What it rates: each reply, each reply to a risk, or each whole dialogue."""
    prompts: tuple[str, ...] = ()
    """Names of its prompts: `<name>.<language>.jinja` in the folder, a call each."""
    repeats: int = Field(default=1, ge=1)
    """Times each subject is rated unless the user says otherwise."""
    sampling: dict[str, float | int] = {}
    """`temperature`, `max_tokens` of the answer."""
    version: str
    """Raised with every change that can change a verdict."""
    title: str
    """One line for lists."""
    evidence: str
    """One sentence for every table and report: how far its codes are to be trusted."""
    languages: tuple[Literal["zh", "en"], ...]
    """Languages it was made for."""
    trained_on: tuple[str, ...] = ()
    """Corpora of people's codes that it learned from, by their loaders' names: a trial on these would flatter it."""


def judge_names() -> list[str]:
    """Names of the judges that ship, sorted."""
    return sorted(path.parent.name for path in room("judges").glob("*/judge.yaml"))


def all_judges() -> list[str]:
    """Every name that `judge_card` knows: the judges, and their other ways of asking."""
    found = (
        path.parent.name if path.stem == "judge" else f"{path.parent.name}+{path.stem}"
        for name in judge_names()
        for path in (room("judges") / name).glob("*.yaml")
    )
    return sorted(found)


def judge_card(name: str) -> JudgeCard:
    """The card of a judge. Raises UnknownName with the judges that exist; BadRecord if its judge.yaml is wrong."""
    import yaml

    folder, _, way = name.partition("+")
    path = room("judges") / folder / f"{way or 'judge'}.yaml"
    if folder not in judge_names():
        raise UnknownName("judge", folder, judge_names())
    if way and not path.is_file():
        ways = [other for other in all_judges() if "+" in other]
        raise UsageError(f"The judge {folder} cannot be asked for {way}. There is: {', '.join(ways)}.")
    try:
        return JudgeCard.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadRecord(path, 1, str(error).splitlines()[0]) from error


def load_judge(
    spec: str,
    *,
    url: str | None = None,
    rubric_language: str | None = None,
    repeats: int | None = None,
    shares: Literal["spoken", "logprobs"] | None = None,
    settings: Mapping[str, Any] | None = None,
    timeout: float = 600.0,
    workers: Workers | None = None,
) -> "Judge | PromptedJudge":
    """A judge ready to rate. `spec` is one of.

    - `offline`, the trained coder;
    - `scripted:FILE`, verdicts written in a file;
    - `PROTOCOL:PROVIDER/MODEL`, a language model with the prompts of a judge folder, e.g. `codes:anthropic/MODEL`;
    - `PROVIDER/MODEL`, the same with the protocol `panel`.

    `workers`: where a judge that runs in process is to run on a Ray cluster instead.
    `shares="logprobs"` asks the panel for probabilities; `panel+logprobs:PROVIDER/MODEL` means the same.
    Raises UnknownName, or UsageError for what is missing or does not go together.
    """
    name, _, argument = spec.partition(":")
    if "/" in name:
        name, argument = "panel", spec
    if shares == "logprobs" and not name.endswith("+logprobs"):
        name += "+logprobs"
    if shares == "spoken" and "+" in name:
        raise UsageError(f"{name} and --shares spoken do not go together. Leave one of them out.")
    card = judge_card(name)
    if card.kind in ("prompted", "weighed"):
        from mibench.judging.prompted import PromptedJudge, WeighedJudge
        from mibench.judging.providers import load_provider

        if not argument:
            raise UsageError(f"The judge {name} needs a model: {name}:PROVIDER/MODEL, e.g. {name}:openai/gpt-4.1")
        if rubric_language and rubric_language not in card.languages:
            raise UsageError(
                f"The judge {name} has no rubric in {rubric_language}; it has {', '.join(card.languages)}."
            )
        made = WeighedJudge if card.kind == "weighed" else PromptedJudge
        folder = room("judges") / name.partition("+")[0]
        provider = load_provider(argument, url, settings=settings, timeout=timeout, workers=workers)
        return made(card, folder, provider, rubric_language=rubric_language, repeats=repeats)
    if card.kind == "scripted":
        from mibench.judging.scripted import ScriptedJudge

        if not argument:
            raise UsageError("The judge scripted reads its verdicts from a file: --judge scripted:FILE.jsonl")
        return ScriptedJudge(Path(argument))
    if argument:
        raise UsageError(f"The judge {name} takes no argument, so “:{argument}” has no meaning.")
    from mibench.judging.offline import OfflineJudge

    return OfflineJudge(room("judges") / name, card.version)
