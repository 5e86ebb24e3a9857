"""Text from models as markup that does nothing: escaped, with what is invisible made visible."""

import re
from typing import TYPE_CHECKING

from mibench.records.visible import harmless

if TYPE_CHECKING:
    from markupsafe import Markup

_PLAIN = re.compile(r"[\n\t -~\u4e00-\u9fff\u3000-\u303f\uff00-\uff5e\u2018-\u201d\u2026\u2014]*\Z")
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def inert(text: str) -> "Markup":
    """`text` escaped; each control, format or unassigned character stands there as its code point.

    So no override turns the line and no zero-width character hides in a word. Accents piled higher than two are dropped.
    """
    from markupsafe import Markup, escape

    if _PLAIN.match(text):
        return escape(text)
    text = _MARKS.sub(r"\1", text.replace("\r\n", "\n"))
    parts = [
        escape(char) if harmless(text, place) else Markup('<span class="odd">U+{:04X}</span>').format(ord(char))
        for place, char in enumerate(text)
    ]
    return Markup("").join(parts)


def visible(text: str) -> str:
    """`text` where no markup can stand, a title or an attribute: what is invisible as its code point, piled accents dropped."""
    if _PLAIN.match(text):
        return text
    text = _MARKS.sub(r"\1", text.replace("\r\n", "\n"))
    return "".join(char if harmless(text, place) else f"[U+{ord(char):04X}]" for place, char in enumerate(text))
