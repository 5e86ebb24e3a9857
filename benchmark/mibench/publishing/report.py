"""report.html: one file, no network, that a person would rather look at than read JSON."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mibench.publishing.bars import code_bars, lengths
from mibench.publishing.page import render_readings
from mibench.publishing.pieces import pieces
from mibench.publishing.reading import Shelf, readings
from mibench.publishing.situations import CUTS, situations
from mibench.publishing.svg import Beside, Row, plot
from mibench.publishing.table import unvalidated
from mibench.publishing.words import Language
from mibench.records.jsonl import write_whole
from mibench.schema import NAMES, Estimate, Jury, Manifest, Rates, Rating, Reply, Scores
from mibench.suites import Suite

GLOBALS = ("technical", "relational", "cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy")
SAFETY = ("noticed", "responded", "directed", "worsened")
COUNTS = ("r_to_q", "percent_cr", "mia_per_dialogue", "mina_per_dialogue", "characters", "utterances_per_reply")
PROFILE = (*GLOBALS, *COUNTS, *SAFETY)
SLICED: dict[Rates, tuple[str, ...]] = {
    "reply": ("r_to_q", "percent_cr", "mia_per_100", "mina_per_100", "characters"),
    "dialogue": GLOBALS,
    "risk": SAFETY,
}
OVERLAP = ("bleu_4", "rouge_1", "rouge_2", "rouge_l", "chrf")
RATES = tuple(f"rate_{code.lower()}" for code in NAMES)


def write_report(
    path: Path,
    manifest: Manifest,
    scores: Scores,
    anchors: Mapping[str, Scores],
    suite: Suite,
    replies: Mapping[str, Reply],
    ratings: Iterable[Rating],
    humans: Mapping[str, Row] | None = None,
    humans_are: str = "",
) -> None:
    """Write the report, whole or not at all. All text from models is escaped.

    `humans`: name → people's scores, or metric → estimate or value (null where undefined), to stand beside the
    anchors; `humans_are`: who they are, in a sentence.
    """
    language = language_of(suite)
    page = render_readings(
        "report.html.jinja",
        language,
        list(readings(suite, manifest.limit, [Shelf(scores.model, replies, ratings)])),
        text_language=language,
        title=f"{scores.model} · {scores.suite}",
        **profile_context(manifest, scores, anchors, suite, replies, humans or {}, humans_are),
    )
    write_whole(path, page)


def profile_context(
    manifest: Manifest, scores: Scores, anchors: Mapping[str, Scores | Mapping[str, Estimate]], suite: Suite | None,
    replies: Mapping[str, Reply], humans: Mapping[str, Row], humans_are: str,
) -> dict[str, Any]:  # fmt: skip
    """What the templates of the profile, the codes and the judges need. `suite`: None where its text is not at hand."""
    beside = [Beside(name, "anchor", other) for name, other in anchors.items()]
    beside += [Beside(name, "human", row) for name, row in humans.items()]
    rows = [Beside(scores.model, "own", scores), *beside]
    asked = suite.rounds[: manifest.limit] if suite else ()
    return {
        "manifest": manifest,
        "scores": scores,
        "rows": rows,
        "humans_are": humans_are,
        "unvalidated": unvalidated(scores),
        "proficiency": plot("proficiency", rows) if scores.has("proficiency") else None,
        "pieces": pieces(scores),
        "profile": [plot(metric, rows) for metric in PROFILE if scores.has(metric)],
        "bars": code_bars(scores, beside) if "reply" in scores.rates else [],
        "situations": situations(scores),
        "lengths": lengths([reply.text for reply in replies.values()], [round_.reference.text for round_ in asked]),
        "juries": [(jury, [metric for metric in PROFILE if _in(jury, metric)]) for jury in scores.juries],
        "own": {judge.judge: {e.metric: e for e in judge.estimates} for judge in scores.judges},
        "rates": RATES,
        "overlap": OVERLAP,
        "sliced": SLICED,
        "slices": _grouped(scores),
    }


def language_of(suite: Suite) -> Language:
    """The language a suite's dialogues are in, which its pages open in."""
    return suite.dialogues[0].language


def _grouped(scores: Scores) -> dict[tuple[str, Rates], list[Any]]:
    """(what it is cut by, what was rated) → the parts.

    Whole dialogues have no client talk before them; where each part is one dialogue, the reading shows as much.
    """
    groups: dict[tuple[str, Rates], list[Any]] = {}
    for part in scores.slices:
        if not (part.by in CUTS and part.rates == "dialogue"):
            by_metric = {estimate.metric: estimate for estimate in part.estimates}
            groups.setdefault((part.by, part.rates), []).append((part, by_metric))
    return {key: parts for key, parts in groups.items() if any(part.dialogues > 1 for part, _ in parts)}


def _in(jury: Jury, metric: str) -> bool:
    return any(estimate.metric == metric for estimates in jury.without.values() for estimate in estimates)
