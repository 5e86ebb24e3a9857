"""Human codes of a run's replies, read from filled sheets (CSV) or JSON lines, each refusal with its line and its cure."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from mibench.errors import BadRecord, UsageError
from mibench.records import digest_of, read_lines
from mibench.schema import HumanRating, Reply, Round

NEEDED = ("round", "coder", "codes")
"""Columns a sheet cannot do without."""
OPTIONAL = ("utterances", "reply_digest")
"""Columns that are read if they are there; all others are for people."""


class Coded(NamedTuple):
    """A rating and where it stands."""

    path: Path
    line: int
    rating: HumanRating


def read_human(paths: Sequence[Path], rounds: Iterable[Round], replies: dict[str, Reply]) -> tuple[HumanRating, ...]:
    """The human codes in `paths`, checked against the run: known rounds, replies unchanged, each coder once a round.

    Rows of a sheet whose `codes` are empty are not coded yet and left out. Raises BadRecord with file:line, or UsageError
    if nothing is coded.
    """
    known = {round_.id for round_ in rounds}
    found: dict[tuple[str, str], Coded] = {}
    for coded in (coded for path in paths for coded in _read(path, known)):
        path, line, rating = coded
        if rating.round not in known:
            raise BadRecord(path, line, _unknown_round(rating.round, known))
        if rating.round not in replies:
            raise BadRecord(path, line, f"the round {rating.round} has no reply in this run.")
        if rating.reply_digest not in (None, digest_of(replies[rating.round].text)):
            raise BadRecord(
                path,
                line,
                f"the reply in round {rating.round} is not the one that was coded: it has changed since, or the sheet is "
                "another run's. Make a new sheet with --template and code the reply anew.",
            )
        before = found.setdefault((rating.round, rating.coder), coded)
        if before is not coded:
            raise BadRecord(
                path,
                line,
                f"the round {rating.round} is coded twice by {rating.coder}, first in {before.path}:{before.line}. Keep one.",
            )
    if not found:
        files = ", ".join(str(path) for path in paths)
        raise UsageError(
            f"Nothing is coded in {files}. Fill the column codes: MITI codes such as `CR, Q`, or `none` where none is earned."
        )
    return tuple(coded.rating for coded in found.values())


def _read(path: Path, known: set[str]) -> Iterator[Coded]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror or error}.") from error
    if raw.startswith(b"PK"):
        raise UsageError(f"{path} is an Excel workbook. Save it as “CSV UTF-8” and give that file.")
    if raw.startswith((b"\xef\xbb\xbf{", b"\xef\xbb\xbf[")):
        raise UsageError(f"{path} is JSON with a byte-order mark. Save it as UTF-8 without one.")
    if raw.lstrip().startswith((b"{", b"[")):
        return (Coded(path, line, rating) for line, rating in read_lines(path, HumanRating))
    try:
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not in UTF-8. In Excel save it as “CSV UTF-8”.") from error
    return _sheet(path, text, known)


def _sheet(path: Path, text: str, known: set[str]) -> Iterator[Coded]:
    """Rows that are coded. Columns go by their names; the delimiter is whichever the header uses."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    line = 1
    while True:
        try:
            cells = [cell.strip() for cell in next(rows, [])]
        except csv.Error as error:
            raise BadRecord(path, line, f"this is no CSV: {error}. Is a quotation mark left open?") from error
        if rows.line_num < line:
            return
        if not names:
            names = [cell.lower() for cell in cells]
            _check_columns(path, names)
        elif any(cells[len(names) :]):
            raise BadRecord(
                path,
                line,
                f"this row has {len(cells)} cells, the header {len(names)}: put cells with a {delimiter!r} in quotes.",
            )
        elif any(cells):
            row = dict(zip(names, cells, strict=False))
            if row.get("codes"):
                yield Coded(path, line, _rating(path, line, row, known))
        line = rows.line_num + 1


def _check_columns(path: Path, names: list[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise BadRecord(
            path,
            1,
            f"the header has no column {' and no column '.join(missing)}. A sheet needs {', '.join(NEEDED)}; "
            f"this one's first line has: {', '.join(name[:20] for name in names[:12]) or 'nothing'}.",
        )
    twice = [name for name in (*NEEDED, *OPTIONAL) if names.count(name) > 1]
    if twice:
        raise BadRecord(path, 1, f"the header has the column {twice[0]} twice. Keep one.")


def _rating(path: Path, line: int, row: dict[str, str], known: set[str]) -> HumanRating:
    if not row["coder"]:
        raise BadRecord(path, line, f"the round {row['round']} is coded, but the column coder is empty: who coded it?")
    if row["round"] not in known:
        other = next((name for name, cell in row.items() if cell in known), None)
        hint = f" The column {other} holds a round id: are the columns round and {other} swapped?" if other else ""
        raise BadRecord(path, line, _unknown_round(row["round"], known) + hint)
    given = {name: row[name] for name in (*NEEDED, *OPTIONAL) if row.get(name)}
    try:
        return HumanRating.model_validate(given)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        hint = ""
        if fault["loc"] == ("codes",) and _reads(row | {"codes": row["coder"]}):
            hint = " The column coder holds codes: are the columns codes and coder swapped?"
        where = f"{fault['loc'][0]}: " if fault["loc"] else ""
        raise BadRecord(path, line, f"{where}{fault['msg'].removeprefix('Value error, ')}.{hint}") from error


def _reads(row: dict[str, str]) -> bool:
    try:
        HumanRating.model_validate({name: row[name] for name in NEEDED})
    except ValidationError:
        return False
    return True


def _unknown_round(name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, n=1)
    guess = f" Did you mean {near[0]}?" if near else ""
    return f"“{name[:60]}” is no round of this run, which has {len(known)}.{guess}"
