"""JSON read a value at a time, so that a file of any size passes in bounded memory."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

CHUNK = 1 << 18
"""Characters read at a time; more where one value is longer."""

LARGEST = 1 << 26
"""Characters of one value beyond which a list is taken for malformed."""


class Value(NamedTuple):
    """One value of a file."""

    value: Any
    line: int
    """Where it begins, from 1."""
    fault: str = ""
    """Why it could not be read; `value` is then None."""


def values(path: Path) -> Iterator[Value]:
    """The entries of a JSON array, or the lines of JSON lines, or the one object of the file.

    What cannot be read is a value with its fault; a line of JSON lines that is broken does not stop the others.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = file.readline()
            while first and not first.strip():
                first = file.readline()
            if first.lstrip().startswith("["):
                file.seek(0)
                yield from _array(file)
            elif _parses(first):
                file.seek(0)
                yield from _lines(file)
            else:
                file.seek(0)
                yield _whole(file)
    except UnicodeDecodeError:
        yield Value(None, 1, "not UTF-8")


def whole(path: Path) -> Value:
    """The file as one value."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return _whole(file)
    except UnicodeDecodeError:
        return Value(None, 1, "not UTF-8")


def _whole(file: IO[str]) -> Value:
    try:
        return Value(json.load(file), 1)
    except (ValueError, RecursionError) as error:
        return Value(None, getattr(error, "lineno", 1), "no JSON")


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(file: IO[str]) -> Iterator[Value]:
    for number, line in enumerate(file, 1):
        if not line.strip() or line.startswith('{"canary"'):
            continue
        try:
            yield Value(json.loads(line), number)
        except (ValueError, RecursionError):
            yield Value(None, number, "no JSON")


def _array(file: IO[str]) -> Iterator[Value]:
    decoder = json.JSONDecoder()
    buffer, place, line, size = "", 0, 1, CHUNK
    opened = False
    while True:
        skipped = len(buffer) - len(buffer[place:].lstrip(" \t\r\n," if opened else " \t\r\n"))
        line += buffer.count("\n", place, skipped)
        place = skipped
        if place < len(buffer) and not opened:
            opened, place = True, place + 1  # the bracket
            continue
        if place < len(buffer) and buffer[place] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, place)
            if not isinstance(value, dict | list | str) and buffer[end : end + 1] not in tuple(" \t\r\n,]"):
                raise ValueError  # noqa: TRY301 - a number may go on in the next chunk
        except (ValueError, RecursionError):
            more = file.read(size) if len(buffer) < LARGEST else ""
            if not more:
                yield Value(None, line, "no JSON: the list is broken off or malformed here")
                return
            buffer, place, size = buffer[place:] + more, 0, size * 2
            continue
        yield Value(value, line)
        line += buffer.count("\n", place, end)
        place, size = end, CHUNK
        if place > CHUNK:
            buffer, place = buffer[place:], 0
