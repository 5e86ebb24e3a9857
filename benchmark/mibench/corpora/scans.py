"""Personal data and unsafe advice, found by patterns that lie in `judges/transcribe/patterns.yaml` for people to read.

Patterns are conservative: what they find is to be looked at, what they do not find is not thereby safe.
"""

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from mibench.content import room
from mibench.errors import BadRecord

What = Literal["personal data", "unsafe advice"]


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


def _found(what: What, text: str) -> list[Finding]:
    return [
        Finding(name, match.group(0))
        for name, pattern, unless in _patterns()[what]
        for match in pattern.finditer(text)
        if not (unless and unless.search(text[max(0, match.start() - 12) : match.end() + 12]))
    ]


@cache
def _patterns() -> dict[What, list[tuple[str, re.Pattern[str], re.Pattern[str] | None]]]:
    import yaml

    path = room("judges") / "transcribe" / "patterns.yaml"
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            what: [
                (name, re.compile(entry["find"]), re.compile(entry["unless"]) if "unless" in entry else None)
                for name, entry in found[what].items()
            ]
            for what in ("personal data", "unsafe advice")
        }
    except (OSError, yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise BadRecord(Path(path), 1, f"no table of patterns: {error}") from error
