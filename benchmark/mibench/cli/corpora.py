"""`mibench corpora`: data of other people that mibench can read, and the paper's path from it to a training set."""

from pathlib import Path
from typing import Any

import click

from mibench.cli.options import KeyValues, model_options, settings_from

out_folder = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for what comes out. The same command on it goes on where it stopped."
)  # fmt: skip
by_option = click.option(
    "--by", required=True, metavar="PROVIDER/MODEL", help="The model that is asked, e.g. openai/gpt-4.1, compatible/MODEL with --judge-url, hf/PATH, scripted/FILE."
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON on standard output, nothing else.")
seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws other dialogues.")
SOURCE_HELP = "NAME:PATH as `mibench corpora list` has it, or a .jsonl that `mibench corpora load` wrote"


@click.group()
def corpora() -> None:
    """Corpora that mibench can read, and the path from them to a training set: load, rate, transcribe, split, probe."""


@corpora.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON on standard output, nothing else.")
def list_(*, as_json: bool) -> None:
    """Each corpus: what it is, what people coded, what files to have, where it comes from, its licence.

    None of them ships. Get one from its source and name it as NAME:PATH.
    """
    import json
    from textwrap import fill

    from mibench.corpora.loading import source_cards
    from mibench.validating import coded_cards

    cards = [card.model_dump() for card in (*coded_cards(), *source_cards())]
    if as_json:
        click.echo(json.dumps(cards, ensure_ascii=False, indent=2))
        return
    for card in cards:
        click.secho(f"{card.pop('name')}:PATH", bold=True)
        for field, text in card.items():
            click.echo(
                fill(text, 100, initial_indent=f"  {field:<9} ", subsequent_indent=" " * 12, break_on_hyphens=False)
            )
        click.echo()


@corpora.command()
@click.argument("source")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON-lines file for the dialogues; the report goes beside it.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Stop at the first dialogue that would be mended or left out, and say where it is.")  # fmt: skip
@click.option("--licence", default="", help="Licence of your own data, for corpora that state none.")
@json_option
def load(source: str, out: Path | None, *, strict: bool, licence: str, as_json: bool) -> None:
    """Read a corpus of dialogues, NAME:PATH, and report what was found, mended and left out, with counts.

    \b
    mibench corpora load cpsycound:CPsyCoun/CPsyCounD --out data/cpsycound.jsonl
    mibench corpora load psydt:hub:ORG/PsyDTCorpus@COMMIT --out data/psydt.jsonl
    """
    from mibench.cli.screen import progress
    from mibench.data_path import load_corpus

    with progress() as tell:
        report = load_corpus(source, out, strict=strict, licence=licence, progress=tell)
    if as_json:
        click.echo(report.model_dump_json(indent=2))
        return
    click.echo(
        f"{report.corpus}: {report.found:,} dialogues found, {report.irregular:,} of them irregular, {report.loaded:,} loaded; "
        f"{report.rounds:,} rounds, {report.characters:,} characters. Licence: {report.licence}."
    )
    for title, notes in (("mended", report.mended), ("left out", report.left_out)):
        for note in notes:
            places = f" ({', '.join(note.places)})" if note.places else ""
            click.echo(f"  {title:<9} {note.count:>6,}  {note.what}{places}")
    if out:
        click.echo(f"Written: {out} and {out.with_suffix('.report.json').name}")


@corpora.command()
@click.argument("sources", nargs=-1, required=True)
@by_option
@out_folder
@click.option("--sample", type=click.IntRange(min=1), default=100, show_default=True, help="Dialogues of each corpus, drawn by the seed.")  # fmt: skip
@click.option(
    "--repeats",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Ratings of each dialogue, whose agreement is reported.",
)
@click.option("--take", type=click.IntRange(min=1), default=2, show_default=True, help="How many corpora to pick.")
@seed_option
@model_options
@json_option
def rate(
    sources: tuple[str, ...],
    by: str,
    out: Path,
    sample: int,
    repeats: int,
    take: int,
    seed: int,
    *,
    as_json: bool,
    **options: Any,
) -> None:
    """Rate samples of corpora on comprehensiveness, professionalism, authenticity and safety, 1 to 5, and pick the best.

    SOURCES are NAME:PATH as `mibench corpora list` has it, or files that `mibench corpora load` wrote. Beside the model's
    ratings stand measures that need none: lengths, distinct-2, near-duplicates, unsafe advice, personal data.
    """
    from mibench.cli.corpora_tables import print_rates
    from mibench.cli.screen import progress
    from mibench.data_path import rate_corpora

    settings = settings_from(options)
    with progress() as tell:
        rates = rate_corpora(
            sources, by, out, sample=sample, repeats=repeats, take=take, seed=seed, settings=settings, progress=tell,
        )  # fmt: skip
    if as_json:
        click.echo(rates.model_dump_json(indent=2))
    else:
        print_rates(rates)


@corpora.command()
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

    settings = settings_from(options)
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


@corpora.command("split")
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


@corpora.command()
@click.argument("source")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the new suite; its name is the suite's.")  # fmt: skip
def suite(source: str, out: Path) -> None:
    """Make a suite of dialogues as published, uncoded: CPsyCounE for its turn-based evaluation.

    \b
    mibench corpora suite cpsycoune:CPsyCoun/CPsyCounE --out tasks_own/cpsycoune
    mibench generate --suite tasks_own/cpsycoune --model hf --model-args pretrained=DIR --out runs/cpsycoune
    mibench corpora turns runs/cpsycoune --suite tasks_own/cpsycoune --by openai/gpt-4.1
    """
    from mibench.data_path import suite_of

    made = suite_of(source, out)
    click.echo(f"{made.name}: {len(made.dialogues)} dialogues, {len(made.rounds)} rounds in {out}")


@corpora.command()
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@by_option
@click.option("--suite", help="Where the suite lies, if it is not one that ships.")
@model_options
@json_option
def turns(run: Path, by: str, suite: str | None, *, as_json: bool, **options: Any) -> int:
    """CPsyCounE's turn-based evaluation of the replies in a RUN: four dimensions, beside the published numbers."""
    from mibench.cli.corpora_tables import print_turns
    from mibench.cli.screen import progress
    from mibench.data_path import rate_run

    with progress() as tell:
        found = rate_run(run, by, suite=suite, settings=settings_from(options), progress=tell)
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        print_turns(found, run.name)
    return 0 if found.rounds and found.rated >= 0.98 * found.rounds else 3


@corpora.command("probe")
@click.option(
    "--model", required=True, help="Any lm-eval model type: hf, vllm, local-completions, local-chat-completions …"
)
@click.option("--model-args", type=KeyValues(), default={}, metavar="K=V,…", help="Arguments of the model, e.g. pretrained=./my-model.")  # fmt: skip
@click.option(
    "--suite", default="mi_zh", show_default=True, help="A suite that ships, or a folder with a dialogues.jsonl."
)
@click.option("--turns", type=click.IntRange(min=6), default=100, show_default=True, help="Client turns to cut in the middle, drawn by the seed.")  # fmt: skip
@click.option("--as-chat", is_flag=True, help="Ask through the chat template; models that only chat always are. Gives no likelihoods.")  # fmt: skip
@click.option("--batch-size", help="lm-eval's batch size: a number or auto.")
@seed_option
@json_option
def probe_(
    model: str,
    model_args: dict[str, Any],
    suite: str,
    turns: int,
    batch_size: str | None,
    seed: int,
    *,
    as_chat: bool,
    as_json: bool,
) -> None:
    """Has a model seen a suite? Continuation of turns cut in the middle, the order of the file, the canary.

    A clean result does not prove that it has not; a hit is strong evidence that it has.
    """
    from mibench.cli.corpora_tables import print_probe
    from mibench.cli.screen import progress
    from mibench.data_path import probe_model

    with progress() as tell:
        found = probe_model(
            model, suite, model_args=model_args, turns=turns, seed=seed, as_chat=as_chat, batch_size=batch_size,
            progress=tell,
        )  # fmt: skip
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        print_probe(found)


@corpora.command()
@click.argument("corpus")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rows to this file: numbers only, no words of the corpus. tasks/human_rows.json is what tables show.",
)  # fmt: skip
@click.option("--draws", type=click.IntRange(min=200), default=10_000, show_default=True, help="Resamples of videos.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the resamples.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON on standard output, nothing else.")
def human(corpus: str, out: Path | None, draws: int, seed: int, *, as_json: bool) -> None:
    """What people do in good and in bad sessions of CORPUS, e.g. annomi:PATH, by the codes of people.

    R:Q, %CR, what is given in 100 utterances and MI proficiency, as ratios of sums, each coder counting alike, with 95 %
    intervals that resample videos.
    """
    from rich.console import Console

    from mibench import __version__
    from mibench.publishing import print_people
    from mibench.records import write_json
    from mibench.validating import human_rows, load_against

    loaded, digest = load_against(corpus)
    rows = human_rows(loaded, digest, version=__version__, draws=draws, seed=seed)
    if out:
        write_json(out, rows)
    if as_json:
        click.echo(rows.model_dump_json(indent=2))
    else:
        print_people(rows, Console())
