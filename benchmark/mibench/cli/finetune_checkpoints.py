"""`mibench finetune merge` and `convert-baichuan2`: what becomes of weights."""

from pathlib import Path

import click

from mibench.cli.finetune_options import FILE, FOLDER


@click.command()
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


@click.command("convert-baichuan2")
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
