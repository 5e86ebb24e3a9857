"""Tables of other people's making: found, read as text, and complained of by file and line."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mibench.errors import BadRecord, UsageError

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

T = TypeVar("T")

SIGNS = {
    "main_therapist_behaviour": "an AnnoMI table: annomi:PATH",
    "t2_label_GT": "a MISC gold table: misc-gold:PATH",
    "Tagged Text": "MI-TAGS' table of sessions: mi-tags:PATH",
    "Normalized Turn": "MI-TAGS' table of single utterances, which lacks the conversation around them",
}
"""A column that only one kind of table has → what that table is."""


class Row:
    """One row: its cells by column, untouched, and the line of the file it begins in."""

    def __init__(self, path: Path, line: int, cells: dict[str, str]) -> None:
        self.path, self.line, self.cells = path, line, cells

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    def line_of(self, column: str) -> int:
        """Line of the file in which the cell begins; a cell before it may hold line breaks."""
        before = list(self.cells).index(column)
        return self.line + sum(cell.count("\n") for cell in list(self.cells.values())[:before])

    def fault(self, what: str) -> BadRecord:
        """The error to raise about this row."""
        return BadRecord(self.path, self.line, what)

    def number(self, column: str) -> int:
        """A whole number. Raises BadRecord."""
        cell = self[column].strip()
        if not (cell.isascii() and cell.isdigit()):
            raise self.fault(f"{column} is “{cell[:40]}”; expected a whole number.")
        return int(cell)

    def choice(self, column: str, meanings: Mapping[str, T]) -> T:
        """What the cell means, capitals and outer white space aside. Raises BadRecord with the cells that are known."""
        cell = self[column].strip()
        for known, meaning in meanings.items():
            if cell.casefold() == known.casefold():
                return meaning
        known_cells = ", ".join(meanings)
        if not cell and "n/a" in meanings:
            raise self.fault(
                f"{column} is empty; expected one of {known_cells}. A tool that reads n/a as missing may have written "
                "this file: take the original."
            )
        raise self.fault(f"{column} is “{cell[:40]}”; expected one of {known_cells}.")


def find(path: Path, patterns: Sequence[str], what: str) -> list[Path]:
    """`path` itself if it is a file, else the files in it whose names fit one of `patterns`, sorted.

    Raises UsageError, with what was looked for, if there is none.
    """
    path = path.expanduser()
    if path.is_file():
        return [path]
    if not path.exists():
        raise UsageError(f"There is no {path}. Expected {what}.")
    found = sorted({file for pattern in patterns for file in path.glob(pattern)})
    if not found:
        raise UsageError(f"{path} holds no {' or '.join(patterns)}. Expected {what}.")
    return found


def read_table(path: Path, columns: Sequence[str]) -> list[Row]:
    """All rows of a comma-separated table in UTF-8 with at least `columns`, in any order; LF or CRLF, BOM or none.

    Raises UsageError for a file that is not such a table, BadRecord (file:line) for a row that does not fit its head.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _rows(path, csv.reader(file, strict=True), columns)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is no text in UTF-8 (byte {error.start}). Expected a CSV file as published."
        ) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _rows(path: Path, reader: "CsvReader", columns: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    line = 1
    try:
        head = next(reader, [])
        _check_head(path, head, columns)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                rows.append(_row(path, line, head, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadRecord(path, line, f"no readable row of a CSV file ({error}). Is the file complete?") from error
    if not rows:
        raise UsageError(f"{path} has a head and no row.")
    return rows


def _check_head(path: Path, head: list[str], columns: Sequence[str]) -> None:
    if not head:
        raise UsageError(f"{path} is empty.")
    missing = [column for column in columns if column not in head]
    twice = [column for column in columns if head.count(column) > 1]
    if missing:
        looks = next((f" It looks like {sign}." for column, sign in SIGNS.items() if column in head), "")
        if len(head) == 1 and any(mark in head[0] for mark in ";\t"):
            looks = " Its cells seem to be parted by something else than commas."
        raise BadRecord(path, 1, f"no column {', '.join(missing)}; expected {', '.join(columns)}.{looks}")
    if twice:
        raise BadRecord(path, 1, f"the column {', '.join(twice)} stands twice.")


def _row(path: Path, line: int, head: list[str], cells: list[str]) -> Row:
    if len(cells) != len(head):
        raise BadRecord(path, line, f"{len(cells)} cells under {len(head)} columns. Is a quotation mark missing?")
    return Row(path, line, dict(zip(head, cells, strict=True)))


def without_repeats(rows: Sequence[Row], key: Sequence[str]) -> tuple[list[Row], int]:
    """The rows without those that repeat an earlier one cell by cell, and the number of those.

    Raises BadRecord where two rows have the same `key` cells and differ.
    """
    seen: dict[tuple[str, ...], Row] = {}
    for row in rows:
        first = seen.setdefault(tuple(row[column].strip() for column in key), row)
        if first.cells != row.cells:
            place = ", ".join(f"{column} {row[column]}" for column in key)
            raise row.fault(f"{place} stands already in line {first.line}, and the two rows differ.")
    return list(seen.values()), len(rows) - len(seen)
