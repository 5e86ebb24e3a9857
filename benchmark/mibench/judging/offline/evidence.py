"""A whole volley in its conversation as some 150 numbers: forms, signs, and how much of it the client had said."""

import math
import re
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from mibench.schema import Occasion

DASHES = ("-", "—", "–", "…")
RECENT = 12
"""Words the client must have said for the last turns to count as recent: a backchannel is not an answer."""


def evidence(occasion: Occasion, pieces: Sequence[str]) -> dict[str, float]:
    """Name → number, always the same names for a language; NaN where a number is undefined.

    `pieces` are the volley's sentences, as `split_utterances` cuts them.
    """
    signs = import_module(f"mibench.judging.offline.signs_{occasion.language}")
    cues = import_module(f"mibench.judging.offline.cues_{occasion.language}")
    volley = "".join(pieces).replace("’", "'")
    sentences = [piece.strip().replace("’", "'") for piece in pieces]
    heads = [signs.LEAD.sub("", sentence) for sentence in sentences]
    clients = [words for who, words in occasion.history if who == "client"]
    counsellors = [words for who, words in occasion.history if who == "counsellor"]
    last, before = (clients or [""])[-1], (counsellors or [""])[-1]
    asks = occasion.asks_advice or bool(cues.ASKS.search(last.lower()))
    return {
        "length": _size(volley),
        "core": _size(signs.LEAD.sub("", volley)),
        "sentences": float(len(pieces)),
        "last-length": _size(sentences[-1]),
        "longest": max(_size(sentence) for sentence in sentences),
        "backchannel": float(bool(signs.BACKCHANNEL.match(volley))),
        "client-backchannel": float(bool(signs.BACKCHANNEL.match(last))),
        "client-length": _size(last),
        "before-length": _size(before),
        "opens": float(not occasion.history),
        "goes-on": float(bool(occasion.history) and occasion.history[-1][0] == "counsellor"),
        "asks": float(asks),
        **_marks(volley, sentences, heads, last, before, signs.QUESTION_FORM),
        **_overlaps(volley, clients, counsellors, signs, cues),
        **{f"any {name}": float(len(pattern.findall(volley))) for name, pattern in signs.SIGNS},
        **{f"last {name}": float(bool(pattern.search(heads[-1]))) for name, pattern in signs.SIGNS},
        **{f"first {name}": float(bool(pattern.search(heads[0]))) for name, pattern in signs.SIGNS},
    }


def _size(text: str) -> float:
    """Log of words in a spaced language, of characters in Chinese."""
    words = text.split()
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in text)
    return math.log1p(han or len(words))


def _marks(
    volley: str, sentences: Sequence[str], heads: Sequence[str], last: str, before: str, question_form: re.Pattern[str]
) -> dict[str, float]:
    search = question_form.search
    asked = [place for place, sentence in enumerate(sentences) if sentence.endswith(("?", "？"))]
    end = bool(asked) and asked[-1] == len(sentences) - 1
    whole = sum(len(sentence) for sentence in sentences) or 1
    return {
        "ends-asking": float(end),
        "asked": float(len(asked)),
        "asked-share": sum(len(sentences[place]) for place in asked) / whole,
        "asked-in-form": float(sum(bool(search(heads[place])) for place in asked)),
        "form": float(sum(bool(search(head)) for head in heads)),
        "mark-without-form": float(end and not search(heads[-1])),
        "broken-off": float(volley.rstrip().endswith(DASHES)),
        "taken-up": float(volley.lstrip().startswith(DASHES)),
        "dashes": sum(volley.count(dash) for dash in DASHES) / whole,
        "before-broken-off": float(before.rstrip().endswith(DASHES)),
        "before-asked": float(before.rstrip().endswith(("?", "？"))),
        "client-broken-off": float(last.rstrip().endswith(DASHES)),
        "client-asked": float("?" in last or "？" in last),
    }


def _overlaps(
    volley: str, clients: Sequence[str], counsellors: Sequence[str], signs: ModuleType, cues: ModuleType
) -> dict[str, float]:
    """How much of the content the client had said lately, had ever said, and how much is new."""
    content, words = signs.content, cues.words
    recent: list[str] = []
    for turn in reversed(clients[-6:]):
        recent.append(turn)
        if sum(math.expm1(_size(text)) for text in recent) > RECENT:
            break
    said = content(volley)
    new = set(said)
    lately, earlier, ever = (set(content(" ".join(turns))) for turns in (recent, clients[-6:], clients[-40:]))
    own = set(content(" ".join(counsellors[-3:])))
    count = len(new) or math.nan
    flat, flat_client = (_flat(text, cues.SWAP) for text in (volley, " ".join(recent)))
    if cues.CHARACTER_GRAMS[0] > 1:
        units, heard = words(volley), words(" ".join(recent))
    else:
        units, heard = list(flat), list(flat_client)
    return {
        "content": float(len(new)),
        "density": len(said) / max(1, len(units)),
        "said-lately": len(new & lately) / count,
        "said-earlier": len(new & earlier) / count,
        "said-ever": len(new & ever) / count,
        "said-by-self": len(new & own) / count,
        "new": float(len(new - ever - own)),
        "taken-from-client": len(new & lately) / max(1, len(lately)),
        "pairs": _shared(units, heard, 2),
        "triples": _shared(units, heard, 3),
    }


def _flat(text: str, swap: dict[int, int]) -> str:
    return "".join(letter for letter in text.translate(swap) if letter.isalnum())


def _shared(said: Sequence[str], heard: Sequence[str], n: int) -> float:
    runs = [tuple(said[start : start + n]) for start in range(len(said) - n + 1)]
    known = {tuple(heard[start : start + n]) for start in range(len(heard) - n + 1)}
    return sum(run in known for run in runs) / len(runs) if runs else 0.0
