"""The paper's experiment: the base and the tuned model on the same rounds, and which differences are real."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

PAPER_METRICS = (
    "proficiency",
    "r_to_q",
    "percent_cr",
    "mia_per_dialogue",
    "mina_per_dialogue",
    "bleu_4",
    "rouge_1",
    "rouge_2",
    "rouge_l",
)


def before_and_after(out: Path, suite: str, limit: int | None, generation: Mapping[str, Any]) -> None:
    """Merge `out`/adapter if need be, run both models, print the comparison. Finished work is kept.

    `generation`: how both are asked; 128 tokens a reply if it does not say.
    """
    from rich.console import Console

    from mibench import api
    from mibench.cli.screen import progress
    from mibench.publishing import print_comparison
    from mibench.tuning.ledger import load_tuned
    from mibench.tuning.merging import device, merge

    tuned = load_tuned(out / "adapter")
    merged = out / "tuned"
    with progress() as tell:
        if not merged.is_dir():
            merge(out / "adapter", merged, on_step=lambda what, n, of: tell("merge", n, of, what))
        folders = []
        before = {
            "pretrained": tuned.base,
            **({"revision": tuned.training.recipe.revision} if tuned.training.recipe.revision else {}),
        }
        for name, args in (("base", before), ("tuned", {"pretrained": str(merged)})):
            api.run(
                "hf", suite, out=out / "runs" / name, limit=limit, anchors=False, batch_size=16, progress=tell,
                model_args={**args, "dtype": tuned.training.recipe.dtype, "device": device()}, generation={"max_gen_toks": 128, **generation},
            )  # fmt: skip
            folders.append(out / "runs" / name)
        found = api.compare_runs(folders[::-1], metrics=PAPER_METRICS, progress=tell)
    for comparison in found:
        print_comparison(comparison, Console())
    click.echo(f"again, with other metrics or judges: mibench compare {folders[1]} {folders[0]}")
