"""A listener by rule, after Weizenbaum's ELIZA (1966): turns the client's own words around and asks on.

It is the default of `mibench run` and an honest yardstick: whatever a model scores above it is more than echoing.
"""

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from mibench.generating.counsellors.counsellor import Counsellor


@dataclass(frozen=True)
class Manner:
    """How to reflect in one language."""

    sentence_end: re.Pattern[str]
    """Where a sentence ends, the mark included."""
    clause_end: re.Pattern[str]
    """Where a clause ends."""
    filler: re.Pattern[str]
    """What opens a clause and says nothing."""
    tail: re.Pattern[str]
    """What closes a clause and says nothing."""
    shortest: int
    """Fewest characters that are worth an echo."""
    flip: dict[str, str]
    """Persons, swapped."""
    flip_word: re.Pattern[str]
    """What `flip` is looked up for."""
    feeling: re.Pattern[str]
    wish: re.Pattern[str]
    against: re.Pattern[str]
    asks: re.Pattern[str]
    """The client asks what to do."""
    echoes: tuple[str, ...]
    feelings: tuple[str, ...]
    both: tuple[str, ...]
    """Hindrance first, wish second."""
    questions: tuple[str, ...]
    asked: tuple[str, ...]
    """To a client who wants to be told."""
    silent: tuple[str, ...]
    """To a client who says nothing."""
    space: str
    """What stands between sentences."""
    lower: re.Pattern[str]
    """A first word that loses its capital inside a sentence."""


class Reflector(Counsellor):
    """Echoes a clause of the client with the persons swapped, then mostly asks one of eight questions."""

    def answer(self, messages: list[dict[str, str]], doc: dict[str, Any]) -> str:
        """The reply; the same chat always gets the same one."""
        manner: Manner = import_module(f"mibench.generating.counsellors.reflector_{doc.get('language', 'zh')}").MANNER
        said = next(message["content"] for message in reversed(messages) if message["role"] == "user")
        turn = sum(message["role"] == "user" for message in messages)
        mark = turn + len(said)
        clauses = _clauses(said, manner)
        parts = [_echo(clauses, mark, manner)] if clauses else []
        if manner.asks.search(said):
            parts.append(manner.asked[mark % len(manner.asked)])
        elif not clauses:
            parts.append(manner.silent[mark % len(manner.silent)])
            if turn % 2:
                parts.append(manner.questions[mark % len(manner.questions)])
        elif turn % 5:
            parts.append(manner.questions[(turn * 3 + len(said)) % len(manner.questions)])
        return manner.space.join(parts)


def _clauses(said: str, manner: Manner) -> list[str]:
    """Clauses long enough to echo, fillers and questions left out, persons swapped."""
    clauses = []
    for sentence in manner.sentence_end.split(said):
        parts = [part for part in manner.clause_end.split(sentence) if part]
        if sentence.rstrip("”’」\"' ").endswith(("？", "?")):
            parts = parts[:-1]
        for clause in parts:
            bare = manner.filler.sub("", clause.strip(" “”\"'（）()?？"))
            bare = manner.tail.sub("", bare)
            if len(bare) >= manner.shortest and not manner.asks.search(bare):
                bare = manner.lower.sub(lambda match: match.group().lower(), bare)
                clauses.append(manner.flip_word.sub(lambda match: _flipped(match.group(), manner), bare))
    return clauses


def _flipped(word: str, manner: Manner) -> str:
    return manner.flip[word.lower()]


def _echo(clauses: list[str], mark: int, manner: Manner) -> str:
    against = next((clause for clause in clauses if manner.against.search(clause)), None)
    wish = next((clause for clause in reversed(clauses) if manner.wish.search(clause) and clause != against), None)
    feeling = next((clause for clause in clauses if manner.feeling.search(clause)), None)
    if against and wish:
        echo = manner.both[mark % len(manner.both)].format(against, wish)
    elif feeling:
        echo = manner.feelings[mark % len(manner.feelings)].format(feeling)
    else:
        echo = manner.echoes[mark % len(manner.echoes)].format(wish or against or max(clauses, key=len))
    return echo[0].upper() + echo[1:]
