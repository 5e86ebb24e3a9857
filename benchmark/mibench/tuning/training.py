"""`mibench finetune train`: a recipe and prepared data → an adapter, with a record of everything that shaped it."""

import fcntl
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationError

from mibench.errors import BadRecord, RunConflict, UsageError
from mibench.records import digest_of_files, write_json
from mibench.schema import Record
from mibench.tuning.fitting import Fit, disk_faults, fit, libraries
from mibench.tuning.formats import Format, format_of
from mibench.tuning.labels import Encoded, check_losses, encode_all, encoder
from mibench.tuning.pairs import load_pairs
from mibench.tuning.preferring import encode_pairs, fit_pairs
from mibench.tuning.prepare import Prepared, load_prepared
from mibench.tuning.progress import silent
from mibench.tuning.recipe import Recipe
from mibench.tuning.scratch import make_base

OnStage = Callable[[str, int, int, str], None]
"""Told (stage, steps done, steps in all, losses)."""


class Training(Record):
    """run.json of a training folder: what was asked for. The same command goes on with the same, and only with that."""

    recipe: Recipe
    data: Prepared
    kind: Literal["replies", "preferences"] = "replies"
    """Learning replies, or which of two is better."""
    base_files: str | None = None
    """sha256 over the base's files, where it is a folder."""


class Tuned(Record):
    """tuned.json of a finished adapter: what came out, and everything a leaderboard wants to know."""

    training: Training
    base: str
    """The base that the adapter belongs to: folder or hub id."""
    base_revision: str
    """Commit on the hub, or `files-…` of a folder."""
    best_loss: float
    """Lowest validation loss: nats a token, or DPO's (0.69 is no preference)."""
    best_step: int = Field(ge=0)
    steps: int = Field(ge=1)
    truncated: int = Field(ge=0)
    """Conversations that lost rounds, on both sides."""
    dropped: int = Field(ge=0)
    """Conversations left out, on both sides."""
    tokens: int = Field(ge=0)
    """Tokens seen in training."""
    seconds: float = Field(ge=0)
    """Wall time of the last process."""
    device: str
    versions: dict[str, str]
    """Package → version."""
    finished: str
    """When, UTC."""


class _Lost(NamedTuple):
    truncated: int
    dropped: int


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
    with libraries(), _locked(out):
        asked = _begin(out, recipe, manifest, "preferences" if dpo else "replies")
        if (out / "adapter" / "tuned.json").is_file():
            return load_tuned(out / "adapter")
        base = _base(recipe, data, out, form, on_stage)
        tokenizer = load_tokenizer(base, recipe, form)
        stage = _fit_pairs if dpo else _fit_replies
        done, lost, revision = stage(recipe, data, out, form, base, tokenizer, on_stage)
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


def _fit_replies(
    recipe: Recipe, data: Path, out: Path, form: Format, base: str, tokenizer: Any, on_stage: OnStage
) -> tuple[Fit, _Lost, str]:
    _, conversations, watched = load_prepared(data)
    sides = [encode_side(side, form, tokenizer, recipe) for side in (conversations, watched)]
    model = load_model(base, recipe)
    revision = _revision(base, model)
    done = fit(
        model, tokenizer, sides[0], sides[1], recipe, out / "checkpoints",
        adapter=adapter_config(recipe), on_step=_stage(on_stage, "LoRA"),
    )  # fmt: skip
    return done, _Lost(sum(len(s.truncated) for s in sides), sum(len(s.dropped) for s in sides)), revision


def _fit_pairs(
    recipe: Recipe, data: Path, out: Path, form: Format, base: str, tokenizer: Any, on_stage: OnStage
) -> tuple[Fit, _Lost, str]:
    _, pairs, watched = load_pairs(data)
    sides = [encode_pairs(side, form, tokenizer, recipe) for side in (pairs, watched)]
    model = load_model(base, recipe)
    revision = _revision(base, model)
    done = fit_pairs(
        model, tokenizer, sides[0][0], sides[1][0], recipe, out / "checkpoints",
        adapter=adapter_config(recipe), on_step=_stage(on_stage, "DPO"),
    )  # fmt: skip
    return done, _Lost(0, sum(dropped for _, dropped in sides)), revision


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
    )  # fmt: skip


def encode_side(conversations: Any, form: Format, tokenizer: Any, recipe: Recipe) -> Encoded:
    """Training or validation conversations, encoded; raises UsageError when more is lost than the recipe allows."""
    found = encode_all(conversations, form, encoder(tokenizer), recipe.max_length, last_only=recipe.train_on == "last")
    check_losses(found, recipe.max_dropped, recipe.max_truncated, recipe.max_length)
    return found


def load_tuned(adapter: Path) -> Tuned:
    """The record of a finished adapter. Raises UsageError if the folder is none."""
    path = adapter / "tuned.json"
    if not path.is_file():
        raise UsageError(
            f"{adapter} is no finished adapter: it has no tuned.json. `mibench finetune train` writes one at its end."
        )
    try:
        return Tuned.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadRecord(path, 1, str(error.errors(include_url=False)[0]["msg"])) from error


def _begin(out: Path, recipe: Recipe, manifest: Prepared, kind: Literal["replies", "preferences"]) -> Training:
    folder = Path(recipe.base)
    files = digest_of_files(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else None
    asked = Training(recipe=recipe, data=manifest, kind=kind, base_files=files)
    path = out / "run.json"
    if not path.is_file():
        write_json(path, asked)
        return asked
    try:
        old = Training.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadRecord(path, 1, str(error.errors(include_url=False)[0]["msg"])) from error
    changed = [key for key in Recipe.model_fields if getattr(old.recipe, key) != getattr(recipe, key)]
    said = [f"{key} was {getattr(old.recipe, key)}, is {getattr(recipe, key)}" for key in changed]
    if old.kind != kind:
        said.append(f"it learnt {old.kind}, not {kind}")
    if old.data.digest != manifest.digest:
        said.append("the data was other data")
    if old.base_files != files:
        said.append("the base's files have changed")
    if said:
        raise RunConflict(
            f"{out} holds another training: {'; '.join(said)}. Choose another folder with --out, or delete this one."
        )
    return old


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
        versions={name: metadata.version(name) for name in ("torch", "transformers", "peft", "trl", "accelerate", "mibench")},
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    if os.environ.get("RANK", "0") != "0":
        return tuned
    for leftover in ("README.md", "training_args.bin"):  # an empty model card, and a pickle nobody should load
        (part / leftover).unlink(missing_ok=True)
    write_json(part / "tuned.json", tuned)
    part.replace(out / "adapter")
    for name in ("metrics.jsonl", "loss.svg"):
        shutil.copyfile(out / "checkpoints" / name, out / name)
    return tuned


def _revision(base: str, model: Any) -> str:
    folder = Path(base)
    if folder.is_dir():
        return f"files-{digest_of_files(path for path in folder.iterdir() if path.is_file())[:16]}"
    return str(getattr(model.config, "_commit_hash", None) or "not stated")


def _stage(on_stage: OnStage, name: str) -> Callable[[int, int, str], None]:
    return lambda done, total, note: on_stage(name, done, total, note)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold the folder; of several processes of one training only the first does."""
    with disk_faults(out):
        out.mkdir(parents=True, exist_ok=True)
    if os.environ.get("RANK", "0") != "0":
        yield
        return
    with (out / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunConflict(f"Another mibench is training in {out}. Wait for it, or choose another --out.") from error
        yield
