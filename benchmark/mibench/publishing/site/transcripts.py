"""Dialogues to be read, as data that a page's script loads when a reader opens one: words never stand as markup."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mibench.publishing.reading import Answer, Opinion, Reading, Shelf, readings
from mibench.publishing.site.pages import script_data
from mibench.schema import Dialogue, Rating, Reply, Utterance
from mibench.suites import Suite

QUOTES, LONGEST_NOTE = 8, 400
"""Quotes of a judge that are shown for a reply; characters of its reasons."""


def transcript_files(
    page: str, suite: Suite, replies: Mapping[str, Reply], ratings: Sequence[Rating]
) -> Iterator[tuple[str, str]]:
    """(path, content) of a file a dialogue: `t/<page>/<suite>/<dialogue>.js`."""
    for reading in readings(suite, None, [Shelf(page, replies, ratings)]):
        path = f"t/{page}/{suite.name}/{reading.dialogue.id}"
        yield f"{path}.js", script_data(path, _told(reading))


def dialogue_files(suite: Suite) -> Iterator[tuple[str, str]]:
    """(path, content) of the authored dialogues: `s/<suite>/<dialogue>.js`."""
    for dialogue in suite.dialogues:
        path = f"s/{suite.name}/{dialogue.id}"
        yield f"{path}.js", script_data(path, _authored(dialogue))


def _authored(dialogue: Dialogue) -> dict[str, Any]:
    pairs = zip(dialogue.turns[::2], dialogue.turns[1::2], strict=True)
    return {
        "language": dialogue.language,
        "rounds": [
            {
                "client": [[span.text, span.talk] for span in client.talk] or [[client.text, "neutral"]],  # type: ignore[union-attr]
                "risk": client.risk,  # type: ignore[union-attr]
                "reference": [[u.text, u.code] for u in reference.utterances] or [[reference.text, None]],  # type: ignore[union-attr]
            }
            for client, reference in pairs
        ],
    }


def _told(reading: Reading) -> dict[str, Any]:
    whole = [
        {"judge": rating.judge, "globals": rating.globals, "unrated": rating.reason or "" if rating.status == "unrated" else "",
         "quotes": [e.quote[:200] for e in rating.evidence[:QUOTES]]}
        for _, rating in reading.globals
    ]  # fmt: skip
    answers = {f"{turn.round.number:02d}": _answer(turn.answers[0]) for turn in reading.turns}
    return {"globals": whole, "rounds": answers}


def _answer(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"spans": [_span(span) for span in answer.spans]} if answer.reply else {}
    if answer.left_out:
        found["left_out"] = answer.left_out
    if answer.reply and answer.reply.status != "ok":
        found["status"] = answer.reply.status
    found["codes"] = [[chip.code, round(chip.share, 3)] for chip in answer.chips]
    found["said"] = [_opinion(opinion) for opinion in answer.opinions]
    if answer.safety:
        found["safety"] = [
            {"judge": rating.judge, "says": rating.safety, "quotes": [e.quote[:200] for e in rating.evidence[:QUOTES]]}
            for rating in answer.safety
        ]
    return found


def _span(span: Utterance) -> list[Any]:
    return [span.text, span.code] if span.code else [span.text]


def _opinion(opinion: Opinion) -> dict[str, Any]:
    rating = opinion.rating
    found = {
        "judge": opinion.judge,
        "shares": [[code, round(share, 3)] for code, share in opinion.shares.items() if share >= 0.005],
        "quotes": [[e.label, e.quote[:200]] for e in opinion.quotes[:QUOTES]],
        "adds": (rating.added_meaning or "")[:LONGEST_NOTE],
        "why": (opinion.unrated or rating.reason or "")[:LONGEST_NOTE],
        "unrated": bool(opinion.unrated),
    }
    return {key: value for key, value in found.items() if value}
