"""Words of other people in a prompt, between marks: data to a model, never instructions."""

import hashlib


def fence(*parts: str) -> str:
    """A mark that nobody can write into a text beforehand: it depends on all of what stands between the marks."""
    return "═══ " + hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16] + " ═══"


def unfenced(text: str) -> str:
    """Text with characters that could draw a mark, or hide words, made harmless."""
    visible = "".join(
        c if c in "\n\t" or (c.isprintable() and c not in "\u200b\u200e\u200f\u2060\ufeff") else "�" for c in text
    )
    return visible.replace("═", "=")
