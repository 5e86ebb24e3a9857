"""What a training folder says of itself: what was asked for (run.json), what came out (tuned.json), and who is at work in it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import Field

from mibench.errors import RunConflict, UsageError
from mibench.records import digest_of_files, read_json, write_json
from mibench.schema import Record
from mibench.tuning.fitting import disk_faults
from mibench.tuning.prepare import Prepared
from mibench.tuning.recipe import Recipe

Kind = Literal["replies", "preferences"]


class Training(Record):
    """run.json of a training folder: what was asked for. The same command goes on with the same, and only with that."""

    recipe: Recipe
    data: Prepared
    kind: Kind = "replies"
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
    """Where it was reached; these weights are the result, unless the recipe takes the last."""
    steps: int = Field(ge=1)
    """Steps done."""
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


def load_tuned(adapter: Path) -> Tuned:
    """The record of a finished adapter. Raises UsageError if the folder is none."""
    path = adapter / "tuned.json"
    if not path.is_file():
        raise UsageError(
            f"{adapter} is no finished adapter: it has no tuned.json. `mibench finetune train` writes one at its end."
        )
    return read_json(path, Tuned)


def begin(out: Path, recipe: Recipe, data: Prepared, kind: Kind) -> Training:
    """Claim the folder, or go on with the same training in it. Raises RunConflict, naming what differs, for another."""
    folder = Path(recipe.base)
    files = digest_of_files(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else None
    asked = Training(recipe=recipe, data=data, kind=kind, base_files=files)
    path = out / "run.json"
    if not path.is_file():
        write_json(path, asked)
        return asked
    old = read_json(path, Training)
    if said := _differences(old, asked):
        raise RunConflict(
            f"{out} holds another training: {'; '.join(said)}. Choose another folder with --out, or delete this one."
        )
    return old


def _differences(old: Training, new: Training) -> list[str]:
    pairs = [(key, getattr(old.recipe, key), getattr(new.recipe, key)) for key in Recipe.model_fields]
    said = [f"{key} was {was}, is {now}" for key, was, now in pairs if was != now]
    if old.kind != new.kind:
        said.append(f"it learnt {old.kind}, not {new.kind}")
    if old.data.digest != new.data.digest:
        said.append("the data was other data")
    if old.base_files != new.base_files:
        said.append("the base's files have changed")
    return said


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the folder; of several processes of one training only the first does. Raises RunConflict if another holds it."""
    with disk_faults(out):
        out.mkdir(parents=True, exist_ok=True)
    if not leads():
        yield
        return
    with (out / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunConflict(f"Another mibench is training in {out}. Wait for it, or choose another --out.") from error
        yield


def leads() -> bool:
    """Whether this process writes the records: of those that `accelerate launch` starts, the first."""
    return os.environ.get("RANK", "0") == "0"
