"""Files from strangers, read without trust: bounded, UTF-8, each key once, no NaN; every complaint says file:line."""

import json
import math
import re
import zlib
from collections.abc import Iterator
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mibench.errors import BadRecord, StorageError
from mibench.records.visible import visible

R = TypeVar("R", bound=BaseModel)

MOST_TEXT = 65_536
"""Bytes of a YAML file."""
MOST_JSON = 10_000_000
"""Bytes of a JSON file."""
MOST_LINE = 2_000_000
"""Bytes of one line."""
MOST_UNPACKED = 100_000_000
"""Bytes that a compressed file may become."""

_ODD_NUMBER = re.compile(rb"NaN|Infinity|\d[eE]\+?\d{3,}(?=[\s,}\]]|$)|(?<![\d.])\d{19,}(?=[\s,}\].eE]|$)")
"""What only a slower look can tell to be wrong. A number ends before a sign or a blank: a digest in quotes is none."""


def read_bytes(path: Path, most: int) -> bytes:
    """All of a plain file. Raises BadRecord for a link, a pipe, a folder, or more than `most` bytes."""
    if path.is_symlink() or not path.is_file():
        raise BadRecord(path, 1, "it is missing, or no plain file; links and devices are not followed")
    try:
        size = path.stat().st_size
        if size > most:
            raise BadRecord(path, 1, f"it has {size:,} bytes; at most {most:,} are read")
        return path.read_bytes()
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {error.strerror or error}.") from error


def read_json(path: Path, record: type[R], *, keys_once: bool = False, any_number: bool = False) -> R:
    """A JSON file as a record. Raises BadRecord. `keys_once`: refuse a key that stands twice, which takes longer.

    `any_number`: as in `parse`.
    """
    return parse(path, 1, read_bytes(path, MOST_JSON), record, keys_once=keys_once, any_number=any_number)


def read_packed(path: Path, record: type[R], *, keys_once: bool = False) -> Iterator[tuple[int, R]]:
    """(line number, record) for each line of a gzip file; unpacked piece by piece, so that a bomb costs nothing.

    Raises BadRecord.
    """
    for number, line in packed_lines(path):
        yield number, parse(path, number, line, record, keys_once=keys_once, any_number=True)


def packed_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(line number, bytes) of a gzip file's lines that are not blank. Raises BadRecord beyond the limits of this module."""
    packed = read_bytes(path, MOST_JSON)
    if not packed:
        raise BadRecord(path, 1, "it is empty, and no gzip file")
    total = number = 0
    try:
        import io

        with GzipFile(fileobj=io.BytesIO(packed)) as file:
            while line := file.readline(MOST_LINE + 1):
                number += 1
                total += len(line)
                if len(line) > MOST_LINE:
                    raise BadRecord(path, number, f"the line is longer than {MOST_LINE:,} bytes")
                if total > MOST_UNPACKED:
                    raise BadRecord(
                        path, number, f"it unpacks to more than {MOST_UNPACKED:,} bytes; nothing more is read"
                    )
                if line.strip():
                    yield number, line
    except (BadGzipFile, EOFError, zlib.error) as error:
        raise BadRecord(path, number + 1, f"it is no whole gzip file: {visible(str(error))}") from error


def parse(
    path: Path, line: int, text: bytes, record: type[R], *, keys_once: bool = False, any_number: bool = False
) -> R:
    """JSON text as a record. Raises BadRecord with `line` for what is no JSON, no UTF-8, not finite or does not fit.

    `any_number`: leave the look for odd numbers to the record, which must have no field of any type: quicker for much text.
    """
    if keys_once or (not any_number and _ODD_NUMBER.search(text)):
        _check_json(path, line, text)
    try:
        return record.model_validate_json(text)
    except ValidationError as error:
        raise BadRecord(path, line, first_fault(error)) from error


def first_fault(error: ValidationError) -> str:
    """Where and what, on one line, with nothing of the input but its keys."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(step) for step in fault["loc"])
    what = fault["msg"].removeprefix("Value error, ")
    return visible(f"{where[:120]}: {what}" if where else what)


def _check_json(path: Path, line: int, text: bytes) -> None:
    try:
        json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_countable,
        )
    except UnicodeDecodeError as error:
        raise BadRecord(path, line, f"byte {error.start + 1} is no UTF-8") from error
    except RecursionError as error:
        raise BadRecord(path, line, "it is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise BadRecord(path, line + error.lineno - 1, f"no JSON: {error.msg}") from error
    except ValueError as error:
        raise BadRecord(path, line, visible(str(error))) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key “{twice[:60]}” stands twice")
    return found


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is no number here; undefined is null")


def _countable(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError(f"{digits[:30]}… is beyond what a number here can be")
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:30]} is beyond what a number here can be")
    return value
