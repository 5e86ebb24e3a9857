"""Claims about a board: who can be told from whom, and what a row's range of ranks promises."""

import numpy as np
import pytest

from mibench.scoring import Draws
from mibench.scoring.board import Sheet, places, sheet_of
from mibench.scoring.metrics import BY_NAME, COLUMNS
from mibench.scoring.score import score_run
from mibench.scoring.tally import JudgeFacts

HOW = Draws(2000, 0)
DIALOGUES, ROUNDS = 40, 10
CR = BY_NAME["percent_cr"]


def sheet(rng, share, *, without=()):
    """A run whose replies each hold one reflection, complex with the given probability, which differs between dialogues."""
    subjects = [("reply", f"zh-made-{d:02d}/{r:02d}") for d in range(DIALOGUES) for r in range(ROUNDS)]
    kept = [n for n, (_, id_) in enumerate(subjects) if id_ not in without]
    table = np.zeros((len(subjects), len(COLUMNS)))
    each = np.repeat(np.clip(share + rng.normal(0, 0.1, DIALOGUES), 0, 1), ROUNDS)
    complex_ = rng.random(len(subjects)) < each
    table[:, COLUMNS.index("CR")], table[:, COLUMNS.index("SR")] = complex_, ~complex_
    table[:, COLUMNS.index("rounds")] = 1
    return Sheet(tuple(subjects[n] for n in kept), tuple(subjects[n][1][:10] for n in kept), table[kept])


def test_clear_differences_are_ranked_and_what_cannot_be_told_apart_is_tied():
    rng = np.random.default_rng(0)
    found = places(
        {"best": sheet(rng, 0.8), "a": sheet(rng, 0.5), "b": sheet(rng, 0.5), "last": sheet(rng, 0.1)}, CR, HOW
    )
    assert next(iter(found)) == "best"
    assert (found["best"].first, found["best"].last, found["best"].group) == (1, 1, 1)
    assert {(found[x].first, found[x].last, found[x].group) for x in "ab"} == {(2, 3, 2)}
    assert found["a"].anchor == found["b"].anchor in {"a", "b"}
    assert (found["last"].first, found["last"].last, found["last"].group) == (4, 4, 3)


def test_the_range_holds_the_true_rank_in_95_of_100_boards():
    rng = np.random.default_rng(1)
    shares = {"a": 0.58, "b": 0.5, "c": 0.48, "d": 0.4, "e": 0.32}
    held = dict.fromkeys(shares, 0)
    boards = 200
    for _ in range(boards):
        found = places({name: sheet(rng, share) for name, share in shares.items()}, CR, Draws(400, 0))
        for rank, name in enumerate(shares, 1):
            held[name] += found[name].first <= rank <= found[name].last
    assert min(held.values()) >= 0.93 * boards


def test_runs_are_held_against_each_other_on_what_both_have_rated():
    easy = {f"zh-made-{d:02d}/{r:02d}" for d in range(DIALOGUES) for r in range(5)}
    whole = sheet(np.random.default_rng(2), 0.5)
    table = whole.table_S_K.copy()
    for n, (_, id_) in enumerate(
        whole.subjects
    ):  # the half that the other has not rated is full of complex reflections
        if id_ in easy:
            table[n, COLUMNS.index("CR")], table[n, COLUMNS.index("SR")] = 1, 0
    found = places({"helped": whole._replace(table_S_K=table), "same": whole.on(frozenset(s for s in whole.subjects if s[1] not in easy))}, CR, HOW)  # fmt: skip
    assert found["helped"].group == found["same"].group == 1


def test_a_sheet_comes_to_the_numbers_that_scoring_gives(small_run):
    folder, suite = small_run()
    name = next(iter(folder.manifest().judges))
    scores = score_run(folder, suite, [JudgeFacts(name, "reply")], draws=200)
    found = sheet_of(folder.manifest(), folder.replies(), folder.ratings(), [(name, "reply")])
    whole = found.sums().sum(axis=0, keepdims=True)
    for metric in ("percent_cr", "r_to_q", "mia_per_dialogue", "characters", "utterances_per_reply"):
        assert float(BY_NAME[metric].of(whole)[0]) == pytest.approx(scores[metric].value)
