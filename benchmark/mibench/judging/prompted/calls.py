"""Answers already paid for: `calls.jsonl`, found by key without being held in memory."""

from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

from mibench.records import Appender
from mibench.schema import Call, CallKey


class Calls:
    """Appends calls and finds them again; of each only key and place stay in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.spent = 0.0
        """Dollars that the calls on disk have cost."""
        self._places: dict[bytes, int] = {}
        self._appender = Appender(path)

    def __enter__(self) -> Self:
        self._appender.__enter__()
        place, key_of = 0, TypeAdapter(CallKey).validate_json
        with self.path.open("rb") as file:
            for line in file:
                call = key_of(line)
                self._places.setdefault(bytes.fromhex(call["key"]), place)
                self.spent += call.get("cost") or 0.0
                place += len(line)
        self._end = place
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._appender.__exit__(kind, error, trace)

    def keep(self, call: Call) -> None:
        """Put a call on disk."""
        self._places.setdefault(bytes.fromhex(call.key), self._end)
        self._end += self._appender.append(call)

    def find(self, key: str) -> Call | None:
        """The call with this key, or None."""
        place = self._places.get(bytes.fromhex(key))
        if place is None:
            return None
        with self.path.open("rb") as file:
            file.seek(place)
            return Call.model_validate_json(file.readline())
