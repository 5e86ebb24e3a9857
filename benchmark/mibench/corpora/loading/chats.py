"""Dialogues in the JSON forms that chat models are trained on, each as pieces of a conversation."""

from collections.abc import Callable, Mapping
from typing import Any

from mibench.corpora.loading.gathering import Kind, Piece

ROLES: dict[str, Kind] = {
    **dict.fromkeys(("user", "human", "client", "seeker", "patient", "prompter", "来访者", "求助者"), "client"),
    **dict.fromkeys(
        (
            "assistant",
            "gpt",
            "counselor",
            "counsellor",
            "supporter",
            "therapist",
            "bot",
            "支持者",
            "心理咨询师",
            "咨询师",
        ),
        "counsellor",
    ),
    "system": "system",
}

Reader = Callable[[Any], list[Piece]]


class Unfit(Exception):
    """Why a row is not of its form."""


def messages(row: Any) -> list[Piece]:
    """`{"messages": [{"role": …, "content": …}]}`, also under `conversation` or `conversations`. Raises Unfit."""
    return [_said(turn, "role", "content") for turn in _list(row, "messages", "conversation", "conversations")]


def sharegpt(row: Any) -> list[Piece]:
    """`{"conversations": [{"from": "human", "value": …}], "system": …}`. Raises Unfit."""
    return [*_system(row), *(_said(turn, "from", "value") for turn in _list(row, "conversations"))]


def alpaca(row: Any) -> list[Piece]:
    """`{"instruction", "input", "output", "history": [[client, counsellor], …], "system"}`. Raises Unfit."""
    if not isinstance(row, Mapping) or not isinstance(row.get("instruction"), str):
        raise Unfit("no “instruction” with a text")
    pieces = _system(row)
    for pair in row.get("history") or ():
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(isinstance(words, str) for words in pair):
            raise Unfit("“history” is not a list of pairs of texts")
        pieces += [Piece("client", pair[0]), Piece("counsellor", pair[1])]
    asked, output = row["instruction"], row.get("output")
    if row.get("input"):
        asked = f"{asked}\n{row['input']}"
    if not isinstance(output, str):
        raise Unfit("no “output” with a text")
    return [*pieces, Piece("client", asked), *([Piece("counsellor", output)] if output.strip() else [])]


def turns(row: Any) -> list[Piece]:
    """A bare list of `{"role": "client" | "counselor", "content": …}`, as SMILECHAT has it. Raises Unfit."""
    if not isinstance(row, list):
        raise Unfit("no list of turns")
    return [_said(turn, "role", "content") for turn in row]


def _list(row: Any, *names: str) -> list[Any]:
    for name in names:
        if isinstance(row, Mapping) and isinstance(row.get(name), list):
            found: list[Any] = row[name]
            return found
    raise Unfit(f"no list “{names[0]}”")


def _system(row: Any) -> list[Piece]:
    words = row.get("system") if isinstance(row, Mapping) else None
    return [Piece("system", words)] if isinstance(words, str) and words.strip() else []


def _said(turn: Any, role: str, words: str) -> Piece:
    if not isinstance(turn, Mapping) or not isinstance(turn.get(role), str) or not isinstance(turn.get(words), str):
        raise Unfit(f"a turn without “{role}” and “{words}”")
    kind = ROLES.get(turn[role].strip().lower())
    if kind is None:
        return Piece("third", turn[words], voice=turn[role])
    return Piece(kind, turn[words])
