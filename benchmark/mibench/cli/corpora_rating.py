"""`mibench corpora rate | suite | turns | probe`: how good a corpus is, how good replies are, what a model has seen."""

from pathlib import Path
from typing import Any

import click

from mibench.cli.corpora_options import by_option, json_option, out_folder, seed_option
from mibench.cli.options import KeyValues, model_options, settings_from


@click.command()
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


@click.command()
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


@click.command()
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
    from mibench.records import RunFolder
    from mibench.scoring.score import model_label

    with progress() as tell:
        found = rate_run(run, by, suite=suite, settings=settings_from(options), progress=tell)
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        print_turns(found, model_label(RunFolder(run).manifest()))
    return 0 if found.rounds and found.rated >= 0.98 * found.rounds else 3


@click.command("probe")
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
