"""A recipe: everything that shapes a fine-tuned model, in one YAML file with a reason beside each value."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from mibench.content import room
from mibench.errors import UnknownName, UsageError
from mibench.schema import Record
from mibench.tuning.formats import Family


class Shape(Record):
    """The size of a base model, from its published config; for estimates only."""

    parameters: float = Field(gt=0)
    """All weights, in billions."""
    layers: int = Field(gt=0)
    hidden: int = Field(gt=0)
    """Width of the residual stream."""
    intermediate: int = Field(gt=0)
    """Width inside the MLP."""
    queries: int = Field(gt=0)
    """Width of all query heads together."""
    key_values: int = Field(gt=0)
    """Width of all key heads together."""
    vocabulary: int = Field(gt=0)


class Scratch(Record):
    """A small Llama-type base to be trained from nothing on the training data."""

    vocabulary: int = Field(ge=300, le=50_000)
    """Tokens at most: every character and sentence of a reply, then words by frequency."""
    layers: int = Field(ge=1)
    hidden: int = Field(ge=8)
    heads: int = Field(ge=1)
    intermediate: int = Field(ge=8)
    epochs: float = Field(gt=0)
    """Passes over the data before LoRA begins."""
    learning_rate: float = Field(gt=0)
    block: int = Field(ge=16)
    """Tokens of the blocks that the turns are cut into."""
    batch_size: int = Field(ge=1)
    """Blocks at a time."""
    evaluate_every: int = Field(ge=1)
    """Steps between two looks at the validation turns."""


class Recipe(Record):
    """How a base model is tuned."""

    base: str
    """A checkpoint folder, a hub id, or `scratch` for a base that is trained first."""
    revision: str | None = None
    """Branch, tag or commit on the hub."""
    format: Family
    """The prompt format of the base's family."""
    shape: Shape | None = None
    scratch: Scratch | None = None

    max_length: int = Field(ge=16)
    """Tokens of a conversation at most; a longer one loses whole rounds at its end."""
    train_on: Literal["all", "last"] = "all"
    """Every reply of the counsellor, or only the last."""
    max_dropped: float = Field(default=0.0, ge=0, le=1)
    """Share of conversations that may not fit at all."""
    max_truncated: float = Field(default=0.05, ge=0, le=1)
    """Share of conversations that may lose rounds."""
    packing: bool = False
    """Several conversations in a row, isolated from each other."""
    by_length: bool = False
    """Conversations of like length in one batch: less padding, and an order less random."""

    lora_rank: int = Field(default=16, ge=1)
    """One of 8, 16, 32 … if vLLM is to serve the adapter itself."""
    lora_alpha: float = Field(default=32, gt=0)
    lora_dropout: float = Field(default=0.05, ge=0, lt=1)
    lora_targets: str | tuple[str, ...] = "all-linear"
    """`all-linear` (every linear layer but the head) or names of modules."""
    train_whole: tuple[str, ...] = ()
    """Modules that are trained in full beside the adapter, e.g. lm_head where tokens are new to the base."""
    quantise: Literal["none", "4bit", "8bit"] = "none"
    """QLoRA: the frozen base in 4 or 8 bits while training; needs bitsandbytes and a GPU."""

    learning_rate: float = Field(gt=0)
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    warmup: float = Field(default=0.05, ge=0, lt=1)
    """Share of steps over which the rate rises."""
    weight_decay: float = Field(default=0.0, ge=0)
    max_grad_norm: float = Field(default=1.0, gt=0)
    epochs: float = Field(gt=0)
    max_steps: int | None = Field(default=None, ge=1)
    """Stop after so many optimiser steps, whatever `epochs` says."""
    batch_size: int = Field(ge=1)
    """Conversations at a time on each device."""
    accumulate: int = Field(default=1, ge=1)
    """Batches summed up before a step."""
    dtype: Literal["bfloat16", "float32"] = "bfloat16"
    """Numbers of the frozen base; on a CPU use float32."""
    checkpointing: bool = True
    """Recompute activations instead of keeping them: less memory, a third more time."""

    take: Literal["best", "last"] = "best"
    """Whose weights are the result: those of the lowest validation loss, with an early stop, or those of the last step."""
    evaluate_every: int = Field(ge=1)
    """Steps between two looks at the validation data; each is a checkpoint."""
    patience: int = Field(default=3, ge=1)
    """Looks without a lower validation loss before training stops early."""
    keep: int = Field(default=2, ge=1)
    """Checkpoints kept beside the best."""
    seed: int = 0
    dpo_learning_rate: float = Field(default=2e-5, gt=0)
    """Instead of learning_rate with --dpo, which wants smaller steps."""
    dpo_beta: float = Field(default=0.1, gt=0)
    """How strongly the model is held to what it was; TRL's and the DPO paper's value."""
    report_to: tuple[Literal["tensorboard", "wandb"], ...] = ()
    """Where metrics go besides metrics.jsonl."""


def recipe_names() -> list[str]:
    """Names of the recipes that ship, sorted."""
    return sorted(path.stem for path in (room("finetune") / "recipes").glob("*.yaml"))


def load_recipe(name: str | Path, overrides: Sequence[str] = ()) -> Recipe:
    """The recipe called `name`, or the one in a YAML file, with `key=value` overrides (`scratch.layers=2` inside a block).

    Raises UnknownName; UsageError for an unknown key, a value that does not fit, or a file that is no YAML.
    """
    import yaml

    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        if str(name) not in recipe_names():
            raise UnknownName("recipe", str(name), recipe_names(), "A path that ends in .yaml works too.")
        path = room("finetune") / "recipes" / f"{name}.yaml"
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"Cannot read the recipe {path}: {error.strerror or error}.") from error
    except yaml.YAMLError as error:
        raise UsageError(f"The recipe {path} is no YAML: {error}") from error
    if not isinstance(settings, dict):
        raise UsageError(f"The recipe {path} must be keys and values, one a line.")
    for override in overrides:
        _set(settings, override)
    try:
        return Recipe.model_validate(settings)
    except ValidationError as error:
        raise UsageError(f"The recipe {path} does not fit. {_faults(error)}") from error


def _set(settings: dict[str, Any], override: str) -> None:
    import yaml

    key, equals, text = override.partition("=")
    if not equals or not key.strip():
        raise UsageError(f"“{override}” is no key=value. Example: learning_rate=2e-4")
    *blocks, last = key.strip().split(".")
    place = settings
    for block in blocks:
        inner = place.get(block)
        place[block] = dict(inner) if isinstance(inner, dict) else {}
        place = place[block]
    place[last] = yaml.safe_load(text)


def _faults(error: ValidationError) -> str:
    from difflib import get_close_matches

    said = []
    for fault in error.errors(include_url=False):
        where = ".".join(map(str, fault["loc"]))
        if fault["type"] == "extra_forbidden":
            blocks: dict[str, type[Record]] = {"scratch": Scratch, "shape": Shape}
            block = blocks.get(str(fault["loc"][0]), Recipe)
            near = get_close_matches(str(fault["loc"][-1]), block.model_fields, n=1)
            said.append(f"There is no key {where}." + (f" Did you mean {near[0]}?" if near else ""))
        else:
            said.append(f"{where}: {fault['msg']} (given: {str(fault['input'])[:40]}).")
    return " ".join(said)
