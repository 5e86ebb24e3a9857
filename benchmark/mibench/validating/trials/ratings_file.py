"""Ratings made elsewhere, as JSON lines or CSV: checked line by line, for a wrong column would look like a bad judge.

JSON lines: `{"id": …, "codes": ["CR", "Q"]}`, `{"id": …, "shares": {"CR": 0.6}}`, `{"id": session, "globals": {…}}`;
null or "n/a" for codes is unrated. CSV: a column `id` and either `codes` (`CR Q`, `none`, `n/a`) or a column a code with
its share, or a column a global.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mibench.errors import BadRecord, UsageError
from mibench.schema import CODES, CodedCorpus, Verdict
from mibench.validating.coded.table import Row, read_table

GLOBALS = ("cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy")
UNRATED = Verdict(status="unrated", reason="n/a in the file of ratings", cost=0)

Faulty = tuple[int, str, dict[str, Any]]
"""(line, id, what the line says: `codes`, `shares` or `globals`)."""


def read_ratings(
    path: Path, corpus: CodedCorpus, known: CodedCorpus | None = None, *, percent: bool = False
) -> dict[str, Verdict]:
    """Id → verdict for every item of `corpus`, or for every session where the file rates those.

    Lines for other items of `known`, the whole corpus that `corpus` was drawn from, are passed over. `percent`: shares
    are 0–100. Raises BadRecord (file:line) or UsageError for whatever does not fit, the missing ids included.
    """
    ids = {item.id for item in (known or corpus).items} | {session.id for session in (known or corpus).sessions}
    read = _csv_lines if path.suffix.lower() == ".csv" else _json_lines
    found: dict[str, Verdict] = {}
    lines: dict[str, int] = {}
    largest = 0.0
    for line, id_, said in read(path):
        if id_ not in ids:
            raise BadRecord(path, line, _stranger(id_, said, corpus, ids))
        if id_ in lines:
            raise BadRecord(path, line, f"{id_} stands already in line {lines[id_]}; a rating is given once.")
        lines[id_] = line
        largest = max([largest, *(x for x in said.get("shares", {}).values() if isinstance(x, int | float))])
        found[id_] = _verdict(path, line, said, percent=percent)
    if percent and 0 < largest <= 1:
        raise UsageError(f"No share in {path} is above 1, so they are hardly 0–100. Leave --percent out.")
    _check_missing(path, found, corpus)
    wanted = {item.id for item in corpus.items} | {session.id for session in corpus.sessions}
    return {id_: verdict for id_, verdict in found.items() if id_ in wanted}


def _check_missing(path: Path, found: Mapping[str, Verdict], corpus: CodedCorpus) -> None:
    sessions = [session.id for session in corpus.sessions]
    rates_sessions = bool(found) and not any(item.id in found for item in corpus.items)
    wanted = sessions if rates_sessions else [item.id for item in corpus.items]
    missing = [id_ for id_ in wanted if id_ not in found]
    if missing:
        raise UsageError(
            f"{path} lacks {len(missing)} of {len(wanted)} ids, e.g. {', '.join(missing[:3])}. Give each a line; "
            "write n/a for its codes where it is not rated."
        )


def _stranger(id_: str, said: Mapping[str, Any], corpus: CodedCorpus, ids: set[str]) -> str:
    cells = [str(value) for value in (*said.values(), *said.get("shares", {}).values()) if not isinstance(value, dict)]
    swapped = " Are columns swapped?" if id_ in CODES or any(cell in ids for cell in cells) else ""
    return f"“{id_[:60]}” is no item of {corpus.name}; ids look like {corpus.items[0].id}.{swapped}"


def _json_lines(path: Path) -> Iterator[Faulty]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as text in UTF-8: {error}.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except ValueError as error:
            raise BadRecord(path, number, f"no JSON object ({error}). A table needs the ending .csv.") from error
        if not isinstance(said, dict) or not isinstance(said.get("id"), str):
            raise BadRecord(path, number, "no id; expected a line such as " + '{"id": "…", "codes": ["CR"]}.')
        yield number, said["id"].strip(), {key: value for key, value in said.items() if key != "id"}


def _csv_lines(path: Path) -> Iterator[Faulty]:
    rows = read_table(path, ("id",))
    columns = [column for column in rows[0].cells if column != "id"]
    strange = [column for column in columns if column not in ("codes", *CODES, *GLOBALS)]
    if strange or not columns:
        named = f"the column “{strange[0][:40]}” is none of ratings" if strange else "no column but id"
        expected = f"id with codes, or id with some of {', '.join(CODES)}, or id with some of {', '.join(GLOBALS)}"
        raise BadRecord(path, 1, f"{named}; expected {expected}.")
    for row in rows:
        yield row.line, row["id"].strip(), _said(row, columns)


def _said(row: Row, columns: list[str]) -> dict[str, Any]:
    cells = {column: row[column].strip() for column in columns}
    empty = [column for column, cell in cells.items() if not cell]
    if empty:
        raise row.fault(
            f"{empty[0]} is empty, which a tool that reads n/a as missing may have done. Write none for a reply without "
            "code, n/a for one that is not rated."
        )
    if all(cell.lower() == "n/a" for cell in cells.values()):
        return {"codes": None}
    said: dict[str, Any] = {}
    if "codes" in cells:
        given = re.split(r"[\s,;+|]+", cells["codes"])
        said["codes"] = [] if cells["codes"].lower() == "none" else [code for code in given if code]
    for kind, names in (("shares", CODES), ("globals", GLOBALS)):
        numbers = {name: _number(cells[name]) for name in names if name in cells}
        if numbers:
            said[kind] = numbers
    return said


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _verdict(path: Path, line: int, said: dict[str, Any], *, percent: bool) -> Verdict:
    kinds = [kind for kind in ("codes", "shares", "globals") if kind in said]
    strange = [key for key in said if key not in ("codes", "shares", "globals")]
    if strange or len(kinds) != 1:
        what = (
            f"“{strange[0][:40]}” is no part of a rating"
            if strange
            else f"{' and '.join(kinds) or 'nothing'} beside the id"
        )
        raise BadRecord(path, line, f"{what}; expected one of codes, shares, globals.")
    value = said[kinds[0]]
    if value is None or value == "n/a":
        return UNRATED
    if kinds[0] == "codes":
        if not isinstance(value, list):
            raise BadRecord(path, line, 'codes is no list; expected codes, e.g. ["CR", "Q"], or null where unrated.')
        return Verdict(
            status="rated", counts={_code(path, line, code): 1.0 for code in value}, utterance_count=1, cost=0
        )
    if not isinstance(value, dict):
        raise BadRecord(path, line, f"{kinds[0]} is no object with a number for each name.")
    if kinds[0] == "globals":
        low, high, allowed = 1.0, 5.0, GLOBALS
        rated = {_name(path, line, name, allowed): _within(path, line, name, x, low, high) for name, x in value.items()}
        return Verdict(status="rated", globals=rated, cost=0)
    top = 100.0 if percent else 1.0
    shares = {_code(path, line, code): _within(path, line, code, x, 0.0, top) / top for code, x in value.items()}
    if shares.get("SR", 0) + shares.get("CR", 0) > 1 + 1e-6:
        raise BadRecord(path, line, f"SR and CR come to more than {top:g}; a coder gives one of them.")
    return Verdict(status="rated", counts=shares, utterance_count=1, cost=0)


def _code(path: Path, line: int, code: Any) -> Any:
    return _name(path, line, code, CODES)


def _name(path: Path, line: int, name: Any, known: tuple[str, ...]) -> str:
    if name not in known:
        raise BadRecord(path, line, f"“{str(name)[:40]}” is none of {', '.join(known)}.")
    return str(name)


def _within(path: Path, line: int, name: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        hint = ""
        if high == 1 and isinstance(value, int | float) and 1 < value <= 100:
            hint = " Say --percent if shares are 0–100."
        raise BadRecord(path, line, f"{name} is {str(value)[:40]}; expected a number from {low:g} to {high:g}.{hint}")
    return float(value)
