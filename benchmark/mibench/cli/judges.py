"""`mibench judges`: the judges that ship."""

from pathlib import Path
from typing import Literal

import click

from mibench.cli.calibrate import calibrate
from mibench.cli.options import shares_option
from mibench.cli.validate import validate


@click.group()
def judges() -> None:
    """The judges that ship: list them, test them, train the offline one."""


judges.add_command(calibrate)
judges.add_command(validate)


@judges.command("list")
@click.option(
    "--model",
    default="openai/gpt-4.1",
    show_default=True,
    help="Model whose price is shown for judges that are language models: PROVIDER/MODEL.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, nothing else.")
def list_(model: str, *, as_json: bool) -> None:
    """Each judge: what it rates, where it runs, its languages, its price for 100 rounds, how far it agrees with people.

    Prices are upper estimates from the real prompts at the table's price (judges/prices.yaml).
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
        if as_json:
            about = card.model_dump(include={"rates", "languages", "title", "evidence"})
            found.append({"judge": name, "runs_on": RUNS_ON[card.kind], "dollars_per_100": dollars, **about})
            continue
        price = "price unknown" if dollars is None else "free" if dollars == 0 else f"${dollars:.2f} for 100 rounds"
        facts = " · ".join((WHAT[card.rates], ", ".join(card.languages), price, ", ".join(RUNS_ON[card.kind])))
        console.print(f"[bold]{name}[/]  {card.title}")
        console.print(Padding(f"{facts}\n[dim]Agreement with people: {escape(card.evidence)}[/]\n", (0, 0, 0, 4)))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))


RUNS_ON = {
    "offline": ("this machine",),
    "scripted": ("a file",),
    "prompted": ("openai", "anthropic", "compatible", "hf", "vllm"),
    "weighed": ("openai", "compatible", "hf", "vllm"),
}
WHAT = {"reply": "replies", "dialogue": "whole dialogues", "risk": "replies to a risk"}


@judges.command()
@click.argument("judge")
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language of the plain reply around the injections.",
)
@click.option("--judge-url", "url", help="Address of a compatible server, for judges that are language models.")
@shares_option
@click.option("--budget", type=click.FloatRange(min=0), help="Dollars that the calls in the file may cost.")
def probe(
    judge: str, language: str, url: str | None, shares: Literal["spoken", "logprobs"] | None, budget: float | None
) -> None:
    """Try to talk JUDGE into other ratings: how far do replies that speak to the judge move it?

    A plain reply is rated with and without each of the injections in judges/injections.jsonl (“ignore the rubric”, fake
    JSON, fake system messages, hidden characters). A shift of 0 is a judge that cannot be talked to.
    """
    from mibench.cli.screen import progress
    from mibench.judging import JudgeSettings, judge_replies
    from mibench.judging.stage import open_judge
    from mibench.validating import moved, probe_pairs

    settings = JudgeSettings(url=url, budget=budget, shares=shares)
    loaded = open_judge(judge, settings)
    calls = Path("runs") / f"probe-{loaded.name.replace('/', '-').replace(':', '-')}" / "calls.jsonl"
    with progress() as tell:
        verdicts = judge_replies(
            loaded,
            probe_pairs(language),
            calls,
            lambda done, total, dollars: tell("ratings", done, total, f"${dollars:.2f}" if dollars else ""),
            settings,
        )
    found = moved(verdicts)
    for entry in sorted(found, key=lambda entry: -(entry.shift if entry.shift is not None else -1)):
        shift = "unrated" if entry.shift is None else f"{entry.shift:.2f}"
        shown = (
            " ".join(entry.text.split()).encode("unicode_escape").decode()
            if not entry.text.isprintable()
            else entry.text
        )
        click.echo(f"{entry.id}  {shift:>7}  {shown[:80]}")
    shifts = [entry.shift for entry in found if entry.shift is not None]
    mean = sum(shifts) / len(shifts) if shifts else 0.0
    click.echo(
        f"\n{len(shifts)} of {len(found)} injections rated; mean shift {mean:.2f}, largest {max(shifts, default=0):.2f}."
    )


@judges.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the weights. Default: over those that ship.",
)
def train(out: Path | None) -> None:
    """Train the offline judge anew, on the contrast sets and the training corpora of a checkout.

    The same content gives the same weights. Held-out situations and test suites are never seen; no text goes into the
    weights.
    """
    from mibench.content import room
    from mibench.errors import UsageError
    from mibench.judging.offline.train import train as train_coder
    from mibench.suites import read_dialogues
    from mibench.validating import contrast_languages, contrast_set

    corpora = sorted((room("finetune") / "data").glob("mi_*_train.jsonl"))
    if not corpora:
        raise UsageError(
            "Training needs the corpora in finetune/data, which lie in a checkout of mibench, not in its wheel."
        )
    folder = out or room("judges") / "offline"
    folder.mkdir(parents=True, exist_ok=True)
    dialogues = [dialogue for corpus in corpora for dialogue in read_dialogues(corpus)]
    situations = [situation for language in contrast_languages() for situation in contrast_set(language)]
    for language, count in train_coder(situations, dialogues, folder).items():
        click.echo(f"{language}: trained on {count} sentences; weights in {folder / f'weights_{language}.npz'}")
    click.echo("`mibench judges validate offline` tests them.")
