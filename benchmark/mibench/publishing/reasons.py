"""Why a metric is not validated, as `scoring/validation.py` says it, in both languages."""

import re
from typing import NamedTuple

WHY: dict[str, tuple[str, str]] = {
    "why.danger": (
        "nobody has coded replies to a danger that it could be held against",
        "面对危险时的回复还没有人编过码，无从对照",
    ),
    "why.version": ("not held against people's codes in this version", "这个版本没有同真人的编码对照过"),
    "why.only": ("not held against people's codes in {0}, only in {1}", "没有同{0}的真人编码对照过，只对照过{1}的"),
    "why.language": ("not held against people's codes in {0}", "没有同{0}的真人编码对照过"),
    "why.never": ("not held against people's codes", "没有同真人的编码对照过"),
    "why.corpus": ("{0}: no corpus of people's codes has it", "{0}：真人编码的语料里都没有这一项"),
    "why.few": ("{0}: too few to tell ({1} in {2})", "{0}：例子太少，说不准（{2} 里只有 {1} 个）"),
    "why.kappa": ("{0} κ {1}, bar {2} ({3})", "{0} 的 κ 是 {1}，标准是 {2}（{3}）"),
    "why.icc": ("{0} ICC {1}, bar {2} ({3})", "{0} 的 ICC 是 {1}，标准是 {2}（{3}）"),
    "of.Chinese": ("Chinese", "中文"),
    "of.English": ("English", "英文"),
    "of.reflection": ("reflection", "反映"),
    "of.simple reflection": ("simple reflection", "简单式反映"),
    "of.complex reflection": ("complex reflection", "复杂式反映"),
    "of.question": ("question", "提问"),
    "of.affirm": ("affirm", "肯定"),
    "of.seek collaboration": ("seek collaboration", "寻求合作"),
    "of.emphasize autonomy": ("emphasize autonomy", "支持自主性"),
    "of.give information": ("give information", "提供信息"),
    "of.persuade with permission": ("persuade with permission", "经许可的劝说"),
    "of.persuade": ("persuade", "未经许可的劝说"),
    "of.confront": ("confront", "面质"),
    "of.MI non-adherent": ("MI non-adherent", "不符合 MI 的行为"),
    "of.cultivating change talk": ("cultivating change talk", "培养改变语句"),
    "of.softening sustain talk": ("softening sustain talk", "软化持续语句"),
    "of.partnership": ("partnership", "建立合作"),
    "of.empathy": ("empathy", "体现共情"),
}
"""Reasons, the longer of two that begin alike first, and what is filled into them."""


class Word(str):
    """A key that is filled into another: what it says changes with the language too."""

    __slots__ = ()


class Reason(NamedTuple):
    """A reason as the lexicon has it."""

    key: str
    filled: tuple[str, ...]
    """Words of any language, or keys."""


def reason_of(said: str) -> Reason | None:
    """The reason that `said` is in English; None for any other text, such as what a jury says of its judges."""
    for key, pattern in _PATTERNS:
        if match := pattern.fullmatch(said):
            filled = (Word(f"of.{part}") if f"of.{part}" in WHY else part for part in match.groups())
            return Reason(key, tuple(filled))
    return None


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\d\\\}", "([^:;]+?)", re.escape(english)))


_PATTERNS = [(key, _pattern(english)) for key, (english, _) in WHY.items() if key.startswith("why.")]
