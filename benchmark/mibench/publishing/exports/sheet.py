"""Scores and comparisons as comma-separated text, a number a cell, for spreadsheets and statistics programs."""

from collections.abc import Iterator, Sequence

from mibench.publishing.exports.paper import Exported
from mibench.records.spreadsheet import csv_text
from mibench.schema import Comparison, Difference, Estimate

MEASURED = ("metric", "label", "unit", "better", "value", "low", "high", "standard_error", "level", "validated", "note")
"""Fields of an estimate."""
APART = (
    "first", "second", "metric", "label", "unit", "better", "first_value", "second_value", "difference", "low", "high", "p",
    "p_holm", "effect", "at_equal_length", "at_equal_length_low", "at_equal_length_high", "corrected", "corrected_low",
    "corrected_high", "note",
)  # fmt: skip
"""Fields of a difference."""


def scores_csv(runs: Sequence[Exported]) -> str:
    """A row a run, slice (`by` is `all` for the whole run) and metric; an undefined value is empty and has a note."""
    head = (
        "model", "suite", "judges", "by", "of", "rounds", "dialogues", *MEASURED,
        "coverage", "draws", "seed", "digest", "suite_digest", "mibench",
    )  # fmt: skip
    return csv_text([head, *(row for run in runs for row in _scores(run))])


def comparisons_csv(comparisons: Sequence[Comparison]) -> str:
    """A row a difference."""
    head = ("suite", *APART, "real", "rounds", "dialogues", "left_out", "unequal", "draws", "seed")
    return csv_text([head, *(_apart(found, d) for found in comparisons for d in found.differences)])


def _scores(run: Exported) -> Iterator[Sequence[object]]:
    manifest, scores = run
    first = (scores.model, scores.suite, scores.judge)
    last = (
        scores.coverage, scores.draws, scores.seed, scores.digest, manifest.suite_digest,
        manifest.versions.get("mibench", ""),
    )  # fmt: skip
    rated, dialogues = max((jury.rated, jury.dialogues) for jury in scores.juries)
    for one in scores.estimates:
        yield (*first, "all", "all", rated, dialogues, *_measured(one), *last)
    for part in scores.slices:
        for one in part.estimates:
            yield (*first, part.by, part.value, part.rounds, part.dialogues, *_measured(one), *last)


def _measured(one: Estimate) -> list[object]:
    return [getattr(one, field) for field in MEASURED]


def _apart(found: Comparison, d: Difference) -> Sequence[object]:
    return (
        found.suite, *(getattr(d, field) for field in APART), d.real,
        found.rounds, found.dialogues, found.left_out, "; ".join(found.unequal), found.draws, found.seed,
    )  # fmt: skip
