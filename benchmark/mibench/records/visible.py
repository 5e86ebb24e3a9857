"""Text from strangers with nothing hidden in it: what is invisible stands there as its code point."""

from unicodedata import category

INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
"""Unicode categories that show nothing, or move what does: control, format, private, unassigned, separators."""
_JOINER, _EMOJI = "\u200d", {"So", "Sk", "Mn"}


def harmless(text: str, place: int) -> bool:
    """Whether the character at `place` shows itself; a line break, a tab and what joins an emoji do."""
    char = text[place]
    if char == _JOINER:  # what joins 👩 and ⚕ is no hiding place
        return place > 0 and category(text[place - 1]) in _EMOJI
    return char in "\n\t" or category(char) not in INVISIBLE


def visible(text: str, most: int = 300) -> str:
    """One line for a terminal: no control sequence, no override, at most `most` characters, the rest as an ellipsis."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    shown = [char if harmless(cut, place) else f"<U+{ord(char):04X}>" for place, char in enumerate(cut)]
    return " ".join("".join(shown).split())
