"""Claims about agreement coefficients: equal to published worked examples, undefined where nothing can be said."""

import numpy as np
import pytest

from mibench.measures.agreement import icc_single, krippendorff_alpha, spread_within

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)


def test_icc_equals_the_example_of_shrout_and_fleiss():
    assert icc_single(SHROUT_FLEISS) == pytest.approx(0.2898, abs=5e-5)  # their table 4: ICC(2,1) = .29


def test_alpha_equals_krippendorffs_own_example():
    # Krippendorff (2011), Computing Krippendorff's alpha-reliability, example C: four observers, twelve units.
    n = np.nan
    units = np.array([
        [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
        [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
    ])  # fmt: skip
    assert krippendorff_alpha(units, "nominal") == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(units) == pytest.approx(0.849, abs=5e-4)


def test_alpha_for_intervals_equals_the_librarys_with_ratings_missing_here_and_there():
    import krippendorff

    rng = np.random.default_rng(0)
    truth = rng.random(60)
    table = np.clip(truth + rng.normal(0, 0.2, (4, 60)), 0, 1) + 1000  # far from zero: nothing may be lost to rounding
    table[rng.random((4, 60)) < 0.3] = np.nan
    theirs = krippendorff.alpha(reliability_data=table, level_of_measurement="interval")
    assert krippendorff_alpha(table) == pytest.approx(theirs, rel=1e-9)


def test_alpha_of_many_replies_with_shares_of_many_digits_needs_little_memory():
    import tracemalloc

    table = np.random.default_rng(0).random((5, 20_000))  # the library would ask for subjects × values²: 1.6 petabytes
    tracemalloc.start()
    assert abs(krippendorff_alpha(table)) < 0.02
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def test_ratings_that_never_vary_have_no_coefficient():
    assert krippendorff_alpha(np.ones((3, 8))) is None
    assert icc_single(np.ones((8, 3))) is None
    assert krippendorff_alpha(np.array([[1.0, np.nan], [np.nan, 2.0]])) is None
    assert icc_single(np.array([[1.0, np.nan], [2.0, 2.0]])) is None


def test_spread_is_the_mean_deviation_within_a_subject():
    table = np.array([[0.0, 1.0], [2.0, 2.0], [5.0, np.nan]])
    assert spread_within(table) == pytest.approx((2**-0.5 + 0) / 2)
    assert spread_within(table[2:]) is None
