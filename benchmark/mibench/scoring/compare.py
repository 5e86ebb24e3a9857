"""Which differences between runs are real: paired by round, resampled and swapped by dialogue, adjusted for each other."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from mibench.errors import UnknownName, UsageError
from mibench.measures.bootstrap import Resamples, draw_counts, interval, resample
from mibench.measures.paired import draw_swaps, effect_size, holm, permutation_p
from mibench.schema import Calibrated, Comparison, Difference, Rates, Side, Ties
from mibench.scoring.estimates import Draws, dialogue_sums, metrics_for
from mibench.scoring.length import equal_length
from mibench.scoring.metrics import Metric
from mibench.scoring.table import Rows
from mibench.scoring.weights import signs_held

if TYPE_CHECKING:
    import numpy as np

HEADLINE = (
    "proficiency", "technical", "relational", "r_to_q", "percent_cr", "mia_per_100", "mina_per_100",
    "cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy",
    "noticed", "responded", "directed", "worsened",
)  # fmt: skip
"""What is compared unless the user names metrics: the fewer questions, the less each answer must be adjusted."""

ALL = "all"
"""The name that means every metric."""


class Contender(NamedTuple):
    """A run to be compared, or the runs of one model on several suites together."""

    side: Side
    suite: str
    rates: tuple[Rates, ...]
    rows: Rows
    calibrated: Calibrated | None = None


class _Paired(NamedTuple):
    """One run's numbers on the shared rounds."""

    label: str
    rows_S_K: "np.ndarray"
    sums_D_K: "np.ndarray"
    resamples: Resamples
    calibrated: Calibrated | None


def compare(
    contenders: Sequence[Contender],
    metrics: Sequence[str] | None = None,
    *,
    how: Draws,
    unequal: Sequence[str] = (),
    on_pair: Callable[[int, int], None] = lambda *_: None,
) -> Comparison:
    """Each run against each on the rounds all have rated, with 95 % intervals, p-values and groups of ties.

    `metrics`: names, or ALL; HEADLINE if not given. Raises UsageError where there is nothing to compare.
    """
    rates = [kind for kind in contenders[0].rates if all(kind in c.rates for c in contenders)]
    chosen = _chosen(rates, metrics)
    paired, dialogues, left_out = _shared(contenders, rates, how)
    swaps_P_D = draw_swaps(len(paired[0].sums_D_K), how.draws, how.seed)
    differences: list[Difference] = []
    pairs = list(combinations(paired, 2))
    for number, (one, other) in enumerate(pairs):
        differences += (_difference(metric, one, other, dialogues, swaps_P_D, how) for metric in chosen)
        on_pair(number + 1, len(pairs))
    adjusted = holm([difference.p for difference in differences])
    differences = [
        difference.model_copy(update={"p_holm": p}) for difference, p in zip(differences, adjusted, strict=True)
    ]
    return Comparison(
        suite=" + ".join(dict.fromkeys(c.suite for c in contenders)),
        sides=tuple(contender.side for contender in contenders),
        rounds=len(dialogues),
        dialogues=len(paired[0].sums_D_K),
        left_out=left_out,
        differences=tuple(differences),
        ties=tuple(_ties(metric, paired, differences) for metric in chosen if metric.better != "neither"),
        weights_hold=dict(_weights(pairs, rates)) if "reply" in rates else {},
        unequal=tuple(unequal),
        draws=how.draws,
        seed=how.seed,
    )


def _chosen(rates: Sequence[Rates], metrics: Sequence[str] | None) -> list[Metric]:
    known = {metric.name: metric for metric in metrics_for(rates)}
    if not known:
        raise UsageError("The judges of these runs rate different things (replies, risks, whole dialogues).")
    unknown = next((name for name in metrics or () if name not in (*known, ALL)), None)
    if unknown:
        raise UnknownName("metric of these runs", unknown, known)
    names = known if metrics and ALL in metrics else metrics or HEADLINE
    return [known[name] for name in names if name in known]


def _shared(contenders: Sequence[Contender], rates: Sequence[str], how: Draws) -> tuple[list[_Paired], list[str], int]:
    """Every run's rows on the subjects that all have rated, in one order; their dialogues; how many are left out."""
    found = [contender.rows for contender in contenders]
    places = [
        {(scored.rates, scored.id): n for n, scored in enumerate(rows.scored) if scored.rates in rates}
        for rows in found
    ]
    everyone = set.intersection(*(set(place) for place in places))
    anyone = set.union(*(set(place) for place in places))
    if not everyone:
        raise UsageError("These runs have no rated round in common.")
    order = [key for key in places[0] if key in everyone]
    dialogues = [found[0].dialogues[places[0][key]] for key in order]
    counts_B_D = draw_counts(len(dict.fromkeys(dialogues)), *how)
    paired = []
    for contender, rows, place in zip(contenders, found, places, strict=True):
        rows_S_K = rows.table_S_K[[place[key] for key in order]]
        sums_D_K = dialogue_sums(rows_S_K, dialogues)
        resamples = resample(sums_D_K, counts_B_D)
        paired.append(_Paired(contender.side.label, rows_S_K, sums_D_K, resamples, contender.calibrated))
    return paired, dialogues, len(anyone - everyone)


def _difference(
    metric: Metric, one: _Paired, other: _Paired, dialogues: Sequence[str], swaps_P_D: "np.ndarray", how: Draws
) -> Difference:
    import numpy as np

    first, second = one.resamples.values(metric.of), other.resamples.values(metric.of)
    apart = first.minus(second)
    common = {
        "metric": metric.name, "label": metric.label, "unit": metric.unit, "better": metric.better,
        "first": one.label, "second": other.label,
        "first_value": None if np.isnan(first.whole) else first.whole,
        "second_value": None if np.isnan(second.whole) else second.whole,
    }  # fmt: skip
    if np.isnan(apart.whole):
        return Difference(**common, difference=None, note=f"undefined: {metric.undefined}")
    low, high, why_not = interval(apart)
    adjusted = equal_length(metric, one.rows_S_K, other.rows_S_K, dialogues, how)
    p = permutation_p(metric.of, one.sums_D_K, other.sums_D_K, swaps_P_D)
    notes = [f"no interval: {why_not}"] if why_not else []
    if p is None:
        notes.append("no p-value: too few rounds with what the ratio divides by")
    if adjusted is not None and adjusted.value * apart.whole < 0 and (adjusted.excludes_zero or _excludes(low, high)):
        notes.append("the sign turns when replies of equal length are compared")
    return Difference(
        **common,
        difference=apart.whole,
        low=low,
        high=high,
        p=p,
        effect=effect_size(apart),
        at_equal_length=adjusted.value if adjusted else None,
        at_equal_length_low=adjusted.low if adjusted else None,
        at_equal_length_high=adjusted.high if adjusted else None,
        **_corrected(metric.name, one.calibrated, other.calibrated),
        note="; ".join(notes),
    )


def _corrected(metric: str, one: Calibrated | None, other: Calibrated | None) -> dict[str, float]:
    """Difference of the corrected scores, its interval from theirs (MOVER: Zou & Donner 2008, Statistics in Medicine 27).

    The two are taken as independent; on the same dialogues they are not, so the interval is rather too wide.
    """
    if one is None or other is None or not {metric} <= one.metrics & other.metrics:
        return {}
    a, b = one[metric].corrected, other[metric].corrected
    if a.value is None or b.value is None:
        return {}
    found = {"corrected": a.value - b.value}
    if a.low is not None and a.high is not None and b.low is not None and b.high is not None:
        found["corrected_low"] = found["corrected"] - math.hypot(a.value - a.low, b.high - b.value)
        found["corrected_high"] = found["corrected"] + math.hypot(a.high - a.value, b.value - b.low)
    return found


def _excludes(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low * high > 0


def _ties(metric: Metric, paired: Sequence[_Paired], differences: Sequence[Difference]) -> Ties:
    """Groups from the best run down: a run joins the group while it cannot be told from the group's first run."""
    import numpy as np

    real = {frozenset((d.first, d.second)) for d in differences if d.metric == metric.name and d.real}
    values = {run.label: run.resamples.values(metric.of).whole for run in paired}
    known = [label for label in values if not np.isnan(values[label])]
    ranked = sorted(known, key=lambda label: values[label], reverse=metric.better == "higher")
    groups: list[list[str]] = []
    for label in ranked:
        if groups and frozenset((groups[-1][0], label)) not in real:
            groups[-1].append(label)
        else:
            groups.append([label])
    return Ties(metric=metric.name, groups=tuple(tuple(group) for group in groups))


def _weights(pairs: Sequence[tuple[_Paired, _Paired]], rates: Sequence[str]) -> Iterator[tuple[str, float]]:
    for one, other in pairs:
        held = signs_held(one.resamples.whole_1_K, other.resamples.whole_1_K, rates)
        if held is not None:
            yield f"{one.label} − {other.label}", held
