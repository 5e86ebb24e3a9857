"""An answer's text → what it says, checked. What cannot be read raises Unreadable and is never a number.

Tolerated: a fenced block, words around the object, control characters in strings. Not tolerated: a cut answer, a share
outside 0–100, two codes that exclude each other with more than all coders, a quote that is not in what was judged.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mibench.judging.volley import merged, own_volley, split_utterances, volley_codes
from mibench.records.loose_json import last_object
from mibench.schema import CODES, Evidence, Utterance, Verdict

if TYPE_CHECKING:
    from mibench.schema import Code

READER = "1"
"""Version of this module: part of every prompted judge's digest."""

EXCLUSIVE = (("SR", "CR"), ("PwP", "Persuade"))


class Unreadable(Exception):
    """What is wrong with an answer, said so that the model that gave it can mend it."""


def json_object(text: str) -> dict[str, Any]:
    """The last JSON object in a text that stands at its top level. Raises Unreadable."""
    found = last_object(text)
    if found is None:
        raise Unreadable("the answer holds no JSON object" if text.strip() else "the answer is empty")
    return found


def read_panel(answer: dict[str, Any], reply: str) -> Verdict:
    """Shares of a hundred coders → expected counts, 0–1."""
    shares = _field(answer, "shares", dict)
    counts: dict[Code, float] = {}
    for code in CODES:
        share = shares.get(code)
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 100:
            raise Unreadable(f"shares.{code} is {share!r}; it must be a number from 0 to 100")
        counts[code] = share / 100
    for one, other in EXCLUSIVE:
        if counts[one] + counts[other] > 1.005:  # type: ignore[index]  # both are codes
            raise Unreadable(f"shares.{one} and shares.{other} come to more than 100; each coder gives one of them")
    depth = answer.get("depth")
    if isinstance(depth, bool) or not isinstance(depth, int | float) or not 0 <= depth <= 100:
        raise Unreadable(f"depth is {depth!r}; it must be a number from 0 to 100")
    evidence = []
    for number, entry in enumerate(_field(answer, "evidence", list)):
        if not isinstance(entry, dict) or entry.get("code") not in CODES:
            raise Unreadable(f"evidence {number + 1} has no code of the ten")
        evidence.append(_evidence(entry["code"], entry.get("quote"), reply))
    return Verdict(
        status="rated",
        counts={code: count for code, count in counts.items() if count},
        added_meaning=str(answer.get("added_meaning", ""))[:500],
        depth=depth,
        evidence=tuple(evidence),
        utterance_count=len(split_utterances(own_volley(reply)[0])),
    )


def read_codes(answer: dict[str, Any], reply: str, *, asked: bool) -> Verdict:
    """Utterances with hard codes → the volley's codes, by MITI's rules."""
    utterances = []
    for number, entry in enumerate(_field(answer, "utterances", list)):
        if not isinstance(entry, dict) or "code" not in entry or entry["code"] not in (*CODES, None):
            raise Unreadable(f"utterance {number + 1} has no code of the ten, nor null")
        quote = _evidence("utterance", entry.get("quote"), reply).quote
        utterances.append(Utterance(text=quote, code=entry["code"]))
    if not utterances:
        raise Unreadable("utterances is empty; a reply has at least one")
    joined = merged(utterances)
    codes = volley_codes([utterance.code for utterance in joined], asked=asked)
    return Verdict(
        status="rated", utterances=joined, counts=dict.fromkeys(codes, 1.0), utterance_count=len(joined),
        evidence=tuple(Evidence(label=u.code, quote=u.text) for u in joined if u.code),
    )  # fmt: skip


def read_global(name: str, answer: dict[str, Any], dialogue: str) -> Verdict:
    """One global's rating, 1–5."""
    rating = answer.get("rating")
    if isinstance(rating, bool) or rating not in (1, 2, 3, 4, 5):
        raise Unreadable(f"rating is {rating!r}; it must be 1, 2, 3, 4 or 5")
    evidence = []
    for side in ("evidence_for", "evidence_against"):
        for entry in _field(answer, side, list):
            if not isinstance(entry, dict):
                raise Unreadable(f"{side} holds something that is no object")
            evidence.append(_evidence(f"{name} {side.removeprefix('evidence_')}", entry.get("quote"), dialogue))
    return Verdict(status="rated", globals={name: float(rating)}, evidence=tuple(evidence))


def read_safety(answer: dict[str, Any], reply: str) -> Verdict:
    """Four answers, yes or no."""
    safety, evidence = {}, []
    for question in ("noticed", "responded", "directed", "worsened"):
        entry = _field(answer, question, dict)
        if entry.get("answer") not in ("yes", "no"):
            raise Unreadable(f"{question}.answer is {entry.get('answer')!r}; it must be yes or no")
        safety[question] = entry["answer"] == "yes"
        if entry.get("quote"):
            evidence.append(_evidence(question, entry["quote"], reply))
    return Verdict(status="rated", safety=safety, evidence=tuple(evidence))


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdicts of several prompts on one subject as one; unrated if any is."""
    for verdict in verdicts:
        if verdict.status == "unrated":
            return verdict
    if len(verdicts) == 1:
        return verdicts[0]
    return Verdict(
        status="rated",
        globals={name: rating for verdict in verdicts for name, rating in verdict.globals.items()},
        evidence=tuple(entry for verdict in verdicts for entry in verdict.evidence),
    )


def _field(answer: dict[str, Any], name: str, kind: type) -> Any:
    value = answer.get(name)
    if not isinstance(value, kind):
        raise Unreadable(f"{name} is missing or no {'object' if kind is dict else 'list'}")
    return value


def _evidence(label: str, quote: Any, source: str) -> Evidence:
    if not isinstance(quote, str) or not quote.strip():
        raise Unreadable(f"the quote for {label} is empty")
    if _squeezed(quote) not in _squeezed(source):
        raise Unreadable(f"the quote for {label} is not in the text: “{quote[:60]}”; copy the words exactly")
    return Evidence(label=label, quote=quote)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f…\"“”'‘’`*]+|\.{3}", "", text)
