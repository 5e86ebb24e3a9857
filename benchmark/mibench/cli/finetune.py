"""`mibench finetune`: from dialogues to a checkpoint."""

from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)

recipe_option = click.option(
    "--recipe", required=True, metavar="NAME|FILE.yaml",
    help="A recipe that ships (tiny, llama3_zh, glm4, baichuan2, qwen3) or a YAML file of your own.",
)  # fmt: skip
data_option = click.option(
    "--data", required=True, type=FOLDER, help="The folder that `mibench finetune prepare` made."
)
overrides_argument = click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...")


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
@click.option(
    "--valid",
    "valid_share",
    type=click.FloatRange(0, 0.5, min_open=True),
    default=0.1,
    show_default=True,
    help="Share of conversations for validation.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed splits otherwise.")
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


@finetune.command()
@recipe_option
@data_option
@click.option(
    "--out", required=True, type=FOLDER, help="The training folder. The same command on it goes on where it stopped."
)
@click.option(
    "--dpo",
    is_flag=True,
    help="Learn from pairs (`mibench finetune pairs`) which of two replies is better; the base is then a merged checkpoint: base=CHECKPOINT.",
)
@click.option(
    "--evaluate", is_flag=True, help="Afterwards merge, let base and tuned model answer the suite, and compare them."
)
@click.option("--suite", default="mi_zh", show_default=True, help="What --evaluate measures on.")
@click.option(
    "--limit", type=click.IntRange(min=1), help="With --evaluate: only the first N rounds, for trying things out."
)
@overrides_argument
def train(
    recipe: str, data: Path, out: Path, suite: str, limit: int | None, overrides: tuple[str, ...], *, dpo: bool, evaluate: bool
) -> None:  # fmt: skip
    """Train an adapter by RECIPE, with [KEY=VALUE] instead of some of its values.

    The validation loss is watched, the best checkpoint kept, and training stops when it no longer falls. metrics.jsonl
    and loss.svg grow beside it. On several GPUs, with TRL's own configurations:

    \b
    accelerate launch --config_file fsdp2.yaml -m mibench finetune train …
    """
    from mibench.cli.screen import progress
    from mibench.tuning import load_recipe
    from mibench.tuning.training import train as run

    with progress() as tell:
        tuned = run(load_recipe(recipe, overrides), data, out, dpo=dpo, on_stage=tell)
    lost = (
        f", {tuned.truncated} conversations shortened, {tuned.dropped} left out"
        if tuned.truncated + tuned.dropped
        else ""
    )
    click.echo(
        f"best validation loss {tuned.best_loss:.3f} at step {tuned.best_step} of {tuned.steps}; "
        f"{tuned.tokens:,} tokens in {tuned.seconds:,.0f} s{lost}"
    )
    click.echo(f"{out / 'adapter'}  ·  curve: {out / 'loss.svg'}")
    if evaluate:
        from mibench.cli.before_after import before_and_after

        before_and_after(out, suite, limit)
    else:
        click.echo(f"next: mibench finetune merge {out} --out CHECKPOINT")


@finetune.command()
@click.argument("runs", nargs=-1, required=True, type=FOLDER)
@click.option("--out", required=True, type=FOLDER, help="Where the pairs and their manifest go.")
@click.option("--suite", help="The folder of the dialogues that the runs answered, if it is no suite that ships.")
@click.option("--judge", help="Whose ratings choose. Default: the only judge's.")
@click.option(
    "--margin",
    type=click.FloatRange(0, 3, min_open=True),
    default=0.3,
    show_default=True,
    help="How much better the chosen reply must be: complex share among reflections, less Persuade and Confront.",
)
@click.option(
    "--valid",
    "valid_share",
    type=click.FloatRange(0, 0.5, min_open=True),
    default=0.1,
    show_default=True,
    help="Share of pairs for validation.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed splits otherwise.")
@click.option(
    "--allow-overlap",
    is_flag=True,
    help="Let rounds of a test suite through; the manifest, the model and a submission say so.",
)
def pairs(
    runs: tuple[Path, ...], out: Path, suite: str | None, judge: str | None, margin: float, valid_share: float, seed: int, *, allow_overlap: bool
) -> None:  # fmt: skip
    """Make pairs for --dpo from RUNS: several rated runs on the same rounds, of training dialogues.

    Of each round the best reply (complex reflections, no Persuade, no Confront) stands against the worst.

    \b
    mibench run --suite mine --model hf --model-args pretrained=M --out a --gen-kwargs do_sample=true,temperature=0.9 --seed 1
    mibench run --suite mine --model hf --model-args pretrained=M --out b --gen-kwargs do_sample=true,temperature=0.9 --seed 2
    mibench finetune pairs a b --suite mine --out pairs
    mibench finetune train --recipe qwen3 base=M --data pairs --dpo --out tuned/dpo
    """
    from mibench.tuning.pairs import make_pairs

    made = make_pairs(
        runs, out, suite=suite, judge=judge, margin=margin, valid_share=valid_share, seed=seed, allow_overlap=allow_overlap
    )  # fmt: skip
    click.echo(f"{out}: {made.train} pairs to train on, {made.valid} to validate on")


@finetune.command()
@click.argument("adapter", type=FOLDER)
@click.option("--out", required=True, type=FOLDER, help="The folder of the merged checkpoint; it must not exist.")
@click.option("--base", help="Where the base lies now, if it has moved since training.")
@click.option("--shard", default="5GB", show_default=True, help="Size of a weights file at most.")
def merge(adapter: Path, out: Path, base: str | None, shard: str) -> None:
    """Merge ADAPTER, a training folder or the adapter in it, into its base: a checkpoint like any other.

    It is read back and must answer as base and adapter did, else nothing is written.
    """
    from mibench.cli.screen import progress
    from mibench.tuning.merging import merge as run
    from mibench.tuning.merging import next_commands

    folder = adapter / "adapter" if (adapter / "adapter").is_dir() else adapter
    with progress() as tell:
        done = run(folder, out, base=base, shard=shard, on_step=lambda what, n, of: tell("merge", n, of, what))
    click.echo(f"{out}: adapter and merged model differ by {done.difference:.1e} at most in a token's probability")
    for command in next_commands(out, done):
        click.echo(f"  {command}")


@finetune.command("convert-baichuan2")
@click.argument("source", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option(
    "--corpus",
    multiple=True,
    type=FILE,
    help="Text or JSON lines on which the tokenizers must agree. Default: the training dialogues and suites that lie here.",
)
def convert_baichuan2(source: Path, out: Path, corpus: tuple[Path, ...]) -> None:
    """Bring Baichuan2-7B in SOURCE into Llama's form, which needs no code of its own.

    W_pack is split into queries, keys and values, the head's rows are normalised once and for all, and the new tokenizer
    must give SentencePiece's ids on the whole corpus, else nothing is written.
    """
    from mibench.cli.screen import progress
    from mibench.tuning.baichuan import convert

    with progress() as tell:
        report = convert(source, out, corpus, on_step=lambda what, n, of: tell("convert", n, of, what))
    click.echo(f"{out}: {report.tensors} tensors, {report.layers} layers")
    click.echo(f"tokenizer: the same ids as SentencePiece on {report.lines:,} lines ({report.tokens:,} tokens)")


__all__: list[Any] = ["finetune"]
