"""Chinese text → words."""

from functools import cache
from typing import Any


def chinese_words(text: str) -> list[str]:
    """Words by jieba's default dictionary, spaces and punctuation included: joined, they are the text again."""
    return list(_cut()(text))


@cache
def _cut() -> Any:
    import logging
    import warnings

    with warnings.catch_warnings():  # jieba's own source has invalid escapes
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.ERROR)
    return jieba.cut
