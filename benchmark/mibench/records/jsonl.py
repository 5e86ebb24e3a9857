"""JSON lines: read with file:line in every complaint, appended so that a kill loses at most the line being written."""

import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from mibench.errors import BadRecord, StorageError, UsageError

R = TypeVar("R")


def read_lines(path: Path, record: type[R], *, torn_end: bool = False) -> Iterator[tuple[int, R]]:
    """Yield (line number from 1, record) for each line that is not blank and not a `{"canary": …}` line.

    `record`: a model, or a TypedDict of the fields that are wanted, which is read several times faster than all of them.
    `torn_end`: leave out a last line without its newline, which a kill can leave behind.
    Raises BadRecord with file:line for a line that is no JSON or does not fit; UsageError if there is no such file.
    """
    for number, _, found in read_raw(path, record, torn_end=torn_end):
        yield number, found


def read_raw(path: Path, record: type[R], *, torn_end: bool = False) -> Iterator[tuple[int, bytes, R]]:
    """As `read_lines`, with the line itself between number and record."""
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}.") from error
    parse: Callable[[bytes], R] = _parser(record)  # type: ignore[arg-type]  # a TypedDict is hashable too
    with file:
        for number, line in enumerate(file, 1):
            if not line.strip() or (torn_end and not line.endswith(b"\n")) or line.startswith(b'{"canary"'):
                continue
            try:
                yield number, line, parse(line)
            except ValidationError as error:
                raise BadRecord(path, number, _first_fault(error)) from error


@cache
def _parser(record: type[Any]) -> Callable[[bytes], Any]:
    return TypeAdapter(record).validate_json


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    words = ("client", "counsellor", "function-after")
    where = ".".join(str(step) for step in fault["loc"] if not str(step).startswith(words))
    what = fault["msg"].removeprefix("Value error, ")
    return f"{where}: {what}" if where else what


class Appender:
    """Appends records to a file, a line each, handed to the system before `append` returns.

    On opening, a torn last line is cut off. Use as a context manager; closing also syncs to the disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _cut_torn_line(self.path)
            self._file = self.path.open("ab", buffering=0)
        except OSError as error:
            raise _refused(self.path, error) from error
        return self

    def append(self, record: BaseModel) -> int:
        """Write one record as one line; returns its bytes. Raises StorageError when the disk refuses; lines before it are intact."""
        return self.append_line(record.model_dump_json(exclude_defaults=True).encode() + b"\n")

    def append_line(self, line: bytes) -> int:
        """Write a line as it stands in another file of the same kind; returns its bytes. Raises as `append`."""
        assert self._file is not None, "open the Appender with `with` first"
        length = len(line)
        try:
            written = self._file.write(line)
            while written < len(line):
                line = line[written:]
                written = self._file.write(line)
        except OSError as error:
            raise _refused(self.path, error) from error
        return length

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            if kind is None and self.path.is_file():
                os.fsync(self._file.fileno())
        except OSError as failure:
            raise _refused(self.path, failure) from failure
        finally:
            self._file.close()


def read_json(path: Path, record: type[R]) -> R:
    """The one record that a JSON file holds. Raises BadRecord where it does not fit."""
    parse: Callable[[bytes], R] = _parser(record)  # type: ignore[arg-type]
    try:
        return parse(path.read_bytes())
    except ValidationError as error:
        raise BadRecord(path, 1, _first_fault(error)) from error


def write_json(path: Path, record: BaseModel) -> None:
    """Write a record as readable JSON, whole or not at all: a reader never sees half a file."""
    text = json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    write_whole(path, text)


def write_whole(path: Path, text: str) -> None:
    """Write a text file, whole or not at all. Raises StorageError when the disk refuses."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise _refused(path, error) from error


def _cut_torn_line(path: Path) -> None:
    if not path.is_file() or path.stat().st_size == 0:
        return
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        position = end
        while position > 0:
            step = min(65536, position)
            position -= step
            file.seek(position)
            newline = file.read(step).rfind(b"\n")
            if newline >= 0:
                if position + newline + 1 < end:
                    file.truncate(position + newline + 1)
                return
        file.truncate(0)


def _refused(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"Cannot write {path}: {error.strerror or error}. Lines already written are intact; "
        "make room or choose another folder with --out, then repeat the command to go on."
    )
