"""Files of dialogues → train.jsonl, valid.jsonl and a manifest that says where they come from."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import Field

from mibench.errors import UsageError
from mibench.records import digest_of, read_json, read_lines, write_json
from mibench.records.jsonl import write_whole
from mibench.schema import Record
from mibench.suites import load_suite, suite_names
from mibench.tuning.conversations import Conversation, Source, read_conversations
from mibench.tuning.leakage import Overlap, overlaps, refuse_overlap
from mibench.tuning.progress import silent


class Grouped(Protocol):
    """Anything that a split may or may not part: a conversation, a pair of replies."""

    @property
    def groups(self) -> tuple[str, ...]:
        """What it shares with others."""


G = TypeVar("G", bound=Grouped)


class Prepared(Record):
    """manifest.json of a prepared folder."""

    sources: tuple[Source, ...]
    train: int = Field(ge=1)
    """Conversations to train on."""
    valid: int = Field(ge=1)
    """Conversations to watch the loss on."""
    groups: int = Field(ge=2)
    """Groups that share no client and no scenario; a group is on one side only."""
    seed: int
    """Of the split."""
    digest: str
    """sha256 over both sides: messages and ids."""
    overlap: tuple[Overlap, ...]
    """What is shared with each test suite."""
    overlap_allowed: bool
    """Whether data that overlaps a suite was let through on purpose."""


def prepare(
    files: Sequence[Path],
    out: Path,
    *,
    valid_share: float = 0.1,
    seed: int = 0,
    prompt: str | None = None,
    suites: Sequence[str] = (),
    allow_overlap: bool = False,
    on_file: Callable[[int, int], None] = silent,
) -> Prepared:
    """Read, check, split and write; returns the manifest.

    `valid_share`: share of conversations for validation, 0-1; `suites`: test suites to keep away from besides those that
    ship. Raises BadRecord, or UsageError when the data overlaps a suite or cannot be split.
    """
    conversations: list[Conversation] = []
    sources = []
    for number, path in enumerate(files, 1):
        some, source = read_conversations(path, prompt)
        conversations += some
        sources.append(source)
        on_file(number, len(files))
    _refuse_twice(conversations)
    found = overlaps(conversations, [load_suite(name) for name in dict.fromkeys([*suite_names(), *suites])])
    if not allow_overlap:
        refuse_overlap(found)
    train, valid, groups = split(conversations, valid_share, seed)
    manifest = Prepared(
        sources=tuple(sources),
        train=len(train),
        valid=len(valid),
        groups=groups,
        seed=seed,
        digest=_digest(train, valid),
        overlap=tuple(found),
        overlap_allowed=allow_overlap and any(overlap.conversations for overlap in found),
    )
    write_whole(out / "train.jsonl", _lines(train))
    write_whole(out / "valid.jsonl", _lines(valid))
    write_json(out / "manifest.json", manifest)
    return manifest


def load_prepared(folder: Path) -> tuple[Prepared, list[Conversation], list[Conversation]]:
    """The manifest, the training and the validation conversations.

    Raises UsageError if `folder` was not made by `prepare`, or its files were changed since.
    """
    manifest = load_manifest(folder, "mibench finetune prepare FILE…")
    if any(source.form == "pairs" for source in manifest.sources):
        raise UsageError(f"{folder} holds pairs of replies. Train on them with --dpo.")
    sides: dict[Literal["train", "valid"], list[Conversation]] = {
        "train": [row for _, row in read_lines(folder / "train.jsonl", Conversation)],
        "valid": [row for _, row in read_lines(folder / "valid.jsonl", Conversation)],
    }
    if _digest(sides["train"], sides["valid"]) != manifest.digest:
        raise UsageError(
            f"The files in {folder} are not those its manifest.json describes, so nobody could say what a model was "
            "trained on. Change the sources and run `mibench finetune prepare` again."
        )
    return manifest, sides["train"], sides["valid"]


def load_manifest(folder: Path, maker: str) -> Prepared:
    """The manifest. Raises UsageError with the command that makes one if there is none."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise UsageError(f"{folder} has no manifest.json. Make one: {maker} --out {folder}")
    return read_json(path, Prepared)


def split(conversations: Sequence[G], valid_share: float, seed: int) -> tuple[list[G], list[G], int]:
    """(train, valid, number of groups): whole groups are drawn until `valid_share` of the conversations is reached.

    What shares a client or a scenario, directly or through others, is one group. Raises UsageError for fewer than two.
    """
    groups = _groups(conversations)
    if len(groups) < 2:
        raise UsageError(
            f"All {len(conversations)} conversations share clients or scenarios, so none can be kept apart for validation. "
            "Add others, or correct their “client”, “scenario” and “group” fields."
        )
    random.Random(seed).shuffle(groups)  # noqa: S311 - a draw, no secret
    chosen: set[int] = set()
    for group in groups[:-1]:
        if chosen and len(chosen) >= valid_share * len(conversations):
            break
        chosen |= set(group)
    train = [conversation for place, conversation in enumerate(conversations) if place not in chosen]
    valid = [conversation for place, conversation in enumerate(conversations) if place in chosen]
    return train, valid, len(groups)


def _groups(conversations: Sequence[Grouped]) -> list[list[int]]:
    """Places of conversations, joined where they share a key (union-find)."""
    parent = list(range(len(conversations)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first: dict[str, int] = {}
    for place, conversation in enumerate(conversations):
        for key in conversation.groups:
            parent[root(place)] = root(first.setdefault(key, place))
    found: dict[int, list[int]] = {}
    for place in range(len(conversations)):
        found.setdefault(root(place), []).append(place)
    return list(found.values())


def _refuse_twice(conversations: Sequence[Conversation]) -> None:
    seen: set[str] = set()
    for conversation in conversations:
        if conversation.id in seen:
            raise UsageError(f"The id {conversation.id} stands in two files; ids are unique in all the data.")
        seen.add(conversation.id)


def _digest(train: Sequence[Conversation], valid: Sequence[Conversation]) -> str:
    return digest_of([[conversation.model_dump(mode="json") for conversation in side] for side in (train, valid)])


def _lines(conversations: Sequence[Conversation]) -> str:
    return "".join(conversation.model_dump_json() + "\n" for conversation in conversations)
