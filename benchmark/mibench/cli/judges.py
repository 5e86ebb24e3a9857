"""`mibench judges`: the judges that ship."""

from pathlib import Path
from typing import Literal

import click

from mibench.cli.bridge import bridge
from mibench.cli.calibrate import calibrate
from mibench.cli.canary import canary
from mibench.cli.card import card
from mibench.cli.judge_list import list_
from mibench.cli.options import shares_option
from mibench.cli.validate import validate


@click.group()
def judges() -> None:
    """The judges that ship: list them, try them on known codes, watch them, train the offline one."""


for command in (list_, validate, card, calibrate, canary, bridge):
    judges.add_command(command)


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
    from mibench.cli.rating import calls_path, rate
    from mibench.judging import JudgeSettings
    from mibench.judging.stage import open_judge
    from mibench.validating import moved, probe_pairs

    settings = JudgeSettings(url=url, budget=budget, shares=shares)
    loaded = open_judge(judge, settings)
    verdicts, _ = rate(loaded, probe_pairs(language), calls_path("probe", loaded.name), settings)
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
@click.option(
    "--annomi",
    type=click.Path(exists=True, path_type=Path),
    help="AnnoMI-full.csv, or the folder it lies in: English learns from people too. The weights that ship were made with it.",
)
def train(out: Path | None, annomi: Path | None) -> None:
    """Train the offline judge anew, on the contrast sets and the training corpora of a checkout, and on AnnoMI.

    The same content gives the same weights. Held-out situations and test suites are never seen; no text goes into the
    weights. Takes some minutes.
    """
    from mibench.content import room
    from mibench.errors import UsageError
    from mibench.judging.offline.train import train as train_coder
    from mibench.suites import read_dialogues
    from mibench.validating import contrast_languages, contrast_set, load_coded

    corpora = sorted((room("finetune") / "data").glob("mi_*_train.jsonl"))
    if not corpora:
        raise UsageError(
            f"Training needs the corpora mi_en_train.jsonl and mi_zh_train.jsonl in {room('finetune') / 'data'}."
        )
    folder = out or room("judges") / "offline"
    folder.mkdir(parents=True, exist_ok=True)
    dialogues = [dialogue for corpus in corpora for dialogue in read_dialogues(corpus)]
    situations = [situation for language in contrast_languages() for situation in contrast_set(language)]
    people = load_coded(f"annomi:{annomi}").items if annomi else ()
    for language, count in train_coder(situations, dialogues, folder, people).items():
        click.echo(f"{language}: trained on {count} volleys; weights in {folder / f'weights_{language}.npz'}")
    click.echo("`mibench judges validate offline` tests them.")
