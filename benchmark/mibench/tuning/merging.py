"""`mibench finetune merge`: base + adapter → one checkpoint that answers as the adapter did."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mibench.errors import MibenchError, StorageError, UsageError
from mibench.records import write_json
from mibench.schema import Record
from mibench.tuning.fitting import disk_faults, libraries
from mibench.tuning.formats import Format, format_of
from mibench.tuning.ledger import Tuned, load_tuned
from mibench.tuning.loading import load_model, load_tokenizer
from mibench.tuning.progress import silent

PROMPTS = (
    ({"role": "user", "content": "我知道该戒了，可是一到晚上就想抽。"},),
    (
        {"role": "system", "content": "You are a counsellor."},
        {"role": "user", "content": "I tried to cut down last week."},
        {"role": "assistant", "content": "You have already begun."},
        {"role": "user", "content": "Well, for three days."},
    ),
)
"""Conversations on which adapter and merged model must agree."""

TOLERANCE = {"float32": 1e-4, "bfloat16": 1e-2}
"""Largest difference of next-token probabilities that rounding may cause: bfloat16 keeps 8 bits."""


class Merged(Record):
    """mibench_finetune.json of a merged checkpoint: where it comes from. A submission reads it."""

    fine_tuned: bool = True
    base: str
    base_revision: str
    training: Tuned
    overlap_allowed: bool
    """Whether the training data overlaps a test suite, on purpose."""
    difference: float
    """Largest difference between adapter and merged model, in next-token probabilities on the check's prompts."""


def merge(
    adapter: Path, out: Path, *, base: str | None = None, shard: str = "5GB",
    on_step: Callable[[str, int, int], None] = silent,
) -> Merged:  # fmt: skip
    """Write the merged checkpoint to `out`, whole or not at all: safetensors, tokenizer, chat template, stop tokens.

    `base`: where the base lies now, if it has moved; a quantised training is merged into the base in full precision.
    Raises UsageError when `adapter` is none or `out` exists, MibenchError when adapter and merged model differ.
    """
    tuned = load_tuned(adapter)
    recipe = tuned.training.recipe.model_copy(update={"quantise": "none"})
    form = format_of(recipe.format)
    if out.exists():
        raise UsageError(f"{out} is there already. Choose another folder with --out, or delete it.")
    with libraries():
        from peft import PeftModel

        on_step("load", 0, 4)
        place = base or tuned.base
        tokenizer = load_tokenizer(place, recipe, form)
        model = PeftModel.from_pretrained(load_model(place, recipe), str(adapter)).eval()
        before = _probabilities(model, tokenizer)
        on_step("merge", 1, 4)
        model = model.merge_and_unload(safe_merge=True)
        part = out.with_name(f".{out.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        with disk_faults(out):
            _write(model, tokenizer, form, part, shard)
        on_step("read back", 2, 4)
        again = load_model(str(part), recipe.model_copy(update={"revision": None})).eval()
        difference = _difference(before, _probabilities(again, tokenizer))
        on_step("compare", 3, 4)
        if difference > TOLERANCE[recipe.dtype]:
            shutil.rmtree(part)
            raise MibenchError(
                f"The merged model does not answer as the adapter does: next-token probabilities differ by {difference:.1e}, "
                f"{TOLERANCE[recipe.dtype]:.0e} is what rounding explains. Nothing was written; is {place} the base it was trained on?"
            )
        merged = Merged(
            base=tuned.base, base_revision=tuned.base_revision, training=tuned,
            overlap_allowed=tuned.training.data.overlap_allowed, difference=difference,
        )  # fmt: skip
        write_json(part / "mibench_finetune.json", merged)
        try:
            part.replace(out)
        except OSError as error:
            raise StorageError(f"Cannot write {out}: {error.strerror or error}.") from error
        on_step("done", 4, 4)
    return merged


def device() -> str:
    """What lm-eval is to be told: without a word it takes a GPU for granted."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def next_commands(out: Path, merged: Merged, suite: str = "mi_zh") -> list[str]:
    """What to do with a merged checkpoint: measure it, serve it."""
    dtype = merged.training.training.recipe.dtype
    return [
        f"mibench run --suite {suite} --model hf --model-args pretrained={out},dtype={dtype},device={device()}",
        f"vllm serve {out}          in an environment of vLLM's own; its wheels want other versions of torch",
    ]


def _write(model: Any, tokenizer: Any, form: Format, folder: Path, shard: str) -> None:
    known = tokenizer.get_vocab()
    stops = [known[token] for token in form.stops if token in known]
    settings = model.generation_config
    settings.eos_token_id = stops if len(stops) > 1 else stops[0]
    settings.pad_token_id = tokenizer.pad_token_id
    settings.do_sample = False
    for sampling in ("temperature", "top_p", "top_k"):  # a base's sampling is not ours to pass on
        setattr(settings, sampling, None)
    model.config.eos_token_id = settings.eos_token_id
    model.save_pretrained(folder, max_shard_size=shard)
    tokenizer.save_pretrained(folder)


def _probabilities(model: Any, tokenizer: Any) -> list[Any]:
    import torch

    found = []
    for messages in PROMPTS:
        text = tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
        ids = tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"].to(model.device)
        with torch.no_grad():
            found.append(model(input_ids=ids).logits.float().softmax(-1).cpu())
    return found


def _difference(one: Sequence[Any], other: Sequence[Any]) -> float:
    return max(float((a - b).abs().max()) for a, b in zip(one, other, strict=True))
