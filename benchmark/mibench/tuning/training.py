"""`mibench finetune train`: a recipe and prepared data → an adapter, with a record of everything that shaped it."""

import platform
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from mibench.errors import UsageError
from mibench.records import write_json
from mibench.tuning.conversations import Conversation
from mibench.tuning.fitting import Fit, disk_faults, fit, libraries
from mibench.tuning.formats import Format, format_of
from mibench.tuning.labels import Encoded, check_losses, encode_all, encoder
from mibench.tuning.ledger import Training, Tuned, begin, leads, load_tuned, locked
from mibench.tuning.loading import adapter_config, load_model, load_tokenizer, revision_of
from mibench.tuning.pairs import load_pairs
from mibench.tuning.preferring import encode_pairs, fit_pairs
from mibench.tuning.prepare import load_prepared
from mibench.tuning.progress import silent
from mibench.tuning.recipe import Recipe
from mibench.tuning.scratch import make_base

OnStage = Callable[[str, int, int, str], None]
"""Told (stage, steps done, steps in all, losses)."""

PACKAGES = ("torch", "transformers", "peft", "trl", "accelerate", "mibench")
"""Whose versions go on record."""


class _Lost(NamedTuple):
    truncated: int
    dropped: int


class _Ready(NamedTuple):
    """All that the last step of a training needs."""

    recipe: Recipe
    data: Path
    form: Format
    tokenizer: Any
    model: Any
    checkpoints: Path
    on_stage: OnStage


def train(
    recipe: Recipe, data: Path, out: Path, *, dpo: bool = False,
    on_stage: OnStage = silent,
) -> Tuned:  # fmt: skip
    """Train an adapter into `out`/adapter; goes on from the last finished checkpoint of the same training.

    `dpo`: `data` holds pairs, and the adapter learns to prefer the better reply of each. Raises RunConflict when `out`
    holds another training, UsageError for data or a base that does not fit, MissingExtra, StorageError when the disk
    refuses (nothing half-written is taken for a checkpoint).
    """
    form = format_of(recipe.format)
    manifest = (load_pairs(data) if dpo else load_prepared(data))[0]
    with libraries(), locked(out):
        asked = begin(out, recipe, manifest, "preferences" if dpo else "replies")
        if (out / "adapter" / "tuned.json").is_file():
            return load_tuned(out / "adapter")
        base = _base(recipe, data, out, form, on_stage)
        tokenizer = load_tokenizer(base, recipe, form)
        model = load_model(base, recipe)
        revision = revision_of(base, model)
        ready = _Ready(recipe, data, form, tokenizer, model, out / "checkpoints", on_stage)
        done, lost = _fit_pairs(ready) if dpo else _fit_replies(ready)
        return _save(done, asked, lost, base, revision, out)


def _base(recipe: Recipe, data: Path, out: Path, form: Format, on_stage: OnStage) -> str:
    if recipe.base != "scratch":
        return recipe.base
    if recipe.scratch is None:
        raise UsageError("A recipe whose base is scratch needs a scratch block; tiny.yaml shows one.")
    folder = out / "base"
    if not folder.is_dir():
        _, conversations, watched = load_prepared(data)
        make_base(recipe, form, conversations, watched, folder, _stage(on_stage, "base"))
    return str(folder)


def _fit_replies(ready: _Ready) -> tuple[Fit, _Lost]:
    _, conversations, watched = load_prepared(ready.data)
    sides = [_encoded(side, ready) for side in (conversations, watched)]
    done = fit(
        ready.model, ready.tokenizer, sides[0], sides[1], ready.recipe, ready.checkpoints,
        adapter=adapter_config(ready.recipe), on_step=_stage(ready.on_stage, "LoRA"),
    )  # fmt: skip
    return done, _Lost(sum(len(side.truncated) for side in sides), sum(len(side.dropped) for side in sides))


def _encoded(conversations: Sequence[Conversation], ready: _Ready) -> Encoded:
    recipe = ready.recipe
    found = encode_all(
        conversations, ready.form, encoder(ready.tokenizer), recipe.max_length, last_only=recipe.train_on == "last"
    )
    check_losses(found, recipe.max_dropped, recipe.max_truncated, recipe.max_length)
    return found


def _fit_pairs(ready: _Ready) -> tuple[Fit, _Lost]:
    _, pairs, watched = load_pairs(ready.data)
    sides = [encode_pairs(side, ready.form, ready.tokenizer, ready.recipe) for side in (pairs, watched)]
    done = fit_pairs(
        ready.model, ready.tokenizer, sides[0][0], sides[1][0], ready.recipe, ready.checkpoints,
        adapter=adapter_config(ready.recipe), on_step=_stage(ready.on_stage, "DPO"),
    )  # fmt: skip
    return done, _Lost(0, sum(dropped for _, dropped in sides))


def _save(done: Fit, asked: Training, lost: _Lost, base: str, revision: str, out: Path) -> Tuned:
    import torch

    part = out / ".adapter.part"
    shutil.rmtree(part, ignore_errors=True)
    with disk_faults(out):
        done.trainer.save_model(str(part))
    tuned = Tuned(
        training=asked, base=base, base_revision=revision, best_loss=done.best_loss, best_step=done.best_step,
        steps=done.steps, truncated=lost.truncated, dropped=lost.dropped, tokens=done.tokens, seconds=done.seconds,
        device=torch.cuda.get_device_name() if torch.cuda.is_available() else platform.machine(),
        versions={name: metadata.version(name) for name in PACKAGES},
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    if not leads():
        return tuned
    for leftover in ("README.md", "training_args.bin"):  # an empty model card, and a pickle nobody should load
        (part / leftover).unlink(missing_ok=True)
    write_json(part / "tuned.json", tuned)
    part.replace(out / "adapter")
    for name in ("metrics.jsonl", "loss.svg"):
        shutil.copyfile(out / "checkpoints" / name, out / name)
    return tuned


def _stage(on_stage: OnStage, name: str) -> Callable[[int, int, str], None]:
    return lambda done, total, note: on_stage(name, done, total, note)
