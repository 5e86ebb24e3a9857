"""Advice at once, by keyword: the righting reflex as a lower anchor.

Nobody should read its advice as medical: it is what motivational interviewing asks a counsellor *not* to do.
"""

import re
from importlib import import_module
from types import ModuleType
from typing import Any

from mibench.generating.counsellors.counsellor import Counsellor


class Adviser(Counsellor):
    """One or two pieces of advice a turn, chosen by the words of the client's last turn or else of all before."""

    def answer(self, messages: list[dict[str, str]], doc: dict[str, Any]) -> str:
        """The reply; the same chat always gets the same one."""
        words = import_module(f"mibench.generating.counsellors.adviser_{doc.get('language', 'zh')}")
        said = next(message["content"] for message in reversed(messages) if message["role"] == "user")
        before = " ".join(message["content"] for message in messages if message["role"] == "user")
        turn = sum(message["role"] == "user" for message in messages)
        fitting = _advice(said, words) or _advice(before, words) or words.ANYWAY
        parts = [words.HEADS[(turn + len(said)) % len(words.HEADS)] + fitting[turn % len(fitting)]]
        if turn % 2:
            parts.append(words.ANYWAY[(turn + len(said)) % len(words.ANYWAY)])
        parts.append(words.TAILS[(turn * 2 + len(said)) % len(words.TAILS)])
        return str(words.SPACE.join(part for part in parts if part))


def _advice(text: str, words: ModuleType) -> tuple[str, ...]:
    found = (advice for pattern, advice in words.ADVICE if re.search(pattern, text, re.IGNORECASE))
    return next(found, ())
