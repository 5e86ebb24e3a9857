"""The smallest difference that so many dialogues can show, and how many are needed for a wished one.

A ratio is linearised (Taylor): a round's part is (over − R·under) / mean(under). Its variance is split into that between
dialogues and that between rounds of a dialogue (one-way analysis of variance, unbalanced: Searle, Casella & McCulloch 1992,
§3.6), and, where replies were rated several times, the part of the latter that is the judge's. Of two runs the parts are
differenced first, so that what both find hard cancels; of one run alone the variance counts twice, as for an unpaired
comparison, which is the cautious side.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.errors import UsageError
from mibench.measures.bootstrap import standard_errors
from mibench.schema import Detectable, Power
from mibench.scoring.estimates import metrics_for
from mibench.scoring.metrics import COLUMNS, Metric, columns
from mibench.scoring.table import Rows, RunTable
from mibench.scoring.tally import RATED

if TYPE_CHECKING:
    import numpy as np


class Plan(NamedTuple):
    """The size of a study; None is as the run has it."""

    dialogues: int | None = None
    rounds: float | None = None
    repeats: int | None = None
    power: float = 0.8
    difference: float | None = None


class Components(NamedTuple):
    """Variances of a round's part in a metric."""

    dialogue: float
    round: float
    judge: float | None


def power_of(runs: Sequence[tuple[str, RunTable]], plan: Plan, metrics: Sequence[str] | None = None) -> Power:
    """What one run's, or two runs', variances say of a study of the size of `plan`.

    `runs`: (label, table). `metrics`: names; all ratios that come from replies or dialogues if not given. Raises UsageError
    for runs that share no rated round.
    """
    tables = [table for _, table in runs]
    rates = [kind for kind in tables[0].rates if all(kind in table.rates for table in tables)]
    known = [metric for metric in metrics_for(rates) if metric.formula is None]
    chosen = [metric for metric in known if not metrics or metric.name in metrics]
    shared = _shared([table.rows() for table in tables])
    if not shared[0].scored:
        raise UsageError("These runs have no rated round in common.")
    repeats = max((tally.repeats for bench in tables[0].benches for tally in bench.tallies), default=1)
    replies = [d for d, scored in zip(shared[0].dialogues, shared[0].scored, strict=True) if scored.rates == "reply"]
    dialogues = plan.dialogues or len(set(shared[0].dialogues))
    rounds = plan.rounds or (len(replies) / len(set(replies)) if replies else 1.0)
    wished = plan._replace(dialogues=dialogues, rounds=rounds, repeats=plan.repeats or repeats)
    return Power(
        suite=tables[0].suite.name,
        runs=tuple(label for label, _ in runs),
        dialogues=dialogues,
        rounds=rounds,
        repeats=plan.repeats or repeats,
        power=plan.power,
        difference=plan.difference,
        metrics=tuple(_detectable(metric, shared, tables, repeats, wished) for metric in chosen),
    )


def _detectable(
    metric: Metric, shared: Sequence[Rows], tables: Sequence[RunTable], repeats: int, plan: Plan
) -> Detectable:
    import numpy as np

    common = {"metric": metric.name, "label": metric.label, "unit": metric.unit, "better": metric.better}
    used = [_of_kind(rows, metric) for rows in shared]
    value = float(metric.of(_sums(shared[0]))[0])
    if any(np.isnan(metric.of(_sums(rows))[0]) for rows in shared) or len(set(used[0].dialogues)) < 2:
        return Detectable(**common, value=None, note=f"undefined: {metric.undefined}")
    parts = [_parts(metric, rows) for rows in used]
    apart_S = parts[0] - parts[1] if len(parts) == 2 else parts[0] * 2**0.5
    dialogue, within = components(apart_S, used[0].dialogues)
    judge = _judge_variance(metric, used, tables)
    rounds = plan.rounds if metric.under != ("rated_dialogues",) else 1.0
    found = Components(dialogue, within, judge)
    per_dialogue = _per_dialogue(found, float(rounds or 1), repeats, plan.repeats or repeats)
    detectable = (
        standard_errors(int(plan.dialogues or 2), plan.power) * (per_dialogue / int(plan.dialogues or 2)) ** 0.5
    )
    return Detectable(
        **common,
        value=value,
        between_dialogues=dialogue,
        between_rounds=within,
        of_judge=judge,
        detectable=detectable,
        dialogues_needed=_needed(per_dialogue, plan) if plan.difference else None,
    )


def components(parts_S: "np.ndarray", dialogues: Sequence[str]) -> tuple[float, float]:
    """(variance between dialogues, within) of rounds' parts; a negative estimate is 0."""
    import numpy as np

    names, place_S = np.unique(np.asarray(dialogues), return_inverse=True)
    sizes_D = np.bincount(place_S).astype(float)
    means_D = np.bincount(place_S, weights=parts_S) / sizes_D
    rounds, count = len(parts_S), len(names)
    within = float(((parts_S - means_D[place_S]) ** 2).sum() / (rounds - count)) if rounds > count else 0.0
    between = float((sizes_D * (means_D - parts_S.mean()) ** 2).sum() / (count - 1))
    usual = (rounds - (sizes_D**2).sum() / rounds) / (count - 1)
    return max(0.0, (between - within) / usual), within


def _per_dialogue(found: Components, rounds: float, had: int, wished: int) -> float:
    """Variance of a dialogue's mean part with so many rounds and ratings."""
    judge = found.judge or 0.0
    rest = max(0.0, found.round - judge / had)
    return found.dialogue + (rest + judge / wished) / rounds


def _needed(per_dialogue: float, plan: Plan) -> int:
    assert plan.difference is not None
    count = 2
    for _ in range(60):  # the factor falls with the number, so a few rounds settle it
        enough = max(2, -int(-(standard_errors(count, plan.power) ** 2 * per_dialogue / plan.difference**2) // 1))
        if enough <= count:
            break
        count = enough
    return count


def _shared(found: Sequence[Rows]) -> list[Rows]:
    keys = [[(scored.rates, scored.id) for scored in rows.scored] for rows in found]
    everyone = set.intersection(*map(set, keys))
    picked = []
    for rows, own in zip(found, keys, strict=True):
        place = {key: number for number, key in enumerate(own)}
        chosen = [place[key] for key in keys[0] if key in everyone]
        picked.append(
            Rows(
                tuple(rows.scored[n] for n in chosen), rows.table_S_K[chosen], tuple(rows.dialogues[n] for n in chosen)
            )
        )
    return picked


def _of_kind(rows: Rows, metric: Metric) -> Rows:
    """The subjects that a metric is about."""
    kind = {"rated_dialogues": "dialogue", "risks": "risk"}.get(metric.under[0], "reply")
    chosen = [number for number, scored in enumerate(rows.scored) if scored.rates == kind]
    return Rows(tuple(rows.scored[n] for n in chosen), rows.table_S_K[chosen], tuple(rows.dialogues[n] for n in chosen))


def _sums(rows: Rows) -> "np.ndarray":
    import numpy as np

    sums_1_K = np.asarray(rows.table_S_K.sum(axis=0, keepdims=True))
    sums_1_K[:, COLUMNS.index("dialogues")] = len(
        {d for d, s in zip(rows.dialogues, rows.scored, strict=True) if s.rates == "reply"}
    )
    return sums_1_K


def _parts(metric: Metric, rows: Rows) -> "np.ndarray":
    """Each subject's linearised part in the metric; the mean is 0, or the metric where nothing is divided by rounds."""
    import numpy as np

    over_S = metric.scale * columns(rows.table_S_K, *metric.over)
    if metric.under == ("dialogues",):
        return np.asarray(over_S * len(over_S) / len(set(rows.dialogues)))
    under_S = columns(rows.table_S_K, *metric.under)
    return np.asarray((over_S - over_S.sum() / under_S.sum() * under_S) / under_S.mean())


def _judge_variance(metric: Metric, used: Sequence[Rows], tables: Sequence[RunTable]) -> float | None:
    """Variance of one rating of a reply around its mean, in the metric's parts; None where replies were rated once."""
    import numpy as np

    of_runs = []
    for rows, table in zip(used, tables, strict=True):
        bench = next(bench for bench in table.benches if bench.rates == rows.scored[0].rates)
        names = RATED[bench.rates]
        over, under = ([names.index(n) for n in cols if n in names] for cols in (metric.over, metric.under))
        whole = metric.under == ("dialogues",)
        below = float(len(rows.scored)) if whole else float(columns(rows.table_S_K, *metric.under).sum())
        ratio = 0.0 if whole else metric.scale * float(columns(rows.table_S_K, *metric.over).sum()) / below
        per_subject = len(set(rows.dialogues)) / len(rows.scored) if whole else below / len(rows.scored)
        judges = []
        for tally in bench.tallies:
            if tally.repeats < 2:
                return None
            said_S_R_K = tally.by_repeat([scored.id for scored in rows.scored])
            drawn_S_R = metric.scale * said_S_R_K[:, :, over].sum(axis=2) - ratio * said_S_R_K[:, :, under].sum(axis=2)
            judges.append(float(np.nanmean(np.nanvar(drawn_S_R, axis=1, ddof=1))) / per_subject**2)
        of_runs.append(sum(judges) / len(judges) ** 2)
    return sum(of_runs) if len(used) == 2 else 2 * of_runs[0]
