"""Claims about MITI's summary scores, worked by hand from the manual's formulas (section G)."""

import numpy as np
import pytest

from mibench.scoring import METRICS
from mibench.scoring.estimates import Draws, estimates
from mibench.scoring.metrics import COLUMNS

BY_NAME = {metric.name: metric for metric in METRICS}


def table(*rows):
    """Rounds as {column: value}, in the order of COLUMNS."""
    return np.array([[row.get(column, 0.0) for column in COLUMNS] for row in rows])


ROUNDS = table(
    {"SR": 1, "Q": 1, "rounds": 1, "utterances": 2, "characters": 20},
    {"CR": 1, "AF": 1, "rounds": 1, "utterances": 3, "characters": 30},
    {"CR": 1, "Q": 1, "Persuade": 1, "rounds": 1, "utterances": 3, "characters": 40},
    {"Seek": 1, "Emphasize": 1, "GI": 1, "PwP": 1, "rounds": 1, "utterances": 4, "characters": 50},
    {"Confront": 1, "rounds": 1, "utterances": 1, "characters": 10},
)
DIALOGUES = ["a", "a", "a", "b", "b"]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("r_to_q", 3 / 2),
        ("percent_cr", 100 * 2 / 3),
        ("mia_per_dialogue", 3 / 2),
        ("mina_per_dialogue", 2 / 2),
        ("mia_per_100", 100 * 3 / 13),
        ("mina_per_100", 100 * 2 / 13),
        ("percent_mia", 100 * 3 / 5),
        ("rate_q", 100 * 2 / 5),
        ("rate_gi", 100 * 1 / 5),
        ("utterances_per_reply", 13 / 5),
        ("characters", 150 / 5),
    ],
)
def test_each_score_equals_the_manuals_formula(metric, value):
    found = {e.metric: e for e in estimates(ROUNDS, DIALOGUES, Draws(200, 0))}
    assert found[metric].value == pytest.approx(value)


def test_information_questions_and_advice_with_permission_count_for_neither_side():
    only = table({"GI": 1, "Q": 1, "PwP": 1, "rounds": 1, "utterances": 3})
    found = {e.metric: e for e in estimates(only, ["a"], Draws(200, 0))}
    assert found["mia_per_dialogue"].value == 0
    assert found["mina_per_dialogue"].value == 0
    assert found["percent_mia"].value is None


def test_shares_of_coders_sum_as_expected_counts():
    shares = table({"SR": 0.3, "CR": 0.6, "Q": 0.5, "rounds": 1}, {"CR": 0.1, "Q": 0.5, "rounds": 1})
    found = {e.metric: e for e in estimates(shares, ["a", "b"], Draws(200, 0))}
    assert found["r_to_q"].value == pytest.approx(1.0)
    assert found["percent_cr"].value == pytest.approx(70.0)


@pytest.mark.parametrize(
    ("metric", "said"), [("r_to_q", "no question in any reply"), ("percent_cr", "no reflection in any reply")]
)
def test_a_ratio_without_its_denominator_is_undefined_and_says_why(metric, said):
    found = {e.metric: e for e in estimates(table({"GI": 1, "rounds": 1}, {"rounds": 1}), ["a", "b"], Draws(200, 0))}
    assert (found[metric].value, found[metric].low) == (None, None)
    assert said in found[metric].note


def test_no_rounds_at_all_is_undefined_throughout():
    assert all(e.value is None and e.note for e in estimates(np.zeros((0, len(COLUMNS))), [], Draws(200, 0)))


@pytest.mark.parametrize(
    ("metric", "value", "level"),
    [
        ("r_to_q", 0.99, "below"), ("r_to_q", 1.0, "fair"), ("r_to_q", 2.0, "good"),
        ("percent_cr", 39.9, "below"), ("percent_cr", 40.0, "fair"), ("percent_cr", 50.0, "good"),
        ("mia_per_dialogue", 9.0, None), ("r_to_q", None, None),
    ],
)  # fmt: skip
def test_fair_and_good_are_the_manuals_thresholds(metric, value, level):
    assert BY_NAME[metric].level(value) == level
