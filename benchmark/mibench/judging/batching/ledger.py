"""Every batch of a run folder, from `batches.jsonl`: which questions are under way, and what became of the others."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mibench.records import Appender, digest_of, read_lines
from mibench.schema import Batch


class Ledger:
    """Reads the file once, then appends; each line is on the disk before what it announces is done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ids: set[str] = set()
        """Ids that the provider gave to batches of this folder."""
        self.refused: dict[str, str] = {}
        """Call key → why it will never be answered."""
        self.failures: dict[str, list[str]] = {}
        """Call key → why it was not answered, once for each batch it was in."""
        self._open: dict[str, Batch] = {}
        self._marks: dict[str, str] = {}
        if path.is_file():
            for _, line in read_lines(path, Batch, torn_end=True):
                self._take(line)

    def under_way(self, provider: str | None = None) -> list[Batch]:
        """Batches that have not been fetched, oldest first; `id` is None where only the intent is known."""
        return [batch for batch in self._open.values() if provider in (None, batch.provider)]

    def holds(self, key: str) -> bool:
        """Whether a batch under way holds this question."""
        return key in self._marks

    def batches_of(self, keys: Iterable[str]) -> list[Batch]:
        """The batches under way that hold these questions."""
        marks = {self._marks[key] for key in keys if key in self._marks}
        return [batch for mark, batch in self._open.items() if mark in marks]

    def intend(self, provider: str, judge: str, questions: dict[str, str], most: float | None) -> Batch:
        """Put on disk that a batch is about to be sent."""
        at = _now()
        batch = Batch(
            mark=digest_of([at, provider, judge, sorted(questions)]),
            event="intended",
            at=at,
            provider=provider,
            judge=judge,
            questions=questions,
            most=most,
        )
        self._add(batch)
        return batch

    def note(self, batch: Batch, event: str, **more: Any) -> None:
        """Put on disk what became of a batch."""
        line = {"mark": batch.mark, "at": _now(), "provider": batch.provider, "judge": batch.judge}
        self._add(Batch.model_validate(line | {"event": event} | more))

    def _add(self, line: Batch) -> None:
        with Appender(self.path) as file:  # closing it syncs
            file.append(line)
        self._take(line)

    def _take(self, line: Batch) -> None:
        if line.event == "intended":
            self._open[line.mark] = line
            self._marks |= dict.fromkeys(line.questions, line.mark)
        elif line.event == "sent":
            self.ids.add(line.id or "")
            if line.mark in self._open:
                self._open[line.mark] = self._open[line.mark].model_copy(update={"id": line.id})
        else:
            batch = self._open.pop(line.mark, None)
            for key in batch.questions if batch else ():
                self._marks.pop(key, None)
            self.refused |= line.refused
            for key, why in line.failed.items():
                self.failures.setdefault(key, []).append(why)


def age(batch: Batch) -> float:
    """Seconds since it was about to be sent."""
    return (datetime.now(UTC) - datetime.fromisoformat(batch.at)).total_seconds()


def _now() -> str:
    return datetime.now(UTC).isoformat()
