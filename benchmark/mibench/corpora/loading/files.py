"""The files of each corpus → dialogues as they were met, one at a time."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mibench.corpora.loading import chats
from mibench.corpora.loading.gathering import Found, Piece
from mibench.corpora.loading.json_files import Value, values, whole
from mibench.corpora.loading.marked import pieces


def cpsycound(path: Path) -> Iterator[Found]:
    """A text file a dialogue; or the hub's list of instruction, output and history."""
    if path.is_file() and path.suffix != ".txt":
        yield from rows_of(path, chats.alpaca)
        return
    for file in _files(path, ".txt"):
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError:
            yield Found(file.stem, [], file, unfit="not UTF-8")
            continue
        yield Found(file.stem, pieces(lines), file)


def cpsycoune(path: Path) -> Iterator[Found]:
    """A JSON list of marked lines a dialogue; the folder is its topic."""
    for file in _files(path, ".json"):
        found = whole(file)
        topic = file.parent.name if file.parent != path else None
        id_ = f"{topic}/{file.stem}" if topic else file.stem
        if found.fault or not _texts(found.value):
            yield Found(id_, [], file, found.line, unfit=_unfit(found.fault or "no list of texts"))
        else:
            yield Found(id_, pieces(found.value), file, topic=topic)


def smilechat(path: Path) -> Iterator[Found]:
    """A JSON list of turns a dialogue."""
    for file in _files(path, ".json"):
        yield read_row(whole(file), chats.turns, file, file.stem)


def psydt(path: Path) -> Iterator[Found]:
    """Rows with id, normalizedTag and messages; a row that is the beginning of another is part of that one.

    How the test file is cut is not documented, so nothing is taken for granted but this; holds all rows in memory.
    """
    for file in _files(path, ".json"):
        longest: dict[str, list[Found]] = {}
        for number, value in enumerate(values(file)):
            found = read_row(value, chats.messages, file, id_of(value.value, number))
            spoken = [piece for piece in found.pieces if piece.kind != "system"]
            bucket = longest.setdefault(spoken[0].words if spoken else f"\0{number}", [])
            _keep_longest(bucket, found, spoken)
        yield from (found for bucket in longest.values() for found in bucket)


def _keep_longest(bucket: list[Found], found: Found, spoken: list[Piece]) -> None:
    mine = [(piece.kind, piece.words) for piece in spoken]
    for place, other in enumerate(bucket):
        theirs = [(piece.kind, piece.words) for piece in other.pieces if piece.kind != "system"]
        if mine[: len(theirs)] == theirs:
            bucket[place] = found._replace(id=other.id)
            return
        if theirs[: len(mine)] == mine:
            return
    bucket.append(found)


def rows_of(path: Path, reader: chats.Reader) -> Iterator[Found]:
    """Every row of every JSON or JSON-lines file."""
    for file in _files(path, ".json", ".jsonl"):
        head = f"{file.stem}/" if path.is_dir() else ""
        for number, value in enumerate(values(file)):
            yield read_row(value, reader, file, head + id_of(value.value, number))


def _files(path: Path, *suffixes: str) -> Iterable[Path]:
    """The file itself, or all files with one of the suffixes below a folder, sorted by path."""
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in suffixes and file.is_file())


def read_row(value: Value, reader: chats.Reader, file: Path, id_: str) -> Found:
    """A row as the pieces of a dialogue, or why it is none."""
    if value.fault:
        return Found(id_, [], file, value.line, unfit=_unfit(value.fault))
    try:
        found = [piece._replace(line=value.line) for piece in reader(value.value)]
    except chats.Unfit as why:
        return Found(id_, [], file, value.line, unfit=_unfit(str(why)))
    row = value.value if isinstance(value.value, dict) else {}
    topic = row.get("normalizedTag") or row.get("topic")
    group = row.get("group")
    return Found(
        id_, found, file, value.line,
        topic=topic if isinstance(topic, str) else None, group=group if isinstance(group, str) else None,
    )  # fmt: skip


def id_of(row: Any, number: int) -> str:
    """The row's own id, or its place."""
    given = row.get("id") if isinstance(row, dict) else None
    return str(given) if isinstance(given, str | int) and str(given).strip() else f"row-{number:06d}"


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _unfit(why: str) -> str:
    return f"not of the corpus's form: {why}"
