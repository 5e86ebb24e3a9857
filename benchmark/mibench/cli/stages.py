"""The stages of a run, each alone: `generate`, `judge`, `score`, `report`."""

from pathlib import Path
from typing import Any

import click

from mibench.cli.options import (
    coverage_option,
    generation_options,
    json_option,
    judge_option,
    settings_from,
    settings_options,
    shard_option,
    with_engine,
    workers_from,
)

folder_argument = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
suite_option = click.option(
    "--suite", help="Where the suite lies, if it is not one that ships. Default: as the run says."
)


@click.command()
@generation_options
def generate(*, system_in_user: bool, plain_transcript: bool, suite: str, out: str | None, **options: Any) -> None:
    """Have a model answer every round of a suite; replies.jsonl grows as it speaks.

    Rounds that have a reply are never asked again: a stopped run goes on with the same command.
    """
    from mibench import api
    from mibench.cli.screen import progress
    from mibench.generating import GenerationPlan
    from mibench.suites import load_suite

    workers = workers_from(options)
    plan = GenerationPlan(
        workers=workers,
        system="in-first-user-turn" if system_in_user else "system-role",
        plain_transcript=plain_transcript,
        **options,
    )
    loaded = load_suite(suite)
    folder = api.folder_for(loaded, plan, out)
    with progress() as tell, folder.locked():
        api.generate_stage(folder, loaded, plan, tell)
    click.echo(f"{len(folder.replies())} replies in {folder.replies_path}")


@click.command()
@folder_argument
@judge_option
@settings_options
@suite_option
@shard_option
@with_engine
def judge(folder: Path, judges: tuple[str, ...], suite: str | None, shard: Any, **options: Any) -> None:
    """Code the replies in a run FOLDER by MITI; ratings.jsonl grows as the judge reads.

    Replies already rated by this judge, in this version, are not rated again. Another judge adds its ratings.

    \b
    mibench judge runs/big --shard 2/4                          each of four processes one part
    mibench merge-runs runs/big/shards/*-of-4 --out runs/big    then their ratings join the run
    """
    from mibench import api
    from mibench.cli.screen import progress
    from mibench.merging import cut_shard
    from mibench.records import RunFolder

    workers = workers_from(options)
    run_folder = RunFolder(folder)
    loaded = _suite(run_folder, suite)
    if shard:
        run_folder = cut_shard(run_folder, loaded, shard)
    with progress() as tell, run_folder.locked():
        settings = settings_from(options, workers)
        api.judge_stages(run_folder, loaded, judges, tell, settings)
    click.echo(f"{sum(1 for _ in run_folder.rating_keys())} ratings in {run_folder.ratings_path}")


@click.command()
@folder_argument
@click.option(
    "--judge",
    "judges",
    multiple=True,
    help="Whose ratings to sum up, as they were named when they judged; several of the same thing are a jury. Default: the judges of the run, if no two rate the same thing.",
)
@suite_option
@click.option(
    "--draws", type=click.IntRange(min=200), default=10_000, show_default=True, help="Bootstrap resamples of dialogues."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the bootstrap.")
@coverage_option
@json_option
def score(
    folder: Path, judges: tuple[str, ...], suite: str | None, draws: int, seed: int, min_coverage: float, as_json: bool
) -> int:
    """Sum up the ratings in a run FOLDER with 95 % intervals; writes scores.json and prints the table."""
    from mibench import api
    from mibench.cli.screen import progress, show
    from mibench.records import RunFolder

    run_folder = RunFolder(folder)
    loaded = _suite(run_folder, suite)
    with progress() as tell, run_folder.locked():
        api.score_stage(run_folder, loaded, api.judges_of(run_folder, judges), draws=draws, seed=seed, progress=tell)
    return show(api.load_run(folder), as_json=as_json, min_coverage=min_coverage)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.argument("other", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path),
    help="With two runs: the file to write. Default: compare.html in the first run's folder.",
)  # fmt: skip
@click.option("--anyway", is_flag=True, help="Two runs that differ in more than the model: show them, and say in what.")
@suite_option
def report(folder: Path, other: Path | None, out: Path | None, suite: str | None, *, anyway: bool) -> None:
    """Write report.html from a run FOLDER; with an OTHER one, both side by side on the same rounds, in compare.html.

    The report has the profile with intervals, what the model does when, and every dialogue to read with its codes.

    \b
    mibench report runs/mi_zh-tuned
    mibench report runs/mi_zh-base runs/mi_zh-tuned
    """
    from mibench import api
    from mibench.cli.screen import progress
    from mibench.errors import UsageError
    from mibench.records import RunFolder

    if other is not None:
        with progress() as tell:
            path = api.side_by_side(folder, other, out, suite=suite, anyway=anyway, progress=tell)
        click.echo(path)
        return
    if out is not None or anyway:
        raise UsageError("--out and --anyway are for two runs: mibench report RUN RUN --out FILE.")
    run_folder = RunFolder(folder)
    click.echo(api.report_stage(run_folder, _suite(run_folder, suite)))


def _suite(folder: Any, suite: str | None) -> Any:
    """The suite a run answers; refused when its text is no longer what the model was asked."""
    from mibench.errors import RunConflict
    from mibench.suites import load_suite

    manifest = folder.manifest()
    loaded = load_suite(suite or manifest.suite)
    if loaded.digest != manifest.suite_digest:
        raise RunConflict(
            f"{folder.path} was run on another text of the suite {manifest.suite}. "
            "Use the mibench version named in run.json, or run it again."
        )
    return loaded


@click.command()
@folder_argument
@judge_option
@settings_options
@suite_option
@click.option("--json", "as_json", is_flag=True, help="Print the estimate as JSON.")
def estimate(folder: Path, judges: tuple[str, ...], suite: str | None, *, as_json: bool, **options: Any) -> None:
    """What judging the replies in a run FOLDER would take, from the real prompts, before anything is sent.

    Dollars are an upper estimate: nothing cached, every answer at its longest. A price that is not in the table is said
    to be unknown, never guessed; give your own table with --prices.
    """
    import json

    from mibench.errors import UsageError
    from mibench.judging.estimate import estimate as estimated
    from mibench.judging.stage import open_judge
    from mibench.records import RunFolder

    settings = settings_from(options)
    run_folder = RunFolder(folder)
    for judge in judges:
        loaded = open_judge(judge, settings)
        if hasattr(loaded, "rate"):
            raise UsageError(f"The judge {judge} runs here and costs nothing.")
        found = estimated(run_folder, _suite(run_folder, suite), loaded, settings)
        if as_json:
            click.echo(json.dumps({"judge": loaded.name, **found._asdict()}))
            continue
        dollars = (
            "price unknown (give one with --prices)"
            if found.dollars is None
            else f"at most ${found.dollars:.2f} (price of {found.price_as_of})"
        )
        named = f"{loaded.name}: " if len(judges) > 1 else ""
        click.echo(
            f"{named}{found.calls:,} calls, about {found.tokens_in:,} tokens in, at most {found.tokens_out:,} out: {dollars}"
        )
