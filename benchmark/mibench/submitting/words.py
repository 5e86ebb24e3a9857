"""Secrets, personal data, marks of machines and hidden characters in what is published besides the statement."""

from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import category

from mibench.records.visible import INVISIBLE
from mibench.scans import personal_data, secrets
from mibench.submitting.findings import Findings
from mibench.submitting.reading import ReadRun
from mibench.submitting.stripping import left_in

LONGEST = 2000
"""Characters of a text in run.json or scores.json."""
LONGEST_REPLY = 100_000
"""Characters of a reply."""


def check_words(run: ReadRun, findings: Findings) -> None:
    """Everything that is shown of a run: manifest and scores, reasons and evidence of ratings, replies."""
    _check_record(f"{run.suite}/run.json:1", run.manifest.model_dump(mode="json", exclude={"versions"}), findings)
    _check_record(f"{run.suite}/scores.json:1", run.scores.model_dump(mode="json", exclude={"slices"}), findings)
    _check_slices(run, findings)
    _check_replies(run, findings)
    _check_reasons(run, findings)


def _check_record(where: str, value: Mapping[str, Any], findings: Findings) -> None:
    for text in dict.fromkeys(_texts(value)):
        hidden = next((char for char in text if category(char) in INVISIBLE), None)
        if hidden is not None:
            findings.error(
                where, f"“{text[:40]}” holds U+{ord(hidden):04X}, which shows nothing or turns the line round."
            )
        if len(text) > LONGEST:
            findings.error(where, f"“{text[:40]}…” has {len(text):,} characters; at most {LONGEST:,} are taken.")
        for found in secrets(text):
            findings.error(where, f"it holds what looks like a {found.name}: bundle again, and revoke it.")
        for mark in left_in(text):
            findings.error(where, f"it holds {mark}; `mibench submit bundle` takes that out.")


def _check_slices(run: ReadRun, findings: Findings) -> None:
    texts = {text for part in run.scores.slices for text in (part.by, part.value)}
    _check_record(f"{run.suite}/scores.json:1", dict.fromkeys(sorted(texts)), findings)


def _check_replies(run: ReadRun, findings: Findings) -> None:
    file = f"{run.suite}/replies.jsonl.gz"
    wrong, odd = [], []
    for line, reply in run.replies:
        where, what = f"{file}:{line}", f"the reply to {reply.round} holds what looks like a"
        if len(reply.text) > LONGEST_REPLY:
            size = f"{len(reply.text):,} characters; at most {LONGEST_REPLY:,} are taken."
            wrong.append((where, f"the reply to {reply.round} has {size}"))
            continue
        wrong += [(where, f"{what} {found.name}: it may not be published.") for found in secrets(reply.text)]
        odd += [(where, f"{what} {found.name}: is it a real person's?") for found in personal_data(reply.text)]
    findings.several("error", wrong, "replies that may not be published")
    findings.several("alarm", odd, "places that look like personal data")


def _check_reasons(run: ReadRun, findings: Findings) -> None:
    file = f"{run.suite}/ratings.jsonl.gz"
    wrong = []
    for line, rating in run.ratings:
        where = f"{file}:{line}"
        texts = [rating.reason or "", rating.added_meaning or "", *(one.quote for one in rating.evidence)]
        keys = [found.name for text in texts if text for found in secrets(text)]
        wrong += [(where, f"it holds what looks like a {name}: bundle again, and revoke it.") for name in keys]
        marks = left_in(rating.reason or "")
        wrong += [(where, f"its reason holds {mark}; `mibench submit bundle` takes that out.") for mark in marks]
    findings.several("error", wrong, "ratings that hold such words")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
