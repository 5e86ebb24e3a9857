"""The facts that a client names: numbers with a unit, people, places of life, troubles; and whether they are kept."""

import re
from functools import cache
from typing import Any

from mibench.content import room

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMBER = re.compile(
    r"(?P<n>\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)(?P<half>多|来)?个?"
    r"(?P<unit>岁|年级|年|月|周|星期|小时|点|次|斤|公斤|万|块|元|支|瓶|杯|包|分|小时|米|人)"
)
NUMBER_EN = re.compile(
    r"\b(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>years?|months?|weeks?|days?|hours?|times|pounds|kilos?|cigarettes|drinks)\b",
    re.IGNORECASE,
)
BARE = re.compile(r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+")
COUNT = re.compile(r"[^\d.]+$")
"""What follows a number: “我35了” keeps “35岁”, if the number is no small one."""
VAGUE = {"1年", "1次", "1点", "1人", "1分", "1月", "1周", "1星期", "1杯", "1元", "1块"}
"""“一次”, “一点”, “一个人” name no fact."""


def facts_of(text: str, language: str) -> dict[str, tuple[str, ...]]:
    """Fact → the words, any of which keep it. `text` is all that the client says."""
    found: dict[str, tuple[str, ...]] = {number: (number,) for number in numbers(text, language)}
    for words in _named()[language]:
        if any(word in text for word in words):
            found[words[0]] = tuple(words)
    return found


def missing(facts: dict[str, tuple[str, ...]], text: str, language: str) -> list[str]:
    """Facts that `text` does not hold."""
    there = numbers(text, language)
    bare = {f"{value:g}" for match in BARE.finditer(text) if (value := _value(match[0])) is not None and value >= 10}
    return [
        fact
        for fact, words in facts.items()
        if fact not in there and COUNT.sub("", fact) not in bare and not any(word in text for word in words)
    ]


def numbers(text: str, language: str) -> set[str]:
    """Numbers with their unit in one form: 四年 and 4 年 are `4年`."""
    if language == "en":
        return {f"{float(m['n']):g} {m['unit'].lower().rstrip('s')}" for m in NUMBER_EN.finditer(text)}
    found = {f"{value:g}{m['unit']}" for m in NUMBER.finditer(text) if (value := _value(m["n"])) is not None}
    return found - VAGUE


def _value(text: str) -> float | None:
    if text[0].isdigit():
        return float(text)
    total, digit = 0, 0
    for character in text:
        if character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        elif digit:
            return None  # 三四次: between three and four
        else:
            digit = DIGITS[character]
    return float(total + digit)


@cache
def _named() -> Any:
    import yaml

    return yaml.safe_load((room("judges") / "transcribe" / "facts.yaml").read_text(encoding="utf-8"))
