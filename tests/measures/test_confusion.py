"""Claims about agreement from tables: equal to scikit-learn, krippendorff, scipy and published worked examples."""

import numpy as np
import pytest
from scipy.stats import pearsonr
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support, roc_auc_score

from mibench.measures.agreement import fleiss_kappa, icc_single, krippendorff_alpha, quadratic_kappa
from mibench.measures.bootstrap import draw_counts
from mibench.measures.confusion import alpha_of, alpha_sums, cells_of, f1_of, kappa_of, precision_of, recall_of
from mibench.measures.moments import bias_of, icc_of, moments, pearson_of
from mibench.measures.ranking import auc

RNG = np.random.default_rng(5)
FLEISS = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
"""Fleiss (1971), table 1: 30 patients, six psychiatrists, five diagnoses."""


def total(cells):
    return cells.sum(axis=0, keepdims=True)


def test_fleiss_kappa_equals_the_example_of_fleiss():
    table = np.array([[int(cell) for cell in row] for row in FLEISS.split()], dtype=float)
    assert table.sum(axis=0).tolist() == [26, 26, 30, 55, 43]
    assert fleiss_kappa(table) == pytest.approx(0.430, abs=5e-4)


def test_fleiss_kappa_is_undefined_for_uneven_panels_and_for_one_class_throughout():
    assert fleiss_kappa(np.array([[2.0, 0], [2, 1]])) is None
    assert fleiss_kappa(np.array([[3.0, 0], [3, 0]])) is None
    assert fleiss_kappa(np.zeros((0, 2))) is None


@pytest.mark.parametrize("classes", [2, 4])
def test_kappa_equals_scikit_learns(classes):
    one, other = RNG.integers(0, classes, (2, 90)).astype(float)
    other = np.where(RNG.random(90) < 0.5, one, other)
    found = kappa_of(total(cells_of(one, other, classes)))[0]
    assert found == pytest.approx(cohen_kappa_score(one, other))


def test_precision_recall_and_f1_equal_scikit_learns():
    truth, given = RNG.integers(0, 2, (2, 70)).astype(float)
    cells = total(cells_of(truth, given))
    expected = precision_recall_fscore_support(truth, given, average="binary")[:3]
    assert [f(cells)[0] for f in (precision_of, recall_of, f1_of)] == pytest.approx(expected)


def test_kappa_of_two_that_never_vary_is_undefined_and_of_one_that_never_varies_is_0():
    same = np.ones(20)
    assert np.isnan(kappa_of(total(cells_of(same, same)))[0])
    assert kappa_of(total(cells_of(np.arange(20.0) % 2, same)))[0] == 0


def test_what_either_leaves_open_is_in_no_cell():
    assert cells_of(np.array([1, np.nan, 0]), np.array([1, 1, np.nan])).sum() == 1


def test_alpha_from_sums_equals_krippendorffs():
    votes = RNG.integers(0, 2, (5, 60)).astype(float)
    votes[RNG.random(votes.shape) < 0.4] = np.nan
    assert alpha_of(total(alpha_sums(votes)))[0] == pytest.approx(krippendorff_alpha(votes, "nominal"))


def test_quadratic_kappa_equals_scikit_learns_and_is_undefined_where_nothing_varies():
    one, other = RNG.integers(1, 6, (2, 40))
    expected = cohen_kappa_score(one, other, weights="quadratic", labels=[1, 2, 3, 4, 5])
    assert quadratic_kappa(one, other) == pytest.approx(expected)
    assert quadratic_kappa(np.array([3, 3]), np.array([3, 3])) is None


def test_r_icc_and_bias_from_sums_equal_those_from_the_ratings():
    x = RNG.normal(50, 10, 40)
    y = x + RNG.normal(3, 6, 40)
    sums = total(moments(x - 50, y - 50))
    assert pearson_of(sums)[0] == pytest.approx(pearsonr(x, y).statistic)
    assert icc_of(sums)[0] == pytest.approx(icc_single(np.stack([x, y], axis=1)))
    assert bias_of(sums)[0] == pytest.approx((x - y).mean())


def test_r_with_a_constant_is_undefined_whatever_rounding_leaves():
    y = RNG.random(81)
    assert np.isnan(pearson_of(total(moments(np.full(81, 1.0) - y.mean(), y - y.mean())))[0])
    assert np.isnan(pearson_of(total(moments(y[:2], y[:2])))[0])


def test_auc_equals_scikit_learns_over_all_and_over_a_resample():
    values = RNG.integers(0, 9, 50).astype(float)
    high = RNG.random(50) < 0.6
    group = np.arange(50) % 20
    counts = draw_counts(20, 30, 1)
    found = auc(values, high, group, counts)
    assert found.whole == pytest.approx(roc_auc_score(high, values))
    drawn = np.repeat(np.arange(50), counts[3].astype(int)[group])
    assert found.drawn_B[3] == pytest.approx(roc_auc_score(high[drawn], values[drawn]))
    left = group != 7
    assert found.left_out_D[7] == pytest.approx(roc_auc_score(high[left], values[left]))
