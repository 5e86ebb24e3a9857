"""`mibench judges list`: the judges' own leaderboard."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mibench.judging import JudgeCard
    from mibench.schema import SpecAgreement, TrialAgreement

RUNS_ON = {
    "offline": ("this machine",),
    "scripted": ("a file",),
    "prompted": ("openai", "anthropic", "compatible", "hf", "vllm"),
    "weighed": ("openai", "compatible", "hf", "vllm"),
}
WHAT = {"reply": "replies", "dialogue": "whole dialogues", "risk": "replies to a risk"}
SHOWN = ("question", "reflection", "simple reflection", "complex reflection")
"""Labels that the list shows; the judge's README has all."""

LANGUAGES = {"en": "English", "zh": "Chinese"}


@click.command("list")
@click.option(
    "--model",
    default="openai/gpt-4.1",
    show_default=True,
    help="Model whose price is shown for judges that are language models: PROVIDER/MODEL.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, nothing else.")
def list_(model: str, *, as_json: bool) -> None:
    """Each judge: what it rates, where it runs, its languages, its price for 100 rounds, how far it agrees with people.

    Prices are upper estimates from the real prompts at the table's price (judges/prices.yaml). Agreement is what
    `mibench judges card` has measured: κ of the judge, in brackets what people reach on the same items (one coder against
    the rest, or a pair), seconds and dollars for 100 items, how far injections move it. Where nothing was measured
    against people, the judge's card says what is known.
    """
    import json

    from rich.console import Console
    from rich.markup import escape
    from rich.padding import Padding

    from mibench.judging import all_judges, judge_card
    from mibench.judging.estimate import dollars_per_100

    console = Console(highlight=False)
    if not as_json:
        console.print(f"[dim]Prices for 100 rounds are those of {escape(model)} (--model), at most.[/]\n")
    found = []
    for name in all_judges():
        card = judge_card(name)
        dollars = dollars_per_100(name, model)
        measured = _measured(card)
        if as_json:
            about = card.model_dump(include={"rates", "languages", "title", "evidence"})
            specs = [{**spec.model_dump(mode="json"), "current": _current(spec, card)} for spec in measured]
            found.append(
                {"judge": name, "runs_on": RUNS_ON[card.kind], "dollars_per_100": dollars, **about, "measured": specs}
            )
            continue
        price = "price unknown" if dollars is None else "free" if dollars == 0 else f"${dollars:.2f} for 100 rounds"
        facts = " · ".join((WHAT[card.rates], ", ".join(card.languages), price, ", ".join(RUNS_ON[card.kind])))
        console.print(f"[bold]{name}[/]  {card.title}")
        lines = [line for spec in measured for line in _lines(spec, card, named=len(measured) > 1)]
        if not any(trial.coded_by == "people" for spec in measured for trial in spec.trials):
            lines.insert(0, f"[dim]Agreement with people: {escape(card.evidence)}[/]")
        console.print(Padding("\n".join([facts, *lines]) + "\n", (0, 0, 0, 4)))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _measured(card: "JudgeCard") -> list["SpecAgreement"]:
    """What was measured of this judge: with its prompts and each model."""
    from mibench.validating import stored_agreement

    return [spec for spec in stored_agreement(card.name).specs if spec.judge.partition(":")[0] == card.name]


def _current(spec: "SpecAgreement", card: "JudgeCard") -> bool:
    """Whether it is of the judge as it stands today, as far as can be told without loading a model."""
    from mibench.judging import load_judge

    return spec.version == card.version and (card.kind != "offline" or load_judge(spec.judge).digest == spec.digest)


def _lines(spec: "SpecAgreement", card: "JudgeCard", *, named: bool) -> Iterator[str]:
    from rich.markup import escape

    from mibench.validating import injection_text

    if named:
        yield f"[bold]{escape(spec.judge)}[/]"
    if not _current(spec, card):
        yield f"[red]Measured on version {escape(spec.version)} ({spec.digest[:8]}), which is not today's: unvalidated.[/]"
    people = [trial for trial in spec.trials if trial.coded_by == "people"]
    for trial in people:
        yield f"Agreement with people, {LANGUAGES[trial.language]}, {escape(trial.corpus)}{', cross-validated' if trial.cross_validated else ''}: {_agreement(trial)}"
    missing = [LANGUAGES[lang] for lang in card.languages if not spec.by_people(lang)]
    if people and missing:
        yield f"{', '.join(missing)}: not held against people's codes, unvalidated"
    timed = [trial for trial in spec.trials if trial.seconds_per_100 is not None] or spec.trials
    facts = [text for trial in timed[:1] for text in _cost(trial)]
    facts += [injection_text(entry).rstrip(".") for entry in spec.injections]
    facts += [f"family {spec.family}"] if spec.family else []
    if facts:
        yield f"[dim]{escape('; '.join(facts))}[/]"


def _agreement(trial: "TrialAgreement") -> str:
    """κ of the main labels, with what people reach in brackets, and which miss their bar."""
    from mibench.validating.trials.numbers import two

    parts = [
        (entry.label, entry.kappa.value, entry.rest if entry.rest is not None else entry.pair, entry.met)
        for entry in trial.labels
        if entry.label in SHOWN
    ]
    if trial.main:
        ceiling = trial.main.rest if trial.main.rest is not None else trial.main.pair
        parts.append(("main behaviour", trial.main.kappa.value, ceiling, "unknown"))
    said = [
        f"{label} κ {two(kappa)}{'' if ceiling is None else f' ({two(ceiling)})'}{' [red]below[/]' if met == 'below' else ''}"
        for label, kappa, ceiling, met in parts
    ]
    said += [
        f"{entry.name.replace('_', ' ')} ICC {two(entry.icc.value)}{' [red]below[/]' if entry.met == 'below' else ''}"
        for entry in trial.globals
    ]
    return ", ".join(said) or "no label that is shown here"


def _cost(trial: "TrialAgreement") -> Iterator[Any]:
    from mibench.validating import seconds_text

    if trial.seconds_per_100 is not None:
        yield f"{seconds_text(trial.seconds_per_100)} for 100 items"
    if trial.dollars_per_100:
        yield f"${trial.dollars_per_100:.2f} for 100 items, measured"
