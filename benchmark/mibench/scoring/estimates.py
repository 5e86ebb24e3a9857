"""Rows of numbers → metrics with intervals, for the whole run and for its slices."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from mibench.measures.bootstrap import draw_counts, ratio_interval
from mibench.schema import Estimate, Rates, Slice
from mibench.scoring.metrics import COLUMNS, REPLY_METRICS, Metric
from mibench.scoring.rows import METRICS_OF, Scored

if TYPE_CHECKING:
    import numpy as np


def estimates(
    table_R_K: "np.ndarray", dialogues: Sequence[str], draws: int, seed: int, metrics: Sequence[Metric] = REPLY_METRICS
) -> tuple[Estimate, ...]:
    """Each of `metrics` with its interval, from a table (rounds, COLUMNS) and each round's dialogue."""
    sums_D_K = dialogue_sums(table_R_K, dialogues)
    import numpy as np

    counts_B_D = draw_counts(len(sums_D_K), draws, seed) if len(sums_D_K) else np.zeros((draws, 0))
    return tuple(_estimate(metric, sums_D_K, counts_B_D) for metric in metrics)


def dialogue_sums(table_R_K: "np.ndarray", dialogues: Sequence[str]) -> "np.ndarray":
    """Array (dialogues, COLUMNS) of sums, in order of first appearance; the column `dialogues` is 1."""
    import numpy as np

    order = {name: number for number, name in enumerate(dict.fromkeys(dialogues))}
    sums_D_K = np.zeros((len(order), len(COLUMNS)))
    np.add.at(sums_D_K, [order[name] for name in dialogues], table_R_K)
    sums_D_K[:, COLUMNS.index("dialogues")] = 1
    return sums_D_K


def over_and_under(metric: Metric, sums_D_K: "np.ndarray") -> "tuple[np.ndarray, np.ndarray]":
    """Each dialogue's sums above and below the metric's line, scale included."""
    over_D = metric.scale * sums_D_K[:, [COLUMNS.index(name) for name in metric.over]].sum(axis=1)
    return over_D, sums_D_K[:, [COLUMNS.index(name) for name in metric.under]].sum(axis=1)


def _estimate(metric: Metric, sums_D_K: "np.ndarray", counts_B_D: "np.ndarray") -> Estimate:
    over_D, under_D = over_and_under(metric, sums_D_K)
    common = {"metric": metric.name, "label": metric.label, "unit": metric.unit, "better": metric.better}
    if under_D.sum() == 0:
        return Estimate(**common, value=None, note=f"undefined: {metric.undefined}")
    value = float(over_D.sum() / under_D.sum())
    low, high, why_not = ratio_interval(over_D, under_D, counts_B_D)
    note = "; ".join(part for part in (metric.note, f"no interval: {why_not}" if why_not else "") if part)
    return Estimate(**common, value=value, low=low, high=high, note=note, level=metric.level(value))


def _client_talk(scored: Scored) -> str:
    if scored.round is None:
        return "whole dialogue"
    kinds = {span.talk for span in scored.round.client.talk}
    if {"change", "sustain"} <= kinds:
        return "both"
    return "change" if "change" in kinds else "sustain" if "sustain" in kinds else "neutral"


SLICES: dict[str, Callable[[Scored], str]] = {
    "client talk before": _client_talk,
    "stage": lambda scored: scored.dialogue.stage,
    "resistance": lambda scored: scored.dialogue.resistance,
    "area": lambda scored: scored.dialogue.area,
    "topic": lambda scored: scored.dialogue.topic,
}
"""Name → which part a round or dialogue belongs to."""


def slices(rated: Sequence[Scored], table_R_K: "np.ndarray", rates: Rates, draws: int, seed: int) -> Iterable[Slice]:
    """The metrics of what is rated, for each part of each of SLICES."""
    for by, rule in SLICES.items():
        parts = [rule(scored) for scored in rated]
        for part in dict.fromkeys(parts):
            rows = [number for number, other in enumerate(parts) if other == part]
            where = [rated[row].dialogue.id for row in rows]
            yield Slice(
                by=by,
                value=part,
                rates=rates,
                rounds=len(rows),
                dialogues=len(set(where)),
                estimates=estimates(table_R_K[rows], where, draws, seed, METRICS_OF[rates]),
            )
