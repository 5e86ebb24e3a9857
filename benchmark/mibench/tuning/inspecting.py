"""`mibench finetune inspect`: what a model will be trained on, before it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mibench.errors import UnknownName
from mibench.tuning.conversations import Conversation
from mibench.tuning.estimates import estimate
from mibench.tuning.fitting import libraries
from mibench.tuning.formats import Format, format_of, segments
from mibench.tuning.labels import Encoded, encode_all, encoder
from mibench.tuning.loading import load_tokenizer
from mibench.tuning.prepare import load_prepared
from mibench.tuning.recipe import Recipe
from mibench.tuning.scratch import make_tokenizer


def inspect(
    recipe: Recipe, data: Path, example: str | None = None, tokenizer: str | None = None, teraflops: float = 120
) -> list[Any]:
    """What to print: one conversation coloured by trained and masked, token counts, losses, memory and time.

    Raises UnknownName for an example that is not there, UsageError for data or a tokenizer that does not fit.
    """
    _, train, valid = load_prepared(data)
    form = format_of(recipe.format)
    everyone = {one.id: one for one in (*train, *valid)}
    if example is not None and example not in everyone:
        raise UnknownName("conversation", example, list(everyone)[:8], "These are the first ones.")
    shown = everyone[example] if example else train[0]
    with libraries():
        if tokenizer is None and recipe.base == "scratch" and recipe.scratch:
            loaded = make_tokenizer(train, form, recipe.scratch)
        else:
            loaded = load_tokenizer(tokenizer or recipe.base, recipe, form)
    sides = [
        encode_all(side, form, encoder(loaded), recipe.max_length, last_only=recipe.train_on == "last")
        for side in (train, valid)
    ]
    return [_coloured(form, shown, recipe), "", _counts(sides), "", *_estimates(recipe, sides[0], teraflops)]


def _coloured(form: Format, conversation: Conversation, recipe: Recipe) -> Any:
    from rich.text import Text

    text = Text(f"{conversation.id}\n", style="bold")
    for piece in segments(form, conversation.messages, last_only=recipe.train_on == "last"):
        text.append(piece.text, style="green" if piece.train else "dim")
    return text.append("\n(green is trained, grey is read)", style="italic not bold")


def _counts(sides: Sequence[Encoded]) -> Any:
    from rich.table import Table

    table = Table("", "train", "validation", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"

    def row(name: str, values: Sequence[str]) -> None:
        table.add_row(name, *values)

    row("conversations", [str(len(side.examples)) for side in sides])
    row("shortened", [str(len(side.truncated)) for side in sides])
    row("left out", [str(len(side.dropped)) for side in sides])
    row("tokens", [f"{side.tokens:,}" for side in sides])
    row("trained", [f"{side.trained / side.tokens:.0%}" if side.tokens else "–" for side in sides])
    for name, share in (("median length", 0.5), ("95 of 100 below", 0.95), ("longest", 1.0)):
        row(name, [_quantile([len(one.input_ids) for one in side.examples], share) for side in sides])
    return table


def _quantile(lengths: Sequence[int], share: float) -> str:
    return str(sorted(lengths)[min(len(lengths) - 1, int(share * len(lengths)))]) if lengths else "–"


def _estimates(recipe: Recipe, train: Encoded, teraflops: float) -> list[str]:
    if recipe.shape is None or not train.examples:
        return ["no estimate of memory and time: the recipe has no shape"]
    longest = max(len(example.input_ids) for example in train.examples)
    found = estimate(recipe, recipe.shape, longest, train.tokens, teraflops)
    memory = (
        f"estimate, not measured: {found.memory:.0f} GiB of GPU memory (base {found.weights:.1f}, adapter with optimiser "
        f"{found.adapter:.1f}, one batch of the longest conversation {found.activations:.1f}), {found.adapter_parameters / 1e6:.0f} M trained weights"
    )
    time = f"estimate, not measured: {60 * found.hours:.0f} minutes for {recipe.epochs:g} epochs at {teraflops:g} teraflops sustained"
    return [memory, time]
