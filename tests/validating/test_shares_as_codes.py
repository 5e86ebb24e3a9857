"""Claims about shares of coders read as codes given or not."""

import pytest

from mibench.validating.agreement import given_codes


@pytest.mark.parametrize(
    ("counts", "given"),
    [
        ({"SR": 0.3, "CR": 0.4, "Q": 0.5}, {"CR", "Q"}),
        ({"SR": 0.45, "CR": 0.45}, {"SR"}),
        ({"SR": 0.2, "CR": 0.2, "GI": 0.49}, set()),
        ({"SR": 0.6, "CR": 0.3}, {"SR"}),
        ({"PwP": 0.3, "Persuade": 0.3}, {"Persuade"}),
    ],
)
def test_of_two_codes_that_exclude_each_other_the_likelier_is_given(counts, given):
    assert given_codes(counts) == given
