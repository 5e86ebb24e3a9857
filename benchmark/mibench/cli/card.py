"""`mibench judges card`: measured agreement into a judge's README and agreement.json."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from mibench.cli.options import shares_option
from mibench.cli.trial_options import trial_options

if TYPE_CHECKING:
    from mibench.judging import JudgeSettings
    from mibench.schema import InjectionAgreement, Trial


@click.command()
@click.argument("judge")
@click.option(
    "--trial", "trials", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A trial that was held already: what `mibench judges validate JUDGE --json` printed. May be repeated.",
)  # fmt: skip
@click.option(
    "--against", multiple=True,
    help="Hold a trial now: contrast (in each of the judge's languages), suite:NAME, annomi:PATH, misc-gold:PATH or mi-tags:PATH. May be repeated.",
)  # fmt: skip
@click.option(
    "--cross-validated", "folds", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For a corpus the judge was trained on: a trial of ratings made in folds, each item by a judge trained without its group (`judges validate --ratings FILE --json`).",
)  # fmt: skip
@click.option("--probe", is_flag=True, help="Also try to talk the judge into other ratings, in each of its languages.")
@click.option("--canary", is_flag=True, help="Also have it judge the canary and store the answers as its first ones.")
@trial_options
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path),
    help="Folder for README.md and agreement.json. Default: the judge's own, which lists and scores read.",
)  # fmt: skip
@shares_option
@click.option("--judge-url", "url", help="Address of a compatible server, for judges that are language models.")
@click.option("--budget", type=click.FloatRange(min=0), help="Dollars that the calls in each file may cost.")
def card(
    judge: str,
    trials: tuple[Path, ...],
    against: tuple[str, ...],
    folds: tuple[Path, ...],
    out: Path | None,
    *,
    probe: bool,
    canary: bool,
    url: str | None,
    shares: Literal["spoken", "logprobs"] | None,
    budget: float | None,
    **how: Any,
) -> None:
    """Write how far JUDGE agrees with known codes into its README and agreement.json.

    `judges list` and the scores of runs read it: a metric whose judge misses its bar against people is shown as
    unvalidated. What was measured of another version of the judge is dropped. Words that people wrote in the README stay.

    \b
    mibench judges card offline --against annomi:DIR --against contrast --against suite:mi_zh --probe --canary
    mibench judges card openai/MODEL --trial trial.json
    """
    from mibench import api
    from mibench.content import judge_folder
    from mibench.errors import UsageError
    from mibench.judging import JudgeSettings
    from mibench.judging.stage import open_judge
    from mibench.schema import SpecAgreement
    from mibench.scoring.families import families_of
    from mibench.validating import agreement_of, save_agreement, stored_agreement

    if not (trials or against or folds or probe or canary):
        raise UsageError(
            "Say what to write: --trial FILE, --against WHAT, --probe or --canary; `mibench judges card --help`."
        )
    settings = JudgeSettings(url=url, budget=budget, shares=shares)
    loaded = open_judge(judge, settings)
    about = api.card_of(loaded.name)
    languages = about.languages
    own = SpecAgreement(
        judge=loaded.name, digest=loaded.digest, version=about.version, rates=about.rates,
        family=min(families_of(loaded.name), default=None) if ":" in loaded.name else None,
    )  # fmt: skip
    folder = out or judge_folder(loaded.name)
    before = stored_agreement(loaded.name, folder)
    held = [_read(path) for path in trials]
    held += [_held(loaded, what, language, settings, how) for what in against for language in _meant(what, languages)]
    shifts = [_probed(loaded, language, settings) for language in languages] if probe else []
    new = agreement_of(
        own, before.of(loaded.name), held, shifts, folds=[_read(path) for path in folds], trained_on=about.trained_on
    )
    for path in save_agreement(before.having(new), folder):
        click.echo(f"written: {path}")
    if canary:
        from mibench.cli.canary import judged_canary

        path, file = judged_canary(loaded, languages, settings, renew=True)
        click.echo(f"{len(file.first.answers)} answers to the canary: {path}")
    click.echo(
        f"{loaded.name}: {len(new.trials)} trials, {sum(trial.coded_by == 'people' for trial in new.trials)} against people's "
        "codes."
    )


def _meant(what: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The contrast set has a language; everything else says its own."""
    return languages if what == "contrast" else languages[:1]


def _read(path: Path) -> "Trial":
    from pydantic import ValidationError

    from mibench.errors import BadRecord
    from mibench.schema import Trial

    try:
        return Trial.model_validate_json(path.read_bytes())
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise BadRecord(
            path,
            1,
            f"is no trial of this version ({where}: {fault['msg']}). `mibench judges validate JUDGE --json` makes one.",
        ) from error


def _held(judge: Any, what: str, language: str, settings: "JudgeSettings", how: dict[str, Any]) -> "Trial":
    from mibench.cli.rating import calls_path, rate_corpus, rates_of
    from mibench.validating import drawn, hold_trial, load_against

    whole, digest = load_against(what, language)
    corpus = drawn(whole, how["limit"], how["seed"], sessions=rates_of(judge) == "dialogue")
    tried, verdicts, seconds = rate_corpus(judge, corpus, calls_path("validate", judge.name), settings)
    return hold_trial(tried, corpus, digest, verdicts, **how, seconds=seconds)


def _probed(judge: Any, language: str, settings: "JudgeSettings") -> "InjectionAgreement":
    from mibench.cli.rating import calls_path, rate, rates_of
    from mibench.errors import UsageError
    from mibench.validating import injection_agreement, moved, probe_pairs

    if rates_of(judge) != "reply":
        raise UsageError(f"{judge.name} does not rate replies, so that no reply can talk to it: leave out --probe.")
    verdicts, _ = rate(judge, probe_pairs(language), calls_path("probe", judge.name), settings)
    return injection_agreement(language, moved(verdicts))
