"""`mibench judges calibrate`."""

from pathlib import Path
from typing import Literal

import click


@click.command()
@click.option(
    "--run", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="The run folder."
)
@click.option(
    "--human",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Human codes: a filled sheet, or JSON lines of {round, coder, codes}. Give it again for a second coder's file.",
)
@click.option(
    "--judge",
    "judges",
    multiple=True,
    help="Whose error is corrected; several are a jury. Default: the run's judge of replies, if it has one only.",
)
@click.option(
    "--template", type=click.IntRange(min=1), metavar="N", help="Write a sheet of N random replies to code, to --out."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the sheet is written (.csv).")
@click.option(
    "--draw",
    type=click.Choice(["rounds", "dialogues"]),
    default="rounds",
    show_default=True,
    help="What the sheet draws: single rounds (narrower intervals where dialogues differ much), or whole dialogues (less to read for each code).",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws other rounds.")
@click.option("--coder", default="", help="Name to fill into the sheet's column coder.")
@click.option("--suite", help="Where the suite lies, if it is not one that ships. Default: as the run says.")
@click.option("--json", "as_json", is_flag=True, help="Print the corrected scores as JSON, nothing else.")
def calibrate(
    folder: Path,
    human: tuple[Path, ...],
    judges: tuple[str, ...],
    template: int | None,
    out: Path | None,
    draw: Literal["rounds", "dialogues"],
    seed: int,
    coder: str,
    suite: str | None,
    *,
    as_json: bool,
) -> None:
    """Correct a run's scores for the judge's error, by human codes of part of its replies.

    First a sheet is written and people fill its column `codes` (MITI codes such as `CR, Q`, or `none`); then each score
    stands raw, corrected and by the human codes alone, with 95 % intervals, and in calibrated.json.

    \b
    mibench judges calibrate --run RUN --template 120 --out sheet.csv
    mibench judges calibrate --run RUN --human sheet.csv

    The coded replies must be a random part of the run, as in the sheet: intervals mean nothing if the easy ones are
    coded first. A half-filled sheet is such a part only if what was left out was left out at random.
    """
    from rich.console import Console

    from mibench import api
    from mibench.cli.screen import progress
    from mibench.cli.stages import _suite
    from mibench.errors import UsageError
    from mibench.publishing import print_calibrated
    from mibench.records import RunFolder
    from mibench.scoring import JudgeFacts, calibrate_run, write_sheet

    if bool(human) == bool(template):
        raise UsageError("Give either --human FILE, the codes, or --template N --out FILE, a sheet to fill.")
    run_folder = RunFolder(folder)
    loaded = _suite(run_folder, suite)
    if template:
        if out is None:
            raise UsageError("Say where the sheet is to be written: --out sheet.csv.")
        count = write_sheet(run_folder, loaded, template, out, draw=draw, seed=seed, coder=coder)
        click.echo(f"{count} replies to code in {out}. Fill codes (and coder), then: --human {out}")
        return
    names = api.judges_of(run_folder, judges)
    facts = [JudgeFacts(name, api.card_of(name).rates) for name in names]
    with progress() as tell, run_folder.locked():
        found = calibrate_run(
            run_folder,
            loaded,
            human,
            [judge for judge in facts if judges or judge.rates == "reply"],
            on_round=lambda done, total: tell(f"{folder.name}: scores", done, total, ""),
        )
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        print_calibrated(found, Console())
