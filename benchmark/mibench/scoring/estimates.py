"""Rows of numbers → metrics with intervals, for the whole run and for its slices."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.bootstrap import Resamples, detectable, draw_counts, interval, resample, standard_error
from mibench.schema import Estimate, Rates, Slice
from mibench.scoring.metrics import COLUMNS, DIALOGUE_METRICS, REPLY_METRICS, RISK_METRICS, Metric, proficiency_metric
from mibench.scoring.rows import METRICS_OF, Scored
from mibench.scoring.table import Rows

if TYPE_CHECKING:
    import numpy as np


class Draws(NamedTuple):
    """How intervals are drawn."""

    draws: int
    seed: int


def metrics_for(rates: Collection[Rates]) -> tuple[Metric, ...]:
    """The metrics of a run whose judges rate these."""
    return (
        *((proficiency_metric(rates), *REPLY_METRICS) if "reply" in rates else ()),
        *(DIALOGUE_METRICS if "dialogue" in rates else ()),
        *(RISK_METRICS if "risk" in rates else ()),
    )


def estimates(
    table_S_K: "np.ndarray", dialogues: Sequence[str], how: Draws, metrics: Sequence[Metric] = REPLY_METRICS
) -> tuple[Estimate, ...]:
    """Each of `metrics` with its interval, from a table (subjects, COLUMNS) and each subject's dialogue."""
    import numpy as np

    sums_D_K = dialogue_sums(table_S_K, dialogues)
    counts_B_D = draw_counts(len(sums_D_K), *how) if len(sums_D_K) else np.zeros((how.draws, 0))
    resamples = resample(sums_D_K, counts_B_D)
    return tuple(_estimate(metric, resamples) for metric in metrics)


def dialogue_sums(table_S_K: "np.ndarray", dialogues: Sequence[str]) -> "np.ndarray":
    """Array (dialogues, COLUMNS) of sums in order of first appearance; the column `dialogues` is 1 where a reply is rated."""
    sums_D_K = summed(table_S_K, dialogues)
    sums_D_K[:, COLUMNS.index("dialogues")] = sums_D_K[:, COLUMNS.index("rounds")] > 0
    return sums_D_K


def summed(table_S_K: "np.ndarray", names: Sequence[str]) -> "np.ndarray":
    """Array (different names, columns): rows of one name added up, in order of first appearance."""
    import numpy as np

    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    sums_D_K = np.zeros((len(order), table_S_K.shape[1]))
    np.add.at(sums_D_K, [order[name] for name in names], table_S_K)
    return sums_D_K


def _estimate(metric: Metric, resamples: Resamples) -> Estimate:
    import numpy as np

    values = resamples.values(metric.of)
    common = {"metric": metric.name, "label": metric.label, "unit": metric.unit, "better": metric.better}
    if np.isnan(values.whole):
        return Estimate(**common, value=None, note=f"undefined: {metric.undefined}")
    low, high, why_not = interval(values)
    note = "; ".join(part for part in (metric.note, f"no interval: {why_not}" if why_not else "") if part)
    return Estimate(
        **common, value=values.whole, low=low, high=high, standard_error=standard_error(values), note=note,
        detectable=detectable(values), level=metric.level(values.whole),
    )  # fmt: skip


def _client_talk(scored: Scored) -> str:
    if scored.round is None:
        return "whole dialogue"
    kinds = {span.talk for span in scored.round.client.talk}
    if not kinds:
        return "not coded"
    if {"change", "sustain"} <= kinds:
        return "both"
    return "change" if "change" in kinds else "sustain" if "sustain" in kinds else "neutral"


def _moment(scored: Scored) -> str:
    if scored.round is None:
        return "whole dialogue"
    client = scored.round.client
    return (
        "shows a danger" if client.risk else "asks for advice" if client.asks_advice else "is angry" if client.angry
        else "else"
    )  # fmt: skip


def _position(scored: Scored) -> str:
    if scored.round is None:
        return "whole dialogue"
    share = scored.round.number / (len(scored.dialogue.turns) / 2)
    return "first third" if share <= 1 / 3 else "middle third" if share <= 2 / 3 else "last third"


SLICES: dict[str, Callable[[Scored], str]] = {
    "client talk before": _client_talk,
    "the client": _moment,
    "place in the dialogue": _position,
    "stage": lambda scored: scored.dialogue.stage or "not stated",
    "resistance": lambda scored: scored.dialogue.resistance or "not stated",
    "area": lambda scored: scored.dialogue.area or "not stated",
    "topic": lambda scored: scored.dialogue.topic,
}
"""Name → which part a round or dialogue belongs to."""


def slices(rows: Rows, rates: Rates, how: Draws) -> Iterable[Slice]:
    """The metrics of what is rated, for each part of each of SLICES."""
    for by, rule in SLICES.items():
        parts = [rule(scored) for scored in rows.scored]
        for part in dict.fromkeys(parts):
            where = [number for number, other in enumerate(parts) if other == part]
            dialogues = [rows.dialogues[number] for number in where]
            yield Slice(
                by=by,
                value=part,
                rates=rates,
                rounds=len(where),
                dialogues=len(set(dialogues)),
                estimates=estimates(rows.table_S_K[where], dialogues, how, METRICS_OF[rates]),
            )
