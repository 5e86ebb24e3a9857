"""A table for a paper before it is Markdown or LaTeX: plain words in cells, a caption, what to say below."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mibench.publishing.comparison import p_text, signed_text
from mibench.publishing.exports.methods import comparison_methods, scores_methods
from mibench.publishing.numbers import number_text, value_text
from mibench.publishing.table import ARROWS, GROUPS, anchor_label, unvalidated_text
from mibench.schema import Comparison, Difference, Estimate, Manifest, Scores


class Exported(NamedTuple):
    """A run as exports know it."""

    manifest: Manifest
    scores: Scores


class Table(NamedTuple):
    """Rows in groups; the first cell of a row names it, numbers stand right."""

    caption: str
    head: tuple[str, ...]
    groups: tuple[tuple[tuple[str, ...], ...], ...]
    notes: tuple[str, ...]
    """Sentences: methods first, then what is undefined or marked."""


def scores_table(runs: Sequence[Exported]) -> Table:
    """A row a metric, a column a run: value [95 % interval]."""
    suites = list(dict.fromkeys(run.scores.suite for run in runs))
    names = column_names(runs)
    groups = (_score_rows(runs, metrics) for metrics in GROUPS)
    return Table(
        caption=f"MITI 4.2.1 profile on {' and '.join(suites)}",
        head=("", *names),
        groups=tuple(rows for rows in groups if rows),
        notes=(*scores_methods(runs, names), *_unvalidated(runs, names), *_said(runs, names)),
    )


def column_names(runs: Sequence[Exported]) -> list[str]:
    """The model; with suite and judge where the model does not tell the runs apart; numbered where nothing does."""
    for parts in (("model",), ("model", "suite"), ("model", "suite", "judge")):
        names = [
            ", ".join([anchor_label(run.scores.model), *(str(getattr(run.scores, part)) for part in parts[1:])])
            for run in runs
        ]
        if len(set(names)) == len(names):
            return names
    return [f"{name} ({number})" for number, name in enumerate(names, 1)]


def comparison_table(comparison: Comparison) -> Table:
    """A row a metric and pair: both values, the difference with its interval, p, the difference at equal length."""
    pairs = list(dict.fromkeys((d.first, d.second) for d in comparison.differences))
    return Table(
        caption=f"Differences on {comparison.suite}",
        head=("", "first", "second", "difference [95 % interval]", "p (Holm)", "at equal length"),
        groups=tuple(
            (
                (f"{first} − {second}", "", "", "", "", ""),
                *(_row(d) for d in comparison.differences if (d.first, d.second) == (first, second)),
            )
            for first, second in pairs
        ),
        notes=(
            *comparison_methods(comparison),
            *(f"{d.first} − {d.second}, {d.label}: {d.note}." for d in comparison.differences if d.note),
        ),
    )


def _score_rows(runs: Sequence[Exported], metrics: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    rows = []
    for metric in metrics:
        found = [run.scores[metric] if run.scores.has(metric) else None for run in runs]
        known = next((one for one in found if one), None)
        if known:
            rows.append((known.label + ARROWS[known.better], *(_cell(one) if one else "–" for one in found)))
    return tuple(rows)


def _cell(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return value_text(estimate)
    low, high = (number_text(end, estimate.unit) for end in (estimate.low, estimate.high))
    return f"{value_text(estimate)} [{low}, {high}]"


def _unvalidated(runs: Sequence[Exported], names: Sequence[str]) -> Iterator[str]:
    """Which metrics no comparison with people bears out, and why; once, where it is the same for all runs."""
    lines = [unvalidated_text(run.scores) for run in runs]
    if all(same == lines[0] for same in lines):
        yield from (line.strip() for line in lines[0])
    else:
        yield from (f"{name}: {line.strip()}" for name, own in zip(names, lines, strict=True) for line in own)


def _said(runs: Sequence[Exported], names: Sequence[str]) -> Iterator[str]:
    """What is undefined or without interval, and why; metrics with the same reason together."""
    shown = {metric for group in GROUPS for metric in group}
    for run, name in zip(runs, names, strict=True):
        why: dict[str, list[str]] = {}
        for one in run.scores.estimates:
            if one.metric in shown and (one.value is None or one.low is None):
                why.setdefault(one.note, []).append(one.label)
        yield from (f"{name}, {', '.join(labels)}: {note}." for note, labels in why.items())


def _row(d: Difference) -> tuple[str, ...]:
    values = ["–" if value is None else number_text(value, d.unit) for value in (d.first_value, d.second_value)]
    apart = signed_text(d.difference, d)
    if d.low is not None:
        apart += f" [{signed_text(d.low, d, plus='')}, {signed_text(d.high, d, plus='')}]"
    return (d.label + ARROWS[d.better], *values, apart, p_text(d.p_holm), signed_text(d.at_equal_length, d))
