"""Paths, users and hosts of the machine that a run was made on, taken out of what is published."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mibench.scans import secrets

PATH = re.compile(
    r"(?<![\w:/.~\\-])"  # not inside a word or an address
    r"(?:file:/{2,3}|[A-Za-z]:[\\/]|\\\\|~[\w.-]*/|\.{1,2}/|/)"
    r"(?:[^\s\\/\"'`,;:=()\[\]{}<>|*?]+[\\/])*"
    r"([^\s\\/\"'`,;:=()\[\]{}<>|*?]+)[\\/]?"
)
USER = re.compile(r"(?:/home/|/Users/|[A-Za-z]:\\Users\\)([^\s\\/\"']+)")
ADDRESS = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<login>[^\s/@]+@)?(?P<host>\[[0-9a-f:]+\]|[^\s/:\"'?#@]+)", re.IGNORECASE
)
NUMBERS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
COMMON = {"root", "user", "users", "home", "admin", "ubuntu", "localhost", "model", "data", "workspace"}
"""Names that tell nothing, and whose removal would spoil words."""
REMOVED = "removed"


class Stripper:
    """Strips what is published; remembers the users and hosts of this machine and those it meets in paths."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = {name for name in names if len(name) > 2 and name.casefold() not in COMMON}
        self.changed: dict[str, str] = {}
        """What was written otherwise → how; for the sender to read, never to be published."""

    def meet(self, value: Any) -> None:
        """Learn the users that stand in paths of `value`."""
        if isinstance(value, str):
            found = {name for name in USER.findall(value) if len(name) > 2 and name.casefold() not in COMMON}
            self.names |= found
        elif isinstance(value, Mapping):
            for key, part in value.items():
                self.meet(key)
                self.meet(part)
        elif isinstance(value, list | tuple):
            for part in value:
                self.meet(part)

    def strip(self, value: Any) -> Any:
        """`value`, a JSON value, with every text stripped. Counts under keys that become one are added up."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            found: dict[str, Any] = {}
            for key, part in value.items():
                name, stripped = self.text(key), self.strip(part)
                found[name] = found[name] + stripped if name in found and isinstance(stripped, int) else stripped
            return found
        if isinstance(value, list | tuple):
            return [self.strip(part) for part in value]
        return value

    def text(self, text: str) -> str:
        """A text with the last part of each path left, and no user, host, address of a machine or key."""
        out = ADDRESS.sub(_public, text)
        for found in secrets(out):
            out = out.replace(found.words, REMOVED)
        out = PATH.sub(r"\1", out)
        out = NUMBERS.sub("host", out)
        for name in sorted(self.names, key=len, reverse=True):
            out = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", REMOVED, out)
        if out != text:
            self.changed[text] = out
        return out


def left_in(text: str) -> list[str]:
    """What kind of machine's mark still stands in a text: for the check."""
    marks = {"a path of a machine": USER, "the number of a machine": NUMBERS}
    return [name for name, pattern in marks.items() if pattern.search(text)]


def _public(match: re.Match[str]) -> str:
    host = match["host"].casefold()
    inner = "." not in host or host.endswith((".local", ".internal", ".lan", ".localdomain", ".home", ".corp"))
    hidden = inner or NUMBERS.fullmatch(host) or host.startswith("[")
    if match["scheme"].casefold().startswith("file"):
        return match[0]
    return match["scheme"] + ("host" if hidden else match["host"])
