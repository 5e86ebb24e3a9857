"""`mibench finetune`: from dialogues to a checkpoint."""

from pathlib import Path

import click

from mibench.cli.finetune_checkpoints import convert_baichuan2, merge
from mibench.cli.finetune_options import (
    FILE,
    FOLDER,
    data_option,
    overrides_argument,
    recipe_option,
    seed_option,
    valid_option,
)
from mibench.cli.finetune_training import pairs, train


@click.group()
def finetune() -> None:
    """Tune a model on counselling dialogues: prepare, inspect, train, merge; pairs for preferences.

    \b
    mibench finetune prepare finetune/data/mi_zh_train.jsonl --out prepared
    mibench finetune inspect --recipe llama3_zh --data prepared
    mibench finetune train   --recipe llama3_zh --data prepared --out tuned/llama3_zh
    mibench finetune merge   tuned/llama3_zh --out checkpoints/llama3_zh-mi

    Needs the libraries of mibench[finetune], except for prepare.
    """


@finetune.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--out", required=True, type=FOLDER, help="Where train.jsonl, valid.jsonl and manifest.json go.")
@valid_option
@seed_option
@click.option(
    "--prompt",
    type=FILE,
    help="A text file with the system message for conversations without one. Default for a suite's dialogues: the suite's counsellor prompt.",
)
@click.option(
    "--suite", "suites", multiple=True, help="A test suite to keep away from besides those that ship; may be repeated."
)
@click.option(
    "--allow-overlap",
    is_flag=True,
    help="Let data through that shares words with a test suite; the manifest, the model and a submission say so.",
)
def prepare(
    files: tuple[Path, ...], out: Path, valid_share: float, seed: int, prompt: Path | None, suites: tuple[str, ...], *, allow_overlap: bool
) -> None:  # fmt: skip
    """Read FILES, check them against the test suites, and split them by client and scenario.

    A file is JSON lines or a JSON array of one of three forms: messages (role, content), ShareGPT's conversations (from,
    value), or the dialogues of a suite. A client or scenario is on one side of the split only.
    """
    from mibench import tuning
    from mibench.cli.screen import progress

    text = prompt.read_text(encoding="utf-8") if prompt else None
    with progress() as tell:
        made = tuning.prepare(
            files, out, valid_share=valid_share, seed=seed, prompt=text, suites=suites, allow_overlap=allow_overlap,
            on_file=lambda done, total: tell("files", done, total, ""),
        )  # fmt: skip
    for source in made.sources:
        cut = f", {source.cut} ended with the client and lost that turn" if source.cut else ""
        click.echo(f"{source.name}: {source.conversations} conversations ({source.form}){cut}")
    click.echo(f"{made.train} to train on, {made.valid} to validate on; {made.groups} groups of clients and scenarios")
    for overlap in made.overlap:
        shared = f"{overlap.conversations} of {overlap.of} share words" if overlap.conversations else "nothing shared"
        click.echo(f"test suite {overlap.suite}: {shared}")
    click.echo(f"\n{out}  ·  next: mibench finetune inspect --recipe NAME --data {out}")


@finetune.command()
@recipe_option
@data_option
@click.option("--example", metavar="ID", help="The conversation to show. Default: the first.")
@click.option("--tokenizer", help="Another tokenizer than the recipe's base, e.g. a folder.")
@click.option(
    "--teraflops",
    type=click.FloatRange(min=0, min_open=True),
    default=120,
    show_default=True,
    help="What the machine sustains, for the estimate of time; 120 is about 40 % of an A100.",
)
@overrides_argument
def inspect(
    recipe: str, data: Path, example: str | None, tokenizer: str | None, teraflops: float, overrides: tuple[str, ...]
) -> None:  # fmt: skip
    """Show what the model will be trained on: one conversation, trained words in green, and the counts of all."""
    from rich.console import Console

    from mibench.tuning import load_recipe
    from mibench.tuning.inspecting import inspect as look

    Console().print(*look(load_recipe(recipe, overrides), data, example, tokenizer, teraflops), sep="\n")


for command in (train, pairs, merge, convert_baichuan2):
    finetune.add_command(command)
