"""A flat YAML file of a stranger: keys and words, nothing else. Anchors, tags, nesting and a key twice are refused."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mibench.errors import BadRecord
from mibench.records.strict import MOST_TEXT, first_fault, read_bytes
from mibench.records.visible import visible

R = TypeVar("R", bound=BaseModel)


def read_flat_yaml(path: Path, record: type[R]) -> R:
    """A record of a YAML file whose values are words or numbers. Raises BadRecord with file:line.

    Every value is read as it is written: `yes` is a word, `2026-11-24` no date; what is left empty takes its default.
    """
    words, lines = _read(path)
    whole = {name for name, field in record.model_fields.items() if field.annotation is not str}
    values: dict[str, str | int] = {
        name: int(word) if name == "format" and word.isdecimal() and len(word) < 5 else word
        for name, word in words.items()
        if word or name not in whole
    }
    try:
        return record.model_validate(values)
    except ValidationError as error:
        steps = error.errors(include_url=False, include_input=False)[0]["loc"]
        raise BadRecord(path, lines.get(str(steps[0]) if steps else "", 1), first_fault(error)) from error


def lines_of(path: Path) -> dict[str, int]:
    """Key → the line it stands in. Raises BadRecord."""
    return _read(path)[1]


def _read(path: Path) -> tuple[dict[str, str], dict[str, int]]:
    """Key → value, and key → line."""
    import yaml

    try:
        text = read_bytes(path, MOST_TEXT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadRecord(path, line, "it is not UTF-8") from error
    reading = _Reading(path)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            reading.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadRecord(path, (mark.line + 1 if mark else 1), f"no YAML: {visible(str(error.problem))}") from error
    except yaml.YAMLError as error:
        raise BadRecord(path, 1, f"no YAML: {visible(str(error))}") from error
    return reading.words, reading.lines


class _Reading:
    """What the parser's events came to so far; it stops at the first that has no place, before anything is expanded."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.words: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.key: str | None = None
        self.depth = self.documents = 0

    def take(self, event: Any) -> None:
        import yaml

        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadRecord(self.path, line, "anchors and aliases (& and *) have no place here; put the word in quotes")
        if getattr(event, "tag", None):
            raise BadRecord(self.path, line, "tags (!) have no place here; put the word in quotes")
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise BadRecord(self.path, line, "a second document begins here; there is one")
        elif isinstance(event, yaml.CollectionStartEvent):
            self.depth += 1
            if self.depth > 1 or not isinstance(event, yaml.MappingStartEvent):
                raise BadRecord(self.path, line, "expected lines of `key: words`, without lists and without nesting")
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)

    def _scalar(self, event: Any, line: int) -> None:
        if self.depth != 1:
            raise BadRecord(self.path, line, "expected lines of `key: words`")
        if self.key is not None:
            empty = event.style is None and event.value in ("null", "~")
            self.words[self.key], self.key = "" if empty else event.value, None
            return
        if event.value in self.words:
            key = visible(event.value, 60)
            raise BadRecord(self.path, line, f"the key “{key}” stands already in line {self.lines[event.value]}")
        self.key = event.value
        self.lines[event.value] = line
