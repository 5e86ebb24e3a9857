"""report.html: one file, no network, that a person would rather look at than read JSON."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mibench.publishing.numbers import coefficient_text, interval_text, value_text
from mibench.publishing.svg import interval_plot
from mibench.publishing.table import rated_text, stability_text
from mibench.records.jsonl import write_whole
from mibench.schema import NAMES, NAMES_ZH, Jury, Manifest, Rates, Rating, Reply, Scores
from mibench.suites import Suite

if TYPE_CHECKING:
    from mibench.schema import Round

GLOBALS = ("technical", "relational", "cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy")
SAFETY = ("noticed", "responded", "directed", "worsened")
PROFILE = ("r_to_q", "percent_cr", "mia_per_dialogue", "mina_per_dialogue", "characters", "utterances_per_reply")
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
    ratings: Sequence[Rating],
) -> None:
    """Write the report, whole or not at all. All text from models is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mibench.publishing", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "value": value_text, "interval": interval_text, "coefficient": coefficient_text, "rated": rated_text,
        "stability": stability_text,
    }  # fmt: skip
    page = environment.get_template("report.html.jinja").render(
        manifest=manifest,
        scores=scores,
        anchors=anchors,
        everyone={scores.model: scores, **anchors},
        names=NAMES,
        names_zh=NAMES_ZH,
        profile=[
            (scores[metric], interval_plot(metric, {scores.model: scores, **anchors}))
            for metric in (*GLOBALS, *PROFILE, *SAFETY)
            if scores.has(metric)
        ],
        juries=[(jury, [m for m in (*GLOBALS, *PROFILE, *SAFETY) if _in(jury, m)]) for jury in scores.juries],
        own={judge.judge: {e.metric: e for e in judge.estimates} for judge in scores.judges},
        rates=RATES,
        overlap=OVERLAP,
        sliced=SLICED,
        slices=_grouped(scores),
        dialogues=list(_dialogues(suite, manifest, replies, _by_subject(ratings))),
    )
    write_whole(path, page)


def _grouped(scores: Scores) -> dict[tuple[str, Rates], list[Any]]:
    """(what it is cut by, what was rated) → the parts."""
    groups: dict[tuple[str, Rates], list[Any]] = {}
    for part in scores.slices:
        by_metric = {estimate.metric: estimate for estimate in part.estimates}
        groups.setdefault((part.by, part.rates), []).append((part, by_metric))
    return {key: parts for key, parts in groups.items() if len(parts) > 1 or key[1] == "reply"}


def _in(jury: Jury, metric: str) -> bool:
    return any(estimate.metric == metric for estimates in jury.without.values() for estimate in estimates)


def _by_subject(ratings: Iterable[Rating]) -> dict[str, list[Rating]]:
    """Subject → one rating a judge, the first repeat."""
    found: dict[str, dict[str, Rating]] = {}
    for rating in ratings:
        found.setdefault(rating.subject, {}).setdefault(rating.judge, rating)
    return {subject: list(by_judge.values()) for subject, by_judge in found.items()}


def _dialogues(
    suite: Suite, manifest: Manifest, replies: Mapping[str, Reply], ratings: Mapping[str, list[Rating]]
) -> Iterable[dict[str, Any]]:
    by_dialogue: dict[str, list[Round]] = {}
    for round_ in suite.rounds[: manifest.limit]:
        by_dialogue.setdefault(round_.dialogue.id, []).append(round_)
    for rounds in by_dialogue.values():
        yield {
            "dialogue": rounds[0].dialogue,
            "ratings": ratings.get(rounds[0].dialogue.id, []),
            "rounds": [
                {"round": round_, "reply": replies.get(round_.id), "ratings": ratings.get(round_.id, [])}
                for round_ in rounds
            ],
        }
