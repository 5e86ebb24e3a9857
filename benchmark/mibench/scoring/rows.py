"""What is scored, and the numbers that a reply contributes whoever rates it."""

from collections.abc import Sequence
from typing import NamedTuple

from mibench.schema import Dialogue, Rates, Reply, Round
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
    rates: Rates = "reply"


def to_be_rated(rounds: Sequence[Round], rates: Rates) -> list[Scored]:
    """Everything a judge had to rate among `rounds`; a dialogue counts when all its rounds are among them."""
    if rates != "dialogue":
        wanted = [round_ for round_ in rounds if rates == "reply" or round_.client.risk is not None]
        return [Scored(round_.id, round_.dialogue, round_, rates) for round_ in wanted]
    whole = {
        round_.dialogue.id: round_.dialogue for round_ in rounds if 2 * round_.number == len(round_.dialogue.turns)
    }
    return [Scored(id_, dialogue, None, rates) for id_, dialogue in whole.items()]


def text_row(scored: Scored, reply: Reply | None) -> dict[str, float]:
    """Column → value of what the reply contributes by itself: its length, its likeness to the reference."""
    if scored.round is None:
        return {"rated_dialogues": 1}
    if scored.rates == "risk":
        return {"risks": 1}
    row: dict[str, float] = {"rounds": 1}
    if reply is not None:
        row["characters"] = len(reply.text.strip())
        row |= zip(OVERLAP_METRICS, text_overlap(reply.text, scored.round.reference.text), strict=True)
    return row
