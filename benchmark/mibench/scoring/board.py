"""Runs of one board: each judged subject's numbers, who cannot be told from whom, and the range of each one's rank.

Nothing is read of the suite: a run of an older version of it can stand on a board of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.bootstrap import Values
from mibench.measures.paired import draw_swaps, holm, sign_flip_p
from mibench.records import digest_of
from mibench.schema import Manifest, Rates, Rating, Reply
from mibench.scoring.estimates import Draws, dialogue_sums
from mibench.scoring.metrics import COLUMNS, Metric
from mibench.scoring.tally import JudgeFacts, Tally, numbers_of

if TYPE_CHECKING:
    import numpy as np

CERTAIN = 0.05
"""Adjusted p-value from which two runs are told apart."""


class Sheet(NamedTuple):
    """What the judges of a run rated."""

    subjects: tuple[tuple[Rates, str], ...]
    """(what is rated, round or dialogue id), dialogue by dialogue."""
    dialogues: tuple[str, ...]
    """Each subject's dialogue."""
    table_S_K: "np.ndarray"
    """Array (subjects, COLUMNS); columns of likeness to the reference are 0."""

    def sums(self) -> "np.ndarray":
        """Array (dialogues, COLUMNS) in the order of `dialogues`."""
        return dialogue_sums(self.table_S_K, self.dialogues)

    def on(self, subjects: frozenset[tuple[Rates, str]]) -> "Sheet":
        """The part of it that is about `subjects`."""
        kept = [n for n, subject in enumerate(self.subjects) if subject in subjects]
        return Sheet(
            tuple(self.subjects[n] for n in kept), tuple(self.dialogues[n] for n in kept), self.table_S_K[kept]
        )


class Place(NamedTuple):
    """Where a run stands among those it is ranked with."""

    first: int
    """1 + the number of runs that do better, told from chance."""
    last: int
    """The number of runs less those that do worse, told from chance."""
    group: int
    """From 1: runs of one group cannot be told from the group's first run."""
    anchor: str
    """The group's first run."""


def sheet_of(
    manifest: Manifest, replies: Mapping[str, Reply], ratings: Iterable[Rating], judges: Sequence[tuple[str, Rates]],
    order: Sequence[str] = (),
) -> Sheet:  # fmt: skip
    """The sheet of a run under `judges` (name, what it rates): the mean over its judges on what all of them rated.

    `order`: dialogue ids; those it does not name follow by name. Ratings of another text than the reply's do not count.
    """
    import numpy as np

    digests = {id_: digest_of(reply.text) for id_, reply in replies.items()}
    whole: dict[str, list[str]] = {}
    for id_ in sorted(replies):
        whole.setdefault(id_.rpartition("/")[0], []).append(replies[id_].text)
    digests |= {id_: digest_of(texts) for id_, texts in whole.items()}
    tallies = {manifest.judges[name]: Tally(JudgeFacts(name, rates)) for name, rates in judges}
    for rating in ratings:
        tally = tallies.get(rating.judge_digest)
        if tally and digests.get(rating.subject) == rating.reply_digest:
            tally.take(numbers_of(rating))
    place = {id_: n for n, id_ in enumerate([*order, *sorted(set(whole) - set(order))])}
    subjects: list[tuple[Rates, str]] = []
    tables = []
    for rates in dict.fromkeys(rates for _, rates in judges):
        bench = [tally for tally in tallies.values() if tally.facts.rates == rates]
        rated = set.intersection(*(tally.rated for tally in bench))
        ids = sorted(rated, key=lambda id_: (place.get(_dialogue(id_, rates), len(place)), id_))
        table_S_K = np.mean([tally.rows(ids) for tally in bench], axis=0).reshape(len(ids), len(COLUMNS))
        for column, value in _own_columns(ids, rates, replies):
            table_S_K[:, COLUMNS.index(column)] = value
        subjects += [(rates, id_) for id_ in ids]
        tables.append(table_S_K)
    dialogues = tuple(_dialogue(id_, rates) for rates, id_ in subjects)
    return Sheet(tuple(subjects), dialogues, np.concatenate(tables) if tables else np.zeros((0, len(COLUMNS))))


def _dialogue(subject: str, rates: Rates) -> str:
    return subject if rates == "dialogue" else subject.rpartition("/")[0]


def _own_columns(ids: Sequence[str], rates: Rates, replies: Mapping[str, Reply]) -> list[tuple[str, object]]:
    """What a subject contributes whoever rates it, as in `rows.text_row` but for the likeness to the reference."""
    if rates == "dialogue":
        return [("rated_dialogues", 1)]
    if rates == "risk":
        return [("risks", 1)]
    return [("rounds", 1), ("characters", [len(replies[id_].text.strip()) for id_ in ids])]


def places(sheets: Mapping[str, Sheet], metric: Metric, how: Draws) -> dict[str, Place]:
    """Each run's place, best run first; runs in which `metric` is undefined have none.

    Pairs are tested on what both have rated: signs of the dialogues' contributions to the difference are flipped. For each
    run its comparisons with all others are one family, adjusted by Holm, so that the range holds its rank in 95 of 100
    boards (a marginal confidence set: Mogstad, Romano, Shaikh & Wilhelm 2024, Review of Economic Studies 91).
    """
    import numpy as np

    whole = {id_: float(metric.of(sheet.sums().sum(axis=0, keepdims=True))[0]) for id_, sheet in sheets.items()}
    up = 1 if metric.better != "lower" else -1
    ranked = sorted((id_ for id_ in sheets if not np.isnan(whole[id_])), key=lambda id_: (-up * whole[id_], id_))
    p_N_N, apart_N_N = _pairs([sheets[id_] for id_ in ranked], metric, how)
    real = np.zeros(p_N_N.shape, dtype=bool)
    for n in range(len(ranked)):
        others = [m for m in range(len(ranked)) if m != n]
        adjusted = holm([None if np.isnan(p_N_N[n, m]) else float(p_N_N[n, m]) for m in others])
        real[n, others] = [p is not None and p <= CERTAIN for p in adjusted]
    found: dict[str, Place] = {}
    group, anchor = 0, 0
    for n, id_ in enumerate(ranked):
        if n == 0 or real[anchor, n]:
            group, anchor = group + 1, n
        better = int((real[n] & (up * apart_N_N[n] < 0)).sum())
        worse = int((real[n] & (up * apart_N_N[n] > 0)).sum())
        found[id_] = Place(1 + better, len(ranked) - worse, group, ranked[anchor])
    return found


def _pairs(sheets: Sequence[Sheet], metric: Metric, how: Draws) -> tuple["np.ndarray", "np.ndarray"]:
    """Arrays (runs, runs): p-values of the difference of each pair, and the difference, row less column."""
    import numpy as np

    p_N_N, apart_N_N = np.full((len(sheets), len(sheets)), np.nan), np.zeros((len(sheets), len(sheets)))
    alike: dict[frozenset[tuple[Rates, str]], list[int]] = {}
    for n, sheet in enumerate(sheets):
        alike.setdefault(frozenset(sheet.subjects), []).append(n)
    kinds = list(alike)
    for one, other in [*((kind, kind) for kind in kinds), *combinations(kinds, 2)]:
        members = alike[one] if one is other else [*alike[one], *alike[other]]
        shared = one & other
        if not shared or (one is other and len(members) < 2):
            continue
        values = [_values(sheets[n].on(shared), metric) for n in members]
        pairs = [
            (a, b) for a, b in combinations(range(len(members)), 2)
            if one is other or (members[a] in alike[one]) != (members[b] in alike[one])
        ]  # fmt: skip
        pseudo_N_D = np.stack([value.pseudo_D for value in values])
        swaps_P_D = draw_swaps(pseudo_N_D.shape[1], *how)
        for (a, b), p in zip(pairs, sign_flip_p(pseudo_N_D, pairs, swaps_P_D), strict=True):
            n, m = members[a], members[b]
            p_N_N[n, m] = p_N_N[m, n] = p
            apart_N_N[n, m] = values[a].whole - values[b].whole
            apart_N_N[m, n] = -apart_N_N[n, m]
    return p_N_N, np.nan_to_num(apart_N_N)


def _values(sheet: Sheet, metric: Metric) -> Values:
    sums_D_K = sheet.sums()
    whole_1_K = sums_D_K.sum(axis=0, keepdims=True)
    left_out_D = metric.of(whole_1_K - sums_D_K)
    return Values(float(metric.of(whole_1_K)[0]), left_out_D, left_out_D)
