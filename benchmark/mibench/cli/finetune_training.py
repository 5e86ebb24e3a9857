"""`mibench finetune train` and `pairs`: what a model learns from, and the learning."""

from pathlib import Path
from typing import Any

import click

from mibench.cli.finetune_options import (
    FOLDER,
    data_option,
    overrides_argument,
    recipe_option,
    seed_option,
    valid_option,
)
from mibench.cli.options import KeyValues


@click.command()
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
@click.option(
    "--gen-kwargs", "generation", type=KeyValues(), default={}, metavar="K=V,…",
    help="With --evaluate: how both are asked, e.g. do_sample=true,temperature=0.7. Default: greedy, 128 tokens.",
)  # fmt: skip
@overrides_argument
def train(
    recipe: str, data: Path, out: Path, suite: str, limit: int | None, generation: dict[str, Any], overrides: tuple[str, ...],
    *, dpo: bool, evaluate: bool,
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
    taken = ", the last weights taken" if tuned.training.recipe.take == "last" else ""
    click.echo(
        f"lowest validation loss {tuned.best_loss:.3f} at step {tuned.best_step} of {tuned.steps}{taken}; "
        f"{tuned.tokens:,} tokens in {tuned.seconds:,.0f} s{lost}"
    )
    click.echo(f"{out / 'adapter'}  ·  curve: {out / 'loss.svg'}")
    if evaluate:
        from mibench.cli.before_after import before_and_after

        before_and_after(out, suite, limit, generation)
    else:
        click.echo(f"next: mibench finetune merge {out} --out CHECKPOINT")


@click.command()
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
@valid_option
@seed_option
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
