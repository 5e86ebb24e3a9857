"""`submission.yaml`: who sends a model's runs to the leaderboard, what the model is, and how it was run."""

import re
from datetime import date
from typing import Annotated, Literal
from unicodedata import category
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from mibench.schema.dialogue import Record

Answer = Literal["yes", "no", "unknown"]
Standing = Literal["self-reported", "re-scored", "reproduced"]
"""What has been done to trust a row. self-reported: only the sender has seen it; re-scored: the scores were computed
again here from the ratings that came with it; reproduced: a judge rated the stored replies again and came out alike."""
Kind = Literal["model", "baseline", "reference", "human"]
"""model: competes; baseline: a counsellor that ships, to know what a score is worth; reference: the suite's own authored
replies; human: people's sessions, coded by people: another instrument."""

_HIDDEN = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}
_PILED = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3}")
_SCHEME = re.compile(r"\s*(?:javascript|data|vbscript|file)\s*:", re.IGNORECASE)


def _words(text: str) -> str:
    """No control, format or private character, no pile of accents, no address that runs something: never by accident."""
    hidden = next((char for char in text if char != "\n" and category(char) in _HIDDEN), None)
    if hidden is not None:
        raise ValueError(f"it holds U+{ord(hidden):04X}, which shows nothing or turns the line round; write it without")
    if _PILED.search(text):
        raise ValueError("it piles up accents; write it without")
    if _SCHEME.match(text):
        raise ValueError("it begins as an address that a browser would run; write words, or an address with https://")
    return text


def _line(text: str) -> str:
    if "\n" in text:
        raise ValueError("it has more than one line; write one")
    if text != text.strip():
        raise ValueError("it begins or ends with a space; write it without")
    return text


def _https(text: str) -> str:
    if not text:
        return text
    parts = urlsplit(text)
    if (
        parts.scheme != "https"
        or not parts.hostname
        or "@" in parts.netloc
        or not re.fullmatch(r"[!-~]+", text)
        or set(text) & set("\"'<>\\^`{|}")
    ):
        raise ValueError("expected an address that begins with https://, without a user's name and without spaces")
    return text


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


Words = Annotated[str, AfterValidator(_words)]
"""Text for people; may have several lines."""
Line = Annotated[str, AfterValidator(_words), AfterValidator(_line)]
"""Text for people on one line."""


class Submission(Record):
    """What the sender says. Everything here is a stranger's word: it is shown, never trusted."""

    format: Literal[1] = 1
    name: Line = Field(min_length=1, max_length=80)
    """How the table names the model."""
    organisation: Line = Field(min_length=1, max_length=80)
    """Who sends it."""
    kind: Kind = "model"
    date: Annotated[str, AfterValidator(_day)] = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    """When it was bundled, ISO."""
    revision: Line = Field(default="", max_length=200)
    """Immutable mark of the weights, as the manifest has it."""
    url: Annotated[Line, AfterValidator(_https)] = Field(default="", max_length=300)
    """Where the model can be had; https only."""
    open_weights: Answer = "unknown"
    licence: Line = Field(default="", max_length=120)
    """Of the weights; empty if unknown."""
    parameters: float | None = Field(default=None, gt=0, le=1_000_000)
    """Billions of parameters; absent if unknown."""
    base_model: Line = Field(default="", max_length=120)
    """What it was tuned from; empty if from scratch or unknown."""
    fine_tuned: Answer = "unknown"
    """Whether it was tuned for counselling."""
    training_data: Words = Field(default="", max_length=2000)
    """What it was tuned on, in the sender's words."""
    saw_the_suites: Answer = "unknown"
    """Whether dialogues of the suites, or their near copies, were in its training data, as far as the sender knows."""
    overlap: Words = Field(default="", max_length=500)
    """What the fine-tuning's own leakage guard found and let pass, from its record beside the weights."""
    contact: Line = Field(default="", max_length=200)
    """How to reach the sender; shown, so not a private address."""
    command: Words = Field(default="", max_length=1000)
    """How it was run: a command that another can repeat."""
    notes: Words = Field(default="", max_length=2000)


class Finding(Record):
    """One thing that a check has found in a submission."""

    severity: Literal["error", "alarm", "note"]
    """error: it cannot be taken; alarm: a person must look; note: worth knowing."""
    where: str
    """`file:line` below the submission's folder, or the folder."""
    what: str
    """What is wrong, what was expected and what to do, in one sentence."""


class Rejudged(Record):
    """How a second rating of the stored replies came out."""

    suite: str
    judge: str
    """Who rated again."""
    judge_digest: str
    date: str
    """ISO."""
    metric: str
    """The metric compared."""
    claimed: float | None
    """As submitted."""
    found: float | None
    """By the second rating."""
    allowed: float
    """Largest difference that counts as alike, in the metric's unit."""
    alike: bool


class Checked(Record):
    """`checked.json`, which maintainers keep beside a submission: what `mibench submit check` last said of it."""

    format: Literal[1] = 1
    standing: Standing
    version: str
    """Version of the benchmark that its runs belong to, e.g. `v1`."""
    sums: str
    """sha256 of its SHA256SUMS: a later edit makes this check void."""
    date: str
    """ISO."""
    rejudged: tuple[Rejudged, ...] = ()


class CheckReport(Record):
    """What a check found in one submission."""

    id: str
    """The folder's name, with nothing hidden in it."""
    version: str | None
    """Version of the benchmark that all its runs belong to; null where they belong to none."""
    standing: Standing
    """What it has from this check or from a valid `checked.json`."""
    findings: tuple[Finding, ...]
    rejudged: tuple[Rejudged, ...] = ()
    """Where a judge rated the replies again."""

    def count(self, severity: Literal["error", "alarm", "note"]) -> int:
        """How many findings are this grave."""
        return sum(finding.severity == severity for finding in self.findings)
