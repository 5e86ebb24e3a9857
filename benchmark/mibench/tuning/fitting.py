"""A model and encoded conversations → trained weights, through TRL's SFTTrainer, in a folder that can be gone on with."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from mibench.errors import MibenchError, MissingExtra, StorageError, UsageError
from mibench.tuning.checkpoints import finished, keeper, last_finished
from mibench.tuning.labels import Encoded
from mibench.tuning.progress import silent
from mibench.tuning.recipe import Recipe

OnStep = Callable[[int, int, str], None]
"""Told (steps done, steps in all, losses so far)."""


class Fit(NamedTuple):
    """What training came to."""

    trainer: Any
    """The TRL trainer, with the weights loaded that `recipe.take` says."""
    best_loss: float
    """Lowest validation loss, nats a token."""
    best_step: int
    steps: int
    """Steps done; fewer than planned when training stopped early."""
    tokens: int
    """Tokens seen, over all epochs."""
    seconds: float
    """In this process."""


def fit(
    model: Any, tokenizer: Any, train: Encoded, valid: Encoded, recipe: Recipe, folder: Path, *,
    adapter: Any = None, on_step: OnStep = silent,
) -> Fit:  # fmt: skip
    """Train `adapter` (peft's config), or without one all weights; look at the validation loss every `recipe.evaluate_every` steps and at the end.

    Goes on from the last finished checkpoint in `folder`, if there is one. Raises StorageError when the disk refuses.
    """
    from transformers import Trainer
    from trl import SFTTrainer
    from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

    common = {
        "model": model,
        "args": arguments(recipe, folder),
        "train_dataset": _dataset(train),
        "eval_dataset": _dataset(valid),
        "processing_class": tokenizer,
        "callbacks": callbacks(recipe, folder, on_step),
    }
    if adapter is None:  # TRL's head, which saves memory on masked tokens, takes twice the time where none is masked
        trainer = Trainer(data_collator=DataCollatorForLanguageModeling(tokenizer.pad_token_id), **common)
    else:
        trainer = SFTTrainer(peft_config=adapter, **common)
    return run_trainer(trainer, folder)


def run_trainer(trainer: Any, folder: Path) -> Fit:
    """Train from the start or from the last finished checkpoint, as any TRL trainer does it."""
    from transformers.trainer_callback import PrinterCallback

    trainer.remove_callback(PrinterCallback)  # it prints a dictionary a step
    start = last_finished(folder)
    with disk_faults(folder):
        outcome = trainer.train(resume_from_checkpoint=str(start) if start else None)
    state = trainer.state
    looks = [(float(entry["eval_loss"]), int(entry["step"])) for entry in state.log_history if "eval_loss" in entry]
    loss, step = min(looks)
    return Fit(
        trainer=trainer,
        best_loss=loss,
        best_step=step,
        steps=state.global_step,
        tokens=int(max((entry.get("num_tokens", 0) for entry in state.log_history), default=0)),
        seconds=float(outcome.metrics["train_runtime"]),
    )


def callbacks(recipe: Recipe, folder: Path, on_step: OnStep) -> list[Any]:
    """What watches a training: the keeper of checkpoints and, where the best weights are wanted, the early stop."""
    from transformers import EarlyStoppingCallback

    stop = [EarlyStoppingCallback(recipe.patience)] if recipe.take == "best" else []
    return [*stop, keeper(folder, on_step)]


def arguments(recipe: Recipe, folder: Path, kind: Any = None, **more: Any) -> Any:
    """TRL's configuration (`SFTConfig`, or another `kind`) for a recipe."""
    import torch
    from trl import SFTConfig

    gpu = torch.cuda.is_available()
    common: dict[str, Any] = {
        "output_dir": str(folder),
        "per_device_train_batch_size": recipe.batch_size,
        "per_device_eval_batch_size": recipe.batch_size,
        "gradient_accumulation_steps": recipe.accumulate,
        "num_train_epochs": recipe.epochs,
        "max_steps": recipe.max_steps or -1,
        "learning_rate": recipe.learning_rate,
        "lr_scheduler_type": recipe.schedule,
        "warmup_steps": recipe.warmup,  # below 1 it is a share
        "weight_decay": recipe.weight_decay,
        "max_grad_norm": recipe.max_grad_norm,
        "eval_strategy": "steps",
        "eval_steps": recipe.evaluate_every,
        "save_strategy": "steps",
        "save_steps": recipe.evaluate_every,
        "save_total_limit": recipe.keep + 1,
        "load_best_model_at_end": recipe.take == "best",
        "metric_for_best_model": "eval_loss",
        "greater_is_better": False,
        "logging_steps": 1,
        "train_sampling_strategy": "group_by_length" if recipe.by_length else "random",
        "bf16": gpu and recipe.dtype == "bfloat16",  # TRL's default is True, which a CPU refuses
        "use_cpu": not gpu,
        "seed": recipe.seed,
        "data_seed": recipe.seed,
        "disable_tqdm": True,
        "report_to": list(recipe.report_to) or "none",
        "dataloader_pin_memory": gpu,
    }
    if kind is None:
        kind = SFTConfig
        more = {
            "packing": recipe.packing,
            "eval_packing": False,
            "max_length": recipe.max_length if recipe.packing else None,
            "activation_checkpointing": recipe.checkpointing,
            "dataset_kwargs": {"skip_prepare_dataset": not recipe.packing},
            **more,
        }
    try:
        return kind(**common, **more)
    except (ImportError, RuntimeError) as error:
        raise UsageError(f"The trainer refuses the recipe: {str(error).splitlines()[0]}") from error


def _dataset(encoded: Encoded) -> Any:
    from datasets import Dataset

    return Dataset.from_list(
        [{"input_ids": example.input_ids, "labels": example.labels} for example in encoded.examples]
    )


@contextmanager
def disk_faults(folder: Path) -> Iterator[None]:
    """A disk that refuses is a StorageError, whichever library noticed it."""
    try:
        yield
    except MibenchError:
        raise
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        full = any(
            sign in words
            for sign in ("No space left", "File too large", "Disk quota", "PytorchStreamWriter", "SafetensorError")
        )
        if not full and not isinstance(error, OSError):
            raise
        raise StorageError(
            f"Cannot write in {folder}: {words.splitlines()[0]} The checkpoint being written is not used. Make room, "
            "then repeat the command: it goes on from the last finished checkpoint."
        ) from error


@contextmanager
def libraries() -> Iterator[None]:
    """Raise MissingExtra when one of the training libraries is not there; keep them quiet otherwise."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import datasets
        import peft  # noqa: F401 - to see whether it is there
        import torch  # noqa: F401
        import transformers
        import trl  # noqa: F401
    except ImportError as error:
        raise MissingExtra("mibench finetune", "finetune") from error
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module="transformers|trl|peft")  # among themselves
        yield


__all__ = ["Fit", "arguments", "disk_faults", "finished", "fit", "libraries", "run_trainer"]
