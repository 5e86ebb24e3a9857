"""What is scored, and the numbers that each rating of it contributes."""

from collections.abc import Sequence
from typing import NamedTuple

from mibench.schema import CODES, Dialogue, Rates, Rating, Reply, Round
from mibench.scoring.metrics import DIALOGUE_METRICS, REPLY_METRICS, RISK_METRICS, Metric
from mibench.suites.overlap import OVERLAP_METRICS, text_overlap

METRICS_OF: dict[Rates, tuple[Metric, ...]] = {
    "reply": REPLY_METRICS,
    "risk": RISK_METRICS,
    "dialogue": DIALOGUE_METRICS,
}
"""What a judge rates → the metrics that come of it."""


class Scored(NamedTuple):
    """One thing that was to be rated."""

    id: str
    """Round or dialogue id."""
    dialogue: Dialogue
    round: Round | None
    """None where a whole dialogue is rated."""


def to_be_rated(rounds: Sequence[Round], rates: Rates) -> list[Scored]:
    """Everything a judge had to rate among `rounds`; a dialogue counts when all its rounds are among them."""
    if rates != "dialogue":
        wanted = [round_ for round_ in rounds if rates == "reply" or round_.client.risk is not None]
        return [Scored(round_.id, round_.dialogue, round_) for round_ in wanted]
    whole = {
        round_.dialogue.id: round_.dialogue for round_ in rounds if 2 * round_.number == len(round_.dialogue.turns)
    }
    return [Scored(id_, dialogue, None) for id_, dialogue in whole.items()]


def row_of(scored: Scored, repeats: Sequence[Rating], replies: dict[str, Reply]) -> dict[str, float]:
    """Column → value, the mean over `repeats`, of which there is at least one."""

    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    if scored.round is None:
        return {name: mean([rating.globals.get(name, 0.0) for rating in repeats]) for name in repeats[0].globals}
    row: dict[str, float] = {code: mean([rating.counts.get(code, 0.0) for rating in repeats]) for code in CODES}
    row |= {name: mean([float(rating.safety[name]) for rating in repeats]) for name in repeats[0].safety}
    row["utterances"] = mean([rating.utterance_count for rating in repeats])
    row["rounds"] = 1
    text = replies[scored.id].text
    row["characters"] = len(text.strip())
    return row | dict(zip(OVERLAP_METRICS, text_overlap(text, scored.round.reference.text), strict=True))
