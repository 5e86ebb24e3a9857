"""Personal data, unsafe advice and secrets, found by patterns that lie in `judges/transcribe/patterns.yaml` for people to read.

Patterns are conservative: what they find is to be looked at, what they do not find is not thereby safe.
"""

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from mibench.content import room
from mibench.errors import BadRecord

What = Literal["personal data", "unsafe advice", "secrets"]


class Finding(NamedTuple):
    """Something a pattern found."""

    name: str
    """Which pattern, e.g. `phone number`."""
    words: str
    """What it matched."""


def personal_data(text: str) -> list[Finding]:
    """Phone, identity and bank numbers, addresses, mail and chat handles, full names after “我叫”."""
    return _found("personal data", text)


def unsafe_advice(text: str) -> list[Finding]:
    """Advice of a counsellor that can harm: stopping medicine, doses, weight tricks, playing danger down."""
    return _found("unsafe advice", text)


def secrets(text: str) -> list[Finding]:
    """Keys and passwords of services and machines. A message must never repeat `words`."""
    return _found("secrets", text)


NEAR = 12
"""Characters on a side in which words that take a match back are looked for."""


class _Pattern(NamedTuple):
    name: str
    find: re.Pattern[str]
    before: re.Pattern[str] | None
    """Takes a match back when found in it or shortly before it: “do not …”."""
    around: re.Pattern[str] | None
    """Takes a match back when found in it or near it: “ask your doctor”."""

    def holds(self, text: str, start: int, end: int) -> bool:
        head, tail = text[max(0, start - NEAR) : start], text[end : end + NEAR]
        words = text[start:end]
        return not (
            (self.before and self.before.search(head + words))
            or (self.around and self.around.search(head + words + tail))
        )


def _found(what: What, text: str) -> list[Finding]:
    return [
        Finding(pattern.name, match.group(0))
        for pattern in _patterns()[what]
        for match in pattern.find.finditer(text)
        if pattern.holds(text, *match.span())
    ]


@cache
def _patterns() -> dict[What, list[_Pattern]]:
    import yaml

    path = room("judges") / "transcribe" / "patterns.yaml"
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            what: [
                _Pattern(name, re.compile(entry["find"]), *(_maybe(entry.get(key)) for key in ("before", "around")))
                for name, entry in found[what].items()
            ]
            for what in get_args(What)
        }
    except (OSError, yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise BadRecord(Path(path), 1, f"no table of patterns: {error}") from error


def _maybe(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None
