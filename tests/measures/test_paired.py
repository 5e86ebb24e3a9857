"""Claims about paired differences: equal to scipy's on the same data, and honest when there is no difference."""

import numpy as np
import pytest
from scipy.stats import bootstrap, permutation_test

from mibench.measures.bootstrap import Values, draw_counts, expanded_tail, interval, ratio_of, resample
from mibench.measures.paired import draw_swaps, effect_size, holm, permutation_p, sign_flip_p


def ratio(sums):
    return ratio_of(sums[:, 0], sums[:, 1])


def difference_of(one, other, counts):
    return resample(one, counts).values(ratio).minus(resample(other, counts).values(ratio))


def made(rng, dialogues=40, kind="counts", shift=0.0):
    """Two runs on the same dialogues; without `shift` they differ by chance only."""
    rounds = rng.integers(8, 15, dialogues)
    shared = {"counts": rng.beta(4, 6, dialogues), "rare": rng.binomial(1, 0.3, dialogues) * 0.25}[kind]

    def run(extra):
        over = rng.binomial(rounds, np.clip(shared + extra, 0, 1))
        return np.stack([over, rng.binomial(rounds, 0.5) + 1], axis=1).astype(float)

    return run(shift), run(0.0)


def difference(o1, u1, o2, u2, axis):
    return o1.sum(axis=axis) / u1.sum(axis=axis) - o2.sum(axis=axis) / u2.sum(axis=axis)


def test_the_interval_of_a_difference_equals_scipys_paired_bca():
    one, other = made(np.random.default_rng(3), shift=0.1)
    theirs = bootstrap(
        (*one.T, *other.T), difference, paired=True, vectorized=True, n_resamples=20_000, method="BCa", batch=2000,
        confidence_level=1 - 2 * expanded_tail(40), rng=np.random.default_rng(1),
    ).confidence_interval  # fmt: skip
    ours = interval(difference_of(one, other, draw_counts(40, 20_000, 2)))
    assert ours.low == pytest.approx(theirs.low, abs=0.01)
    assert ours.high == pytest.approx(theirs.high, abs=0.01)


def test_the_p_value_equals_scipys_over_all_arrangements():
    one, other = made(np.random.default_rng(5), dialogues=9, shift=0.15)

    def statistic(first, second, axis):  # each entry is a dialogue; scipy swaps whole entries
        pairs = np.stack([one[:, 0], other[:, 0]]), np.stack([one[:, 1], other[:, 1]])
        column = np.arange(9)

        def of(rows):
            rows = np.moveaxis(rows.astype(int), axis, -1)
            return pairs[0][rows, column].sum(-1) / pairs[1][rows, column].sum(-1)

        return of(first) - of(second)

    theirs = permutation_test(
        (np.zeros(9), np.ones(9)), statistic, permutation_type="samples", n_resamples=np.inf, vectorized=True,
        alternative="two-sided",
    ).pvalue  # fmt: skip
    ours = permutation_p(ratio, one, other, draw_swaps(9, 10_000, 0))
    assert ours == pytest.approx((theirs * 512 + 1) / 513)  # ours counts the observed arrangement once more


@pytest.mark.parametrize("kind", ["counts", "rare"])
def test_equal_runs_are_found_different_in_at_most_5_of_100_worlds(kind):
    rng = np.random.default_rng(8)
    swaps = draw_swaps(40, 999, 4)
    found = [permutation_p(ratio, *made(rng, kind=kind), swaps) for _ in range(2000)]
    share = np.mean([p is not None and p <= 0.05 for p in found])
    assert share <= 0.055


def test_holm_keeps_false_findings_over_a_family_at_5_of_100():
    rng = np.random.default_rng(9)
    swaps = draw_swaps(40, 999, 4)
    worlds = [[permutation_p(ratio, *made(rng), swaps) for _ in range(6)] for _ in range(400)]
    share = np.mean([min(p for p in holm(family) if p is not None) <= 0.05 for family in worlds])
    assert share <= 0.05 + 2 * (0.05 * 0.95 / 400) ** 0.5


def test_a_real_difference_is_found():
    one, other = made(np.random.default_rng(2), shift=0.2)
    assert permutation_p(ratio, one, other, draw_swaps(40, 9999, 1)) < 0.001
    assert interval(difference_of(one, other, draw_counts(40, 2000, 2))).low > 0
    assert effect_size(difference_of(one, other, draw_counts(40, 200, 2))) > 0.5


def test_holm_equals_the_worked_example():
    # Holm (1979): ordered p-values times m, m − 1, …, never falling.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.01, None, 0.6]) == [0.02, None, 0.6]


def test_a_run_against_itself_differs_by_exactly_nothing():
    one, _ = made(np.random.default_rng(1))
    assert permutation_p(ratio, one, one, draw_swaps(40, 999, 0)) == 1
    assert interval(difference_of(one, one, draw_counts(40, 500, 0)))[:2] == (0.0, 0.0)
    assert effect_size(difference_of(one, one, draw_counts(40, 200, 2))) is None


def test_a_ratio_without_denominator_has_neither_p_value_nor_interval():
    one, _ = made(np.random.default_rng(1))
    none = one * [1, 0]
    assert permutation_p(ratio, one, none, draw_swaps(40, 999, 0)) is None
    assert interval(difference_of(one, none, draw_counts(40, 500, 0))).low is None


def pseudo(sums):
    whole = sums.sum(axis=0, keepdims=True)
    return Values(float(ratio(whole)[0]), ratio(sums), ratio(whole - sums)).pseudo_D


def test_flipped_signs_give_the_p_value_of_swapped_dialogues_to_first_order():
    rng = np.random.default_rng(11)
    swaps = draw_swaps(40, 10_000, 0)
    runs = [made(rng, shift=shift) for shift in np.linspace(0, 0.12, 25)]
    exact = np.array([permutation_p(ratio, one, other, swaps) for one, other in runs])
    quick = np.array([sign_flip_p(np.stack([pseudo(one), pseudo(other)]), [(0, 1)], swaps)[0] for one, other in runs])
    assert np.abs(exact - quick).max() < 0.02
    assert (exact <= 0.05).sum() not in {0, len(runs)}


def test_flipped_signs_find_a_difference_that_is_none_as_often_as_they_say():
    rng = np.random.default_rng(12)
    swaps = draw_swaps(40, 2000, 0)
    found = [sign_flip_p(np.stack([pseudo(run) for run in made(rng)]), [(0, 1)], swaps)[0] <= 0.05 for _ in range(1000)]
    assert 0.03 <= np.mean(found) <= 0.07


def test_an_undefined_run_has_no_p_value_and_takes_none_from_others():
    values = np.array([[1.0, 2.0, 3.0], [np.nan, 1.0, 1.0], [0.0, 0.5, 0.2]])
    found = sign_flip_p(values, [(0, 1), (0, 2)], draw_swaps(3, 100, 0))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(3 / 9)
