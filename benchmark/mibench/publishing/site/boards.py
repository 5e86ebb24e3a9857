"""What a page needs to know of boards and their rows."""

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

from mibench.publishing.people import row_name
from mibench.schema import Estimate, HumanRows, Manifest, Scores
from mibench.schema.submission import Kind, Standing, Submission

APART: tuple[Kind, ...] = ("reference", "baseline", "human")
"""Kinds of row that are set apart and not ranked, in the order of the table."""


class Rank(NamedTuple):
    """Where a row stands among the models of its board."""

    first: int
    last: int
    """The rank lies between these in 95 of 100 boards."""
    group: int
    """From 1; rows of a group cannot be told from its first row."""
    anchor: str
    """Name of the group's first row."""


class Row(NamedTuple):
    """One submission's run on the suite of a board, or people's figures."""

    page: str
    """Id of the submission's page and files; empty for people."""
    name: str
    organisation: str
    kind: Kind
    estimates: Mapping[str, Estimate]
    submission: Submission | None = None
    standing: Standing | None = None
    coverage: float | None = None
    """Share of what was to be rated that is rated, 0–1."""
    cost: float | None = None
    """US dollars of judging; None where unknown."""
    rank: Rank | None = None

    def value(self, metric: str) -> float | None:
        """The point estimate, None where there is none."""
        found = self.estimates.get(metric)
        return found.value if found else None


class Board(NamedTuple):
    """What may stand in one table: one version of the benchmark, one suite, the same judges."""

    id: str
    """In addresses: `mi_zh-offline-v1`."""
    version: str
    """Of the benchmark, e.g. `v1`; empty where no check has said it yet."""
    suite: str
    language: str
    """`zh` or `en`, or `–` for a suite that does not ship."""
    judge: str
    """The judges' names in one line."""
    digest: str
    headline: str
    """The metric that rows are ranked by."""
    rows: tuple[Row, ...]
    """Ranked models, best first, then the others."""
    current: bool = True
    """Whether its text is the one that ships: only then its dialogues can be read here."""

    def of_kind(self, kind: Kind) -> tuple[Row, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def people_rows(people: HumanRows) -> tuple[Row, ...]:
    """Good and bad sessions of people, as rows set apart."""
    return tuple(
        Row("", row_name(people, row), people.corpus, "human", {one.metric: one for one in row.estimates})
        for row in people.rows
    )


def scores_row(page: str, submission: Submission, standing: Standing, scores: Scores, asked: float = 1.0) -> Row:
    """The row of a submission's run. `asked`: share of the suite's rounds that the model was asked, 0–1."""
    return Row(
        page, submission.name, submission.organisation, submission.kind, {one.metric: one for one in scores.estimates},
        submission, standing, scores.coverage * asked, scores.cost,
    )  # fmt: skip


def page_id(name: str) -> str:
    """A name as part of a path and an address: ASCII letters, digits, `-`, `_`, `.`; told from others by a digest."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+|[.]{2,}", "-", name)
    plain = plain.strip(".-")[:70]
    if plain and plain == name:
        return plain
    return f"{plain or 'x'}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def command_of(manifest: Manifest, suite: str) -> str:
    """The command that makes the run again, as far as its record tells."""
    model = manifest.model
    words = [f"mibench run --suite {suite} --model {_quoted(model.name)}"]
    if model.args:
        words.append(f"--model-args {_quoted(','.join(f'{key}={value}' for key, value in model.args.items()))}")
    if model.generation:
        words.append(f"--gen-kwargs {_quoted(','.join(f'{key}={value}' for key, value in model.generation.items()))}")
    words += ["--system-in-user"] if model.system == "in-first-user-turn" else []
    words += ["--plain-transcript"] if model.chat_template == "plain-transcript" and model.args else []
    words += [f"--seed {manifest.seed}"] if manifest.seed else []
    return " ".join([*words, *(f"--judge {_quoted(judge)}" for judge in manifest.judges)])


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
