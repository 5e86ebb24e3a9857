"""What a check has found so far."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from mibench.errors import BadRecord
from mibench.records.visible import visible
from mibench.schema.submission import Finding

Severity = Literal["error", "alarm", "note"]
MOST_ALIKE = 5
"""Findings of one kind that are told one by one; of the rest, their number."""


class Findings:
    """Collects findings; a stranger's words in them are made visible, and cut."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def error(self, where: str, what: str) -> None:
        """It cannot be taken."""
        self._add("error", where, what)

    def alarm(self, where: str, what: str) -> None:
        """A person must look."""
        self._add("alarm", where, what)

    def note(self, where: str, what: str) -> None:
        """Worth knowing."""
        self._add("note", where, what)

    def several(self, severity: Severity, found: Sequence[tuple[str, str]], others: str) -> None:
        """Several of one kind, (where, what); beyond the first few only how many `others` there are."""
        for where, what in found[:MOST_ALIKE]:
            self._add(severity, where, what)
        if len(found) > MOST_ALIKE:
            self._add(severity, found[MOST_ALIKE][0], f"and {len(found) - MOST_ALIKE} more {others}.")

    @property
    def wrong(self) -> bool:
        """Whether there is an error."""
        return self.count_errors() > 0

    def count_errors(self) -> int:
        """How many errors there are."""
        return sum(finding.severity == "error" for finding in self.found)

    @contextmanager
    def reading(self, folder: str) -> Iterator[None]:
        """Turn a record that cannot be read into an error; `folder` is cut off its path."""
        try:
            yield
        except BadRecord as error:
            where, what = _split(str(error), folder)
            self.error(where, what if what.endswith(".") else f"{what}.")

    def _add(self, severity: Severity, where: str, what: str) -> None:
        self.found.append(Finding(severity=severity, where=visible(where, 200), what=visible(what, 500)))


def _split(message: str, folder: str) -> tuple[str, str]:
    """`FOLDER/mi_zh/run.json:1: words` → (`mi_zh/run.json:1`, `words`)."""
    rest = message.removeprefix(f"{folder}/")
    path, _, tail = rest.partition(":")
    line, _, what = tail.partition(": ")
    return (f"{path}:{line}", what) if line.isdecimal() else ("", rest)
