"""Text as it is compared: words only, and the pieces of it that two texts can share."""

import re

NOT_WORDS = re.compile(r"[\W_]+", re.UNICODE)
LONG_GRAM = {"zh": 13, "en": 10}
"""Characters (Chinese) or words (English) in a row that two independent texts do not share."""


def units(text: str, language: str) -> list[str]:
    """Characters of Chinese, lower-case words of English; no punctuation, no spaces."""
    if language == "zh":
        return list(NOT_WORDS.sub("", text).lower())
    return NOT_WORDS.sub(" ", text.lower()).split()


def grams(text: str, size: int, language: str) -> set[str]:
    """Every run of `size` units, as one string each; empty where the text is shorter."""
    found, between = units(text, language), "" if language == "zh" else " "
    return {between.join(found[start : start + size]) for start in range(len(found) - size + 1)}


def long_grams(text: str, language: str) -> set[str]:
    """Runs so long that sharing one means that one text was copied, or both quote a phrase."""
    return grams(text, LONG_GRAM[language], language)


def shared(text: str, other: str, language: str, size: int) -> float:
    """Share of the runs of `text` that stand in `other` too, 0–1; 0 where it has none."""
    mine = grams(text, size, language)
    return len(mine & grams(other, size, language)) / len(mine) if mine else 0.0
