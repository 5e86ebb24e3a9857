"""Claims about the intervals: equal to scipy's, and holding their coverage."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from mibench.measures.bootstrap import (
    draw_counts,
    expanded_tail,
    ratio_interval,
    ratio_of,
    resample,
    standard_error,
)


def test_the_bca_interval_equals_scipys_on_the_same_clusters():
    rng = np.random.default_rng(1)
    over, under = rng.poisson(6, 40).astype(float), rng.poisson(4, 40).astype(float) + 1
    theirs = bootstrap(
        (over, under), lambda o, u, axis: o.sum(axis=axis) / u.sum(axis=axis), paired=True, vectorized=True,
        n_resamples=20_000, method="BCa", rng=np.random.default_rng(2), batch=2000,
        confidence_level=1 - 2 * expanded_tail(40),
    ).confidence_interval  # fmt: skip
    ours = ratio_interval(over, under, draw_counts(40, 20_000, 3))
    assert ours.low == pytest.approx(theirs.low, rel=0.01)
    assert ours.high == pytest.approx(theirs.high, rel=0.01)


def test_the_same_seed_gives_the_same_interval_and_another_seed_nearly_so():
    over, under = np.arange(20.0), np.arange(20.0) + 5
    first = ratio_interval(over, under, draw_counts(20, 4000, 7))
    assert first == ratio_interval(over, under, draw_counts(20, 4000, 7))
    assert first.low == pytest.approx(ratio_interval(over, under, draw_counts(20, 4000, 8)).low, rel=0.05)


@pytest.mark.parametrize("kind", ["ratio", "skewed", "zero-inflated"])
def test_a_95_percent_interval_holds_the_truth_in_93_to_97_of_100_worlds(kind):
    # 40 dialogues of 8–14 rounds whose rates differ by dialogue; 2,000 worlds give ±1 point of simulation error.
    rng = np.random.default_rng({"ratio": 11, "skewed": 12, "zero-inflated": 13}[kind])
    counts = draw_counts(40, 1000, 5)
    held = 0
    for _ in range(2000):
        rounds = rng.integers(8, 15, 40)
        if kind == "ratio":
            warmth = rng.beta(8, 8, 40)
            over, under, truth = rng.binomial(rounds, warmth), rng.binomial(rounds, 0.4), 0.5 / 0.4
        elif kind == "skewed":
            over, under, truth = rng.binomial(rounds, rng.beta(1, 4, 40)), rounds, 0.2
        else:
            over, under, truth = rng.binomial(rounds, rng.binomial(1, 0.4, 40) * 0.25), rounds, 0.1
        low, high, _ = ratio_interval(over.astype(float), under.astype(float), counts)
        held += low <= truth <= high
    assert 0.93 <= held / 2000 <= 0.97


def test_rounds_of_one_dialogue_do_not_count_as_independent():
    # Forty copies of one round in a dialogue say no more than one: the interval must not shrink.
    over, under = np.array([0.0, 1, 1, 0, 1, 0, 1, 1]), np.ones(8)
    counts = draw_counts(8, 4000, 1)
    one, forty = ratio_interval(over, under, counts), ratio_interval(over * 40, under * 40, counts)
    assert one == pytest.approx(forty)


@pytest.mark.parametrize(
    ("over", "under", "said"),
    [
        ([1.0], [2.0], "at least two dialogues"),
        ([1.0, 2.0, 1.0], [0.0, 0.0, 1.0], "too few rounds with what the ratio divides by"),
        ([1.0, 1.0], [0.0, 0.0], "undefined"),
    ],
)
def test_where_there_is_no_interval_the_reason_is_said(over, under, said):
    low, high, why = ratio_interval(np.array(over), np.array(under), draw_counts(len(over), 500, 0))
    assert (low, high) == (None, None)
    assert said in why


def test_a_statistic_that_cannot_vary_has_a_point_for_an_interval():
    assert ratio_interval(np.zeros(10), np.ones(10), draw_counts(10, 500, 0))[:2] == (0.0, 0.0)


def test_the_standard_error_of_a_mean_is_the_textbooks_and_that_of_a_ratio_is_the_jackknifes():
    rng = np.random.default_rng(4)
    over, under = rng.poisson(6, 30).astype(float), rng.poisson(4, 30) + 1.0
    counts = draw_counts(30, 100, 0)
    mean = resample(np.stack([over, np.ones(30)], axis=1), counts).values(lambda s: ratio_of(s[:, 0], s[:, 1]))
    assert standard_error(mean) == pytest.approx(over.std(ddof=1) / 30**0.5)
    ratio = resample(np.stack([over, under], axis=1), counts).values(lambda s: ratio_of(s[:, 0], s[:, 1]))
    left_out = (over.sum() - over) / (under.sum() - under)
    assert standard_error(ratio) == pytest.approx((29 / 30 * ((left_out - left_out.mean()) ** 2).sum()) ** 0.5)
    assert standard_error(resample(np.ones((1, 2)), np.ones((5, 1))).values(lambda s: s[:, 0])) is None
