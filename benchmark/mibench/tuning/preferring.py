"""Pairs of a better and a worse reply → an adapter that prefers the better one (DPO, Rafailov et al. 2023)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mibench.errors import UsageError
from mibench.schema import Message
from mibench.tuning.fitting import Fit, OnStep, arguments, callbacks, run_trainer
from mibench.tuning.formats import Format
from mibench.tuning.labels import IGNORED, Encode, encode_one, encoder
from mibench.tuning.pairs import Pair
from mibench.tuning.recipe import Recipe


class EncodedPair(NamedTuple):
    """Token ids of a pair; each reply ends with the token that ends replies."""

    prompt_ids: list[int]
    chosen_ids: list[int]
    rejected_ids: list[int]

    @property
    def length(self) -> int:
        """Tokens of the longer side."""
        return len(self.prompt_ids) + max(len(self.chosen_ids), len(self.rejected_ids))


def encode_pair(pair: Pair, form: Format, encode: Encode) -> EncodedPair:
    """The same ids as in supervised training. Raises UsageError as `encode_one` does."""
    sides = []
    for reply in (pair.chosen, pair.rejected):
        messages = [*pair.messages, Message(role="assistant", content=reply)]
        example = encode_one(pair.id, messages, form, encode, last_only=True)
        start = example.labels.index(next(label for label in example.labels if label != IGNORED))
        sides.append((example.input_ids[:start], example.input_ids[start:]))
    (prompt, chosen), (_, rejected) = sides
    return EncodedPair(prompt, chosen, rejected)


def encode_pairs(pairs: Sequence[Pair], form: Format, tokenizer: Any, recipe: Recipe) -> tuple[list[EncodedPair], int]:
    """(pairs that fit, number left out). Raises UsageError when more is left out than the recipe allows."""
    encode = encoder(tokenizer)
    found = [encode_pair(pair, form, encode) for pair in pairs]
    kept = [pair for pair in found if pair.length <= recipe.max_length]
    dropped = len(found) - len(kept)
    if not kept or dropped > recipe.max_dropped * len(found):
        raise UsageError(
            f"{dropped} of {len(found)} pairs do not fit into max_length={recipe.max_length}; "
            f"max_dropped={recipe.max_dropped:g} allows {recipe.max_dropped:.0%}. Raise max_length, or max_dropped."
        )
    return kept, dropped


def fit_pairs(
    model: Any, tokenizer: Any, train: Sequence[EncodedPair], valid: Sequence[EncodedPair], recipe: Recipe, folder: Path, *,
    adapter: Any, on_step: OnStep,
) -> Fit:  # fmt: skip
    """As `fit`, through TRL's DPOTrainer; the base without the adapter is the reference."""
    from trl import DPOConfig, DPOTrainer

    class OwnIds(DPOTrainer):  # type: ignore[misc]
        """Takes token ids as they are: TRL would tokenise texts with the base's own beginning and end tokens."""

        def _prepare_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
            return dataset

    own = recipe.model_copy(update={"learning_rate": recipe.dpo_learning_rate})
    trainer = OwnIds(
        model=model,
        args=arguments(
            own, folder, DPOConfig, beta=recipe.dpo_beta, max_length=None, activation_checkpointing=recipe.checkpointing
        ),
        train_dataset=_dataset(train),
        eval_dataset=_dataset(valid),
        processing_class=tokenizer,
        peft_config=adapter,
        callbacks=callbacks(own, folder, on_step),
    )
    return run_trainer(trainer, folder)


def _dataset(pairs: Sequence[EncodedPair]) -> Any:
    from datasets import Dataset

    return Dataset.from_list([pair._asdict() for pair in pairs])
