"""Everything that can go wrong for a person, each with its exit code.

MibenchError                exit 1   base of all: printed as a sentence, never as a traceback
├── UsageError              exit 2   a name, option or file that the user must change (also a ValueError)
│   ├── UnknownName                  a model, suite, judge or metric that does not exist
│   ├── BadRecord                    a line of a file that does not fit its record; says file:line
│   └── RunConflict                  a run folder that belongs to another run, or is in use
├── MissingExtra            exit 2   a library that lies in an optional extra (also an ImportError)
├── Incomplete              exit 3   a run that must be finished first
├── ChatTemplateError       exit 2   a checkpoint whose template cannot carry the conversation
└── StorageError            exit 1   disk full, folder not writable (also an OSError)

Bugs keep their own exceptions and tracebacks.
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "BadRecord",
    "ChatTemplateError",
    "Incomplete",
    "MibenchError",
    "MissingExtra",
    "RunConflict",
    "StorageError",
    "UnknownName",
    "UsageError",
]


class MibenchError(Exception):
    """What a person can mend; its text is one or two sentences for them."""

    exit_code = 1


class UsageError(MibenchError, ValueError):
    """A name, option or file that the user must change."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that nothing bears; the message lists those that exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        known = sorted(known)
        near = get_close_matches(name, known, n=1)
        guess = f" Did you mean {near[0]}?" if near else ""
        tail = f" {hint}" if hint else ""
        super().__init__(f"No {kind} is called “{name}”.{guess} There is: {', '.join(known)}.{tail}")


class BadRecord(UsageError):
    """A line that does not fit its record."""

    def __init__(self, path: object, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")


class RunConflict(UsageError):
    """A run folder that belongs to another run, or that another process holds."""


class MissingExtra(MibenchError, ImportError):
    """A library that is not installed because its extra was not asked for."""

    exit_code = 2

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs libraries that are not installed. Install them with: pip install 'mibench[{extra}]'"
        )


class ChatTemplateError(MibenchError):
    """A checkpoint whose chat template cannot carry the conversation as it is."""

    exit_code = 2


class Incomplete(MibenchError):
    """A run that must be finished first; the message says by which command."""

    exit_code = 3


class StorageError(MibenchError, OSError):
    """The disk refused: full, read-only or not permitted. Lines already written are intact."""
