"""A recipe's base as transformers and peft have it: tokenizer, weights, the adapter's shape."""

from pathlib import Path
from typing import Any

from mibench.errors import UsageError
from mibench.records import digest_of_files
from mibench.tuning.formats import Format
from mibench.tuning.recipe import Recipe


def load_tokenizer(base: str, recipe: Recipe, form: Format) -> Any:
    """The base's tokenizer, with a pad token and the format's own chat template. Raises UsageError if there is none."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(base, revision=recipe.revision)
    except (OSError, ValueError) as error:
        raise UsageError(f"The tokenizer of {base} cannot be loaded: {_first_line(error)}") from error
    if tokenizer.pad_token is None:
        tokenizer.pad_token = form.pad if form.pad in tokenizer.get_vocab() else form.end
    tokenizer.chat_template = form.chat_template  # the base's own may differ from what is trained
    return tokenizer


def load_model(base: str, recipe: Recipe) -> Any:
    """The frozen base. Raises UsageError if it cannot be loaded."""
    import torch
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig, set_seed

    set_seed(recipe.seed)
    more: dict[str, Any] = {}
    if recipe.quantise != "none":
        more["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=recipe.quantise == "4bit", load_in_8bit=recipe.quantise == "8bit", bnb_4bit_quant_type="nf4",
            bnb_4bit_compute_dtype=torch.bfloat16, bnb_4bit_use_double_quant=True,
        )  # fmt: skip
    try:
        return AutoModelForCausalLM.from_pretrained(
            base, revision=recipe.revision, dtype=getattr(torch, recipe.dtype), **more
        )
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"The base {base} cannot be loaded: {_first_line(error)}") from error


def adapter_config(recipe: Recipe) -> Any:
    """The LoraConfig of peft for a recipe."""
    from peft import LoraConfig

    targets = recipe.lora_targets
    return LoraConfig(
        r=recipe.lora_rank, lora_alpha=recipe.lora_alpha, lora_dropout=recipe.lora_dropout, task_type="CAUSAL_LM",
        target_modules=targets if isinstance(targets, str) else list(targets),
        modules_to_save=list(recipe.train_whole) or None,
    )  # fmt: skip


def revision_of(base: str, model: Any) -> str:
    """A mark that changes when the base does: `files-…` of a folder, a hub commit, or that none is stated."""
    folder = Path(base)
    if folder.is_dir():
        return f"files-{digest_of_files(path for path in folder.iterdir() if path.is_file())[:16]}"
    return str(getattr(model.config, "_commit_hash", None) or "not stated")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
