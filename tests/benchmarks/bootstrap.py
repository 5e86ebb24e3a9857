"""Speed of the intervals: all metrics of a suite's 445 authored replies, beside scipy on the same statistic: `make bench`.

Not a test; this prints Markdown. Ours gives every metric with its interval, standard error and detectable difference;
scipy's the BCa interval of each ratio. Both resample 40 dialogues 10,000 times, in one process, one after the other.
"""

import time
from statistics import median

import numpy as np
from scipy.stats import bootstrap

from mibench.measures.bootstrap import expanded_tail
from mibench.scoring.estimates import Draws, dialogue_sums, estimates, metrics_for
from mibench.scoring.metrics import COLUMNS, columns
from mibench.suites import load_suite

DRAWS, LIMIT = 10_000, 1.5


def authored():
    """(table, dialogues) of what the suite's author lets the counsellor say."""
    rounds = load_suite("mi_zh").rounds
    table = np.zeros((len(rounds), len(COLUMNS)))
    for number, round_ in enumerate(rounds):
        own = {
            "rounds": 1, "utterances": len(round_.reference.utterances), "characters": len(round_.reference.text),
            **dict.fromkeys(round_.reference.codes, 1),
        }  # fmt: skip
        for column, value in own.items():
            table[number, COLUMNS.index(column)] = value
    return table, [round_.dialogue.id for round_ in rounds]


def seconds(work, repeats):
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def main():
    table, dialogues = authored()
    metrics = metrics_for(("reply",))
    ratios = [metric for metric in metrics if metric.formula is None]
    sums = dialogue_sums(table, dialogues)
    ratios = [metric for metric in ratios if (columns(sums, *metric.over) > 0).any()]

    def scipys():
        found = {}
        for metric in ratios:
            found[metric.name] = bootstrap(
                (metric.scale * columns(sums, *metric.over), columns(sums, *metric.under)),
                lambda over, under, axis: over.sum(axis=axis) / under.sum(axis=axis),
                paired=True, vectorized=True, n_resamples=DRAWS, method="BCa", batch=500,
                confidence_level=1 - 2 * expanded_tail(len(sums)), rng=np.random.default_rng(0),
            ).confidence_interval  # fmt: skip
        return found

    ours = {one.metric: one for one in estimates(table, dialogues, Draws(DRAWS, 0), metrics)}
    theirs = scipys()
    apart = max(
        abs(getattr(ours[name], end) - getattr(theirs[name], end)) / (ours[name].high - ours[name].low)
        for name in theirs
        for end in ("low", "high")
        if ours[name].low is not None and ours[name].high > ours[name].low
    )
    took = seconds(lambda: estimates(table, dialogues, Draws(DRAWS, 0), metrics), 5)
    per_ratio = seconds(lambda: estimates(table, dialogues, Draws(DRAWS, 0), ratios), 5) / len(ratios)
    scipy_took = seconds(scipys, 1)
    print(
        f"\n{len(table)} rounds, {len(sums)} dialogues, {DRAWS:,} draws, {len(metrics)} metrics, {len(ratios)} for scipy"
    )
    print("| what | took | against | ratio |\n|---|---:|---:|---:|")
    print(f"| all metrics | {took:.2f} s | limit {LIMIT:.2f} s | {took / LIMIT:.2f} |")
    print(f"| one ratio | {1000 * per_ratio:.1f} ms | scipy {1000 * scipy_took / len(ratios):.1f} ms | "
          f"{per_ratio * len(ratios) / scipy_took:.3f} |")  # fmt: skip
    print(
        f"\nEnds of intervals differ from scipy's by at most {apart:.1%} of an interval's width (other random draws)."
    )


if __name__ == "__main__":
    main()
