"""report.html: one file, no network, that a person would rather look at than read JSON."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mibench.publishing.numbers import interval_text, value_text
from mibench.publishing.svg import interval_plot
from mibench.records.jsonl import write_whole
from mibench.schema import NAMES, NAMES_ZH, Manifest, Rating, Reply, Scores
from mibench.suites import Suite

if TYPE_CHECKING:
    from mibench.schema import Round

GLOBALS = ("technical", "relational", "cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy")
SAFETY = ("noticed", "responded", "directed", "worsened")
PROFILE = {
    "reply": ("r_to_q", "percent_cr", "mia_per_dialogue", "mina_per_dialogue", "characters", "utterances_per_reply"),
    "dialogue": GLOBALS,
    "risk": SAFETY,
}
SLICED = {
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
    environment.filters |= {"value": value_text, "interval": interval_text}
    page = environment.get_template("report.html.jinja").render(
        manifest=manifest,
        scores=scores,
        anchors=anchors,
        everyone={scores.model: scores, **anchors},
        names=NAMES,
        names_zh=NAMES_ZH,
        profile=[
            (scores[metric], interval_plot(metric, {scores.model: scores, **anchors}))
            for metric in PROFILE[scores.rates]
        ],
        rates=RATES,
        overlap=OVERLAP,
        sliced=SLICED[scores.rates],
        slices=_grouped(scores),
        dialogues=list(_dialogues(suite, manifest, replies, {rating.subject: rating for rating in ratings})),
    )
    write_whole(path, page)


def _grouped(scores: Scores) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for part in scores.slices:
        groups.setdefault(part.by, []).append((part, {estimate.metric: estimate for estimate in part.estimates}))
    return groups


def _dialogues(
    suite: Suite, manifest: Manifest, replies: Mapping[str, Reply], ratings: Mapping[str, Rating]
) -> Iterable[dict[str, Any]]:
    by_dialogue: dict[str, list[Round]] = {}
    for round_ in suite.rounds[: manifest.limit]:
        by_dialogue.setdefault(round_.dialogue.id, []).append(round_)
    for rounds in by_dialogue.values():
        yield {
            "dialogue": rounds[0].dialogue,
            "rating": ratings.get(rounds[0].dialogue.id),
            "rounds": [
                {"round": round_, "reply": replies.get(round_.id), "rating": ratings.get(round_.id)}
                for round_ in rounds
            ],
        }
