"""`mibench corpora transcribe | split`: from source dialogues to a training set and a suite."""

from pathlib import Path
from typing import Any

import click

from mibench.cli.corpora_options import by_option, json_option, out_folder, seed_option
from mibench.cli.options import model_options, settings_from, with_engine, workers_from


@click.command()
@click.argument("sources", nargs=-1, required=True)
@by_option
@out_folder
@click.option("--judge", default="offline", show_default=True, help="Who codes for the MITI gate, as for `mibench judge`; none leaves the gate out.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), help="So many dialogues of all, drawn by the seed. Default: all.")
@click.option("--tries", type=click.IntRange(min=1), default=3, show_default=True, help="Times each dialogue is asked for; a failed one is sent back with the reason.")  # fmt: skip
@click.option("--max-tokens", type=click.IntRange(min=16), help="Tokens of an answer at most, for models of a small context. Default: 6000.")  # fmt: skip
@click.option("--min-rounds", type=click.IntRange(min=1), default=6, show_default=True, help="Least counsellor turns of a dialogue.")  # fmt: skip
@click.option("--max-rounds", type=click.IntRange(min=1), default=16, show_default=True, help="Most counsellor turns of a dialogue.")  # fmt: skip
@click.option("--min-facts", "facts", type=click.FloatRange(0, 1), default=0.6, show_default=True, help="Least share of the client's named facts that must be kept.")  # fmt: skip
@click.option("--max-copied", "copied", type=click.FloatRange(0, 1), default=0.3, show_default=True, help="Most of the counsellor's words that may be the source counsellor's.")  # fmt: skip
@click.option("--min-rq", "r_to_q", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Least reflections for each question.")  # fmt: skip
@click.option("--min-cr", "percent_cr", type=click.FloatRange(0, 100), default=50.0, show_default=True, help="Least per cent of complex among reflections.")  # fmt: skip
@click.option("--max-mina", "mina", type=click.IntRange(min=0), default=1, show_default=True, help="Most MI non-adherent codes in a dialogue.")  # fmt: skip
@click.option("--keep-without-goal", "without_goal", is_flag=True, help="Write and keep dialogues whose source holds no behaviour to be changed; MITI globals do not apply to them.")  # fmt: skip
@seed_option
@model_options
@with_engine
@json_option
def transcribe(
    sources: tuple[str, ...],
    by: str,
    out: Path,
    judge: str,
    limit: int | None,
    max_tokens: int | None,
    tries: int,
    seed: int,
    *,
    as_json: bool,
    **options: Any,
) -> None:
    """Rewrite dialogues in the style of motivational interviewing, through gates that each count what they stop.

    SOURCES as for `rate`. A failed dialogue is sent back with the reason, then dropped with it. Every answer is on disk
    before it is used and is never paid for twice: a stopped command goes on. `judges/transcribe` holds the prompt, the
    patterns and the words that name facts.

    \b
    mibench corpora transcribe data/cpsycound.jsonl --by openai/gpt-4.1 --limit 2040 --budget 60 --out data/mi
    """
    from mibench.cli.screen import progress
    from mibench.corpora.transcribing import Bars
    from mibench.data_path import transcribe_corpus

    settings = settings_from(options, workers_from(options))
    with progress() as tell:
        card = transcribe_corpus(
            sources, by, out, judge=None if judge == "none" else judge, bars=Bars(**options), max_tokens=max_tokens, limit=limit, tries=tries,
            seed=seed, settings=settings, progress=tell,
        )  # fmt: skip
    if as_json:
        click.echo(card.model_dump_json(indent=2))
        return
    counts = card.status
    click.echo(
        f"{sum(card.sources.values()):,} dialogues: {counts['kept']:,} kept ({card.first_try:,} at the first try, {card.rounds:,} "
        f"rounds), {counts['no goal']:,} without a goal, {counts['dropped']:,} dropped. "
        + ("Price unknown." if card.dollars is None else f"${card.dollars:.2f}.")
    )
    for gate, tries_failed in card.failed.items():
        click.echo(f"  {gate:<14} failed {tries_failed:>6,} tries, dropped {card.dropped.get(gate, 0):>6,} dialogues")
    click.echo(f"Licence: {card.licence}. Written: {out}/transcripts.jsonl, card.json, README.md")


@click.command("split")
@click.argument("transcribed", type=click.Path(exists=True, file_okay=False, path_type=Path))
@out_folder
@click.option("--name", default="mi_test", show_default=True, help="Name of the suite made from the test side: small letters, digits, _.")  # fmt: skip
@click.option("--test", type=click.IntRange(min=1), default=40, show_default=True, help="Dialogues of the test side, exactly.")  # fmt: skip
@seed_option
@json_option
def split_(transcribed: Path, out: Path, name: str, test: int, seed: int, *, as_json: bool) -> None:
    """Split a TRANSCRIBED folder into train and test by client and scenario, check for leaks, and make a suite of the test.

    Writes train.jsonl, train.messages.jsonl (as trainers read it), test.jsonl, split.json and the folder NAME, which
    `mibench run --suite OUT/NAME` answers.
    """
    from mibench.cli.screen import progress
    from mibench.data_path import split_set

    with progress() as tell:
        report = split_set(transcribed, out, name, test=test, seed=seed, progress=tell)
    if as_json:
        click.echo(report.model_dump_json(indent=2))
        return
    click.echo(
        f"{report.kept:,} dialogues of {report.groups:,} clients: {report.train:,} train ({report.train_rounds:,} rounds), "
        f"{report.test:,} test ({report.test_rounds:,} rounds). Licence: {report.licence}."
    )
    for leak in report.leaks:
        click.echo(
            f"  against {leak.against}: {leak.left_out} left out (long runs {leak.long_runs}, MinHash {leak.minhash}, "
            f"TF-IDF {leak.tfidf}; highest Jaccard {leak.highest_jaccard:.2f}, cosine {leak.highest_cosine:.2f})"
        )
    click.echo(f"mibench run --suite {out / name}")
