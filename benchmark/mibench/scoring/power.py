"""The smallest difference that so many dialogues can show, and how many are needed for a wished one."""

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from mibench.errors import UnknownName, UsageError
from mibench.measures.bootstrap import standard_errors
from mibench.schema import Detectable, Power
from mibench.scoring.compare import HEADLINE
from mibench.scoring.estimates import metrics_for
from mibench.scoring.metrics import COLUMNS, Metric
from mibench.scoring.table import Rows, RunTable
from mibench.scoring.variances import variances

if TYPE_CHECKING:
    import numpy as np


class Plan(NamedTuple):
    """The size of a study; None is as the run has it."""

    dialogues: int | None = None
    rounds: float | None = None
    repeats: int | None = None
    power: float = 0.8
    difference: float | None = None


class _Size(NamedTuple):
    """The same with nothing left open, and the ratings of each reply that the run has."""

    dialogues: int
    rounds: float
    repeats: int
    had: int
    plan: Plan


def power_of(runs: Sequence[tuple[str, RunTable]], plan: Plan, metrics: Sequence[str] | None = None) -> Power:
    """What one run's, or two runs', variances say of a study of the size of `plan`.

    `runs`: (label, table). `metrics`: names; HEADLINE if not given. Raises UsageError for runs that share no rated round,
    UnknownName for a metric that they do not have.
    """
    tables = [table for _, table in runs]
    rates = [kind for kind in tables[0].rates if all(kind in table.rates for table in tables)]
    known = {metric.name: metric for metric in metrics_for(rates)}
    unknown = next((name for name in metrics or () if name not in known), None)
    if unknown:
        raise UnknownName("metric of these runs", unknown, known)
    shared = _shared([table.rows() for table in tables])
    if not shared[0].scored:
        raise UsageError("These runs have no rated round in common.")
    had = max((tally.repeats for bench in tables[0].benches for tally in bench.tallies), default=1)
    replies = [d for d, scored in zip(shared[0].dialogues, shared[0].scored, strict=True) if scored.rates == "reply"]
    size = _Size(
        plan.dialogues or len(set(shared[0].dialogues)),
        plan.rounds or (len(replies) / len(set(replies)) if replies else 1.0),
        plan.repeats or had,
        had,
        plan,
    )
    return Power(
        suite=tables[0].suite.name,
        runs=tuple(label for label, _ in runs),
        dialogues=size.dialogues,
        rounds=size.rounds,
        repeats=size.repeats,
        power=plan.power,
        difference=plan.difference,
        metrics=tuple(
            _detectable(metric, shared, tables, size) for name, metric in known.items() if name in (metrics or HEADLINE)
        ),
    )


def _detectable(metric: Metric, shared: Sequence[Rows], tables: Sequence[RunTable], size: _Size) -> Detectable:
    import numpy as np

    common = {"metric": metric.name, "label": metric.label, "unit": metric.unit, "better": metric.better}
    values = [float(metric.of(_sums(rows))[0]) for rows in shared]
    if np.isnan(values).any():
        return Detectable(**common, value=None, note=f"undefined: {metric.undefined}")
    used = [_of_kind(rows, metric) for rows in shared]
    own = len(set(used[0].dialogues))
    if own < 2:
        return Detectable(**common, value=values[0], note="undefined: variances need at least two dialogues")
    found = variances(metric, used, tables)
    rounds = size.rounds if used[0].scored[0].rates == "reply" else len(used[0].scored) / own
    per_dialogue = found.per_dialogue(rounds, size.had, size.repeats)
    share = own / len(set(shared[0].dialogues))  # a risk does not come up in every dialogue
    dialogues, plan = max(2, round(size.dialogues * share)), size.plan
    as_it_is = found.round is None and bool(plan.rounds or plan.repeats)
    return Detectable(
        **common,
        value=values[0],
        between_dialogues=found.dialogue,
        between_rounds=found.round,
        of_judge=found.judge,
        detectable=_visible(per_dialogue, dialogues, plan.power),
        dialogues_needed=ceil(_needed(per_dialogue, plan.difference, plan.power) / share) if plan.difference else None,
        note="with rounds and ratings as in the run: they cannot be told apart in it" if as_it_is else "",
    )


def _visible(per_dialogue: float, dialogues: int, power: float) -> float:
    return float(standard_errors(dialogues, power) * (per_dialogue / dialogues) ** 0.5)


def _needed(per_dialogue: float, difference: float, power: float) -> int:
    """Fewest dialogues, at least 2, that can show `difference`: doubled until enough, then halved in between."""
    few, enough = 1, 2
    while _visible(per_dialogue, enough, power) > difference:
        few, enough = enough, 2 * enough
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if _visible(per_dialogue, middle, power) <= difference else (middle, enough)
    return enough


def _shared(found: Sequence[Rows]) -> list[Rows]:
    """Every run's rows on the subjects that all have rated, in one order."""
    keys = [[(scored.rates, scored.id) for scored in rows.scored] for rows in found]
    everyone = set.intersection(*map(set, keys))
    picked = []
    for rows, own in zip(found, keys, strict=True):
        place = {key: number for number, key in enumerate(own)}
        picked.append(_taken(rows, [place[key] for key in keys[0] if key in everyone]))
    return picked


def _of_kind(rows: Rows, metric: Metric) -> Rows:
    """The subjects that a metric is about; what is no ratio is about all."""
    if metric.formula is not None:
        return rows
    kind = {"rated_dialogues": "dialogue", "risks": "risk"}.get(metric.under[0], "reply")
    return _taken(rows, [number for number, scored in enumerate(rows.scored) if scored.rates == kind])


def _taken(rows: Rows, places: Sequence[int]) -> Rows:
    return Rows(tuple(rows.scored[n] for n in places), rows.table_S_K[places], tuple(rows.dialogues[n] for n in places))


def _sums(rows: Rows) -> "np.ndarray":
    import numpy as np

    sums_1_K = np.asarray(rows.table_S_K.sum(axis=0, keepdims=True))
    sums_1_K[:, COLUMNS.index("dialogues")] = len(
        {d for d, s in zip(rows.dialogues, rows.scored, strict=True) if s.rates == "reply"}
    )
    return sums_1_K
