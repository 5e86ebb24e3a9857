"""Where the variance of a metric comes from: dialogues, rounds within them, the judge.

A ratio is linearised (Taylor): a round's part is (over − R·under) / mean(under). Its variance is split into that between
dialogues and that between rounds of a dialogue (one-way analysis of variance, unbalanced: Searle, Casella & McCulloch 1992,
§3.6), and, where replies were rated several times, the part of the latter that is the judge's. What is no ratio has the
jackknife pseudo-values of whole dialogues only. Of two runs the parts are differenced first, so that what both find hard
cancels; of one run alone the variance counts twice, as for an unpaired comparison, which is the cautious side.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.bootstrap import draw_counts, resample
from mibench.scoring.estimates import dialogue_sums
from mibench.scoring.metrics import Metric, columns
from mibench.scoring.table import Rows, RunTable
from mibench.scoring.tally import RATED

if TYPE_CHECKING:
    import numpy as np


class Variances(NamedTuple):
    """Of a round's part in a metric; of a dialogue's where `round` is None."""

    dialogue: float
    round: float | None = None
    judge: float | None = None

    def per_dialogue(self, rounds: float, had: int, wished: int) -> float:
        """Variance of a dialogue's mean part with so many rounds and ratings of each; `had`: ratings they come from."""
        if self.round is None:
            return self.dialogue
        judge = self.judge or 0.0
        rest = max(0.0, self.round - judge / had)
        return self.dialogue + (rest + judge / wished) / rounds


def variances(metric: Metric, used: Sequence[Rows], tables: Sequence[RunTable]) -> Variances:
    """Of one run's rows, or of two runs' on the same subjects; at least two dialogues, the metric defined in each run."""
    if metric.formula is not None:
        return Variances(float(_apart([_pseudo(metric, rows) for rows in used]).var(ddof=1)))
    dialogue, within = components(_apart([parts(metric, rows) for rows in used]), used[0].dialogues)
    return Variances(dialogue, within, _judge_variance(metric, used, tables))


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


def parts(metric: Metric, rows: Rows) -> "np.ndarray":
    """Each subject's linearised part in the metric; their mean is 0, or the metric where dialogues are below the line."""
    import numpy as np

    over_S = metric.scale * columns(rows.table_S_K, *metric.over)
    if metric.under == ("dialogues",):
        return np.asarray(over_S * len(over_S) / len(set(rows.dialogues)))
    under_S = columns(rows.table_S_K, *metric.under)
    return np.asarray((over_S - over_S.sum() / under_S.sum() * under_S) / under_S.mean())


def _apart(of_runs: "Sequence[np.ndarray]") -> "np.ndarray":
    return of_runs[0] - of_runs[1] if len(of_runs) == 2 else of_runs[0] * 2**0.5


def _pseudo(metric: Metric, rows: Rows) -> "np.ndarray":
    sums_D_K = dialogue_sums(rows.table_S_K, rows.dialogues)
    return resample(sums_D_K, draw_counts(len(sums_D_K), 1, 0)).values(metric.of).pseudo_D


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
            said_S_R_K = tally.by_repeat([scored.id for scored in rows.scored])
            said_S_R_K = said_S_R_K[(~np.isnan(said_S_R_K[:, :, 0])).sum(axis=1) > 1]
            if not len(said_S_R_K):
                return None
            drawn_S_R = metric.scale * said_S_R_K[:, :, over].sum(axis=2) - ratio * said_S_R_K[:, :, under].sum(axis=2)
            judges.append(float(np.nanvar(drawn_S_R, axis=1, ddof=1).mean()) / per_subject**2)
        of_runs.append(sum(judges) / len(judges) ** 2)
    return sum(of_runs) if len(used) == 2 else 2 * of_runs[0]
