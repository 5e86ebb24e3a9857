"""`mibench judges canary`: has a judge drifted?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from mibench.cli.options import shares_option

if TYPE_CHECKING:
    from mibench.judging import JudgeSettings
    from mibench.schema import CanaryFile


@click.command()
@click.argument("judge")
@click.option("--renew", is_flag=True, help="Store today's answers as the first ones, in place of those before.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the permutation test.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path),
    help="File of the answers. Default: judges/<name>/canary/ in a checkout, else runs/canary-<judge>/canary.json; runs look there.",
)  # fmt: skip
@click.option(
    "--json", "as_json", is_flag=True, help="Print what is stored, answers and result, as JSON and nothing else."
)
@shares_option
@click.option("--judge-url", "url", help="Address of a compatible server, for judges that are language models.")
@click.option("--budget", type=click.FloatRange(min=0), help="Dollars that one day's calls may cost.")
def canary(
    judge: str,
    out: Path | None,
    *,
    renew: bool,
    seed: int,
    as_json: bool,
    url: str | None,
    shares: Literal["spoken", "logprobs"] | None,
    budget: float | None,
) -> None:
    """Has JUDGE drifted? It judges the same 60 replies a language as the first time, and each code's share is compared.

    The first time stores the answers; afterwards: mean share now and then, p-values that swap the answers of whole
    situations, adjusted for each other (Holm). Runs note the last result of their judge in run.json. A language model is
    asked anew every day; on one day an answer is paid once.
    """
    from mibench import api
    from mibench.errors import UsageError
    from mibench.judging import JudgeSettings
    from mibench.judging.stage import open_judge
    from mibench.publishing import print_canary

    settings = JudgeSettings(url=url, budget=budget, shares=shares)
    loaded = open_judge(judge, settings)
    about = api.card_of(loaded.name)
    if about.rates != "reply":
        raise UsageError(f"{loaded.name} does not rate replies, and the canary is made of replies.")
    path, file = judged_canary(loaded, about.languages, settings, out=out, renew=renew, seed=seed)
    if as_json:
        click.echo(file.model_dump_json(indent=2))
    elif file.last is None:
        rated = sum(answer.counts is not None for answer in file.first.answers)
        click.echo(
            f"{rated} of {len(file.first.answers)} replies rated by {loaded.name}; stored as its first answers: {path}\n"
            "The same command later says what has moved."
        )
    else:
        print_canary(file.last)


def judged_canary(
    judge: Any,
    languages: Sequence[str],
    settings: "JudgeSettings",
    *,
    out: Path | None = None,
    renew: bool = False,
    seed: int = 0,
) -> "tuple[Path, CanaryFile]":
    """Judge the canary; store the answers if there are none yet, or the comparison with them; returns file and content."""
    from datetime import UTC, datetime

    from mibench.cli.rating import calls_path, rate
    from mibench.schema import CanaryFile
    from mibench.validating import (
        answers_of,
        canary_languages,
        canary_path,
        canary_replies,
        compared,
        save_canary,
        stored_canary,
    )

    replies = [reply for language in canary_languages() if language in languages for reply in canary_replies(language)]
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    calls = calls_path("canary", judge.name).parent / today / "calls.jsonl"
    verdicts, _ = rate(judge, [(reply.occasion, reply.reply) for reply in replies], calls, settings)
    now = answers_of(judge.name, judge.digest, replies, verdicts)
    path = out or canary_path(judge.name)
    file = None if renew else stored_canary(path)
    if file is None:
        file = _first(now, stored_canary(path))
    else:
        file = CanaryFile(first=file.first, last=compared(file.first, now, replies, seed=seed))
    save_canary(path, file)
    return path, file


def _first(now: Any, before: "CanaryFile | None") -> "CanaryFile":
    """Today's answers as the first ones; those of before stay where they are the same, with their date."""
    from mibench.schema import CanaryFile

    same = before and before.first.model_copy(update={"date": now.date}) == now
    return CanaryFile(first=before.first if before and same else now)
