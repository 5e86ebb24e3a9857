"""Claims about the number to sort by: at MITI's thresholds it is what it says, and tricks do not win."""

import numpy as np
import pytest

from mibench.measures.proficiency import Counts, proficiency


def points(simple=0, complex_=0, questions=0, mina=0, utterances=100, replies=50, **ratings):
    counts = Counts(*(np.array([float(n)]) for n in (simple, complex_, questions, mina, utterances, replies)))
    return proficiency(counts, {name: np.array([float(value)]) for name, value in ratings.items()})[0]


def test_fair_everywhere_is_50_and_good_everywhere_100():
    assert points(12, 8, 20, technical=3, relational=3.5) == pytest.approx(50)
    assert points(10, 10, 10, technical=4, relational=4) == pytest.approx(100)


def test_echoing_everything_scores_below_good_practice():
    assert points(40, 10, 5) < points(15, 15, 15)
    assert points(50, 0, 0) < 20


def test_one_complex_reflection_among_many_questions_is_no_skill():
    assert points(0, 1, 50) < 10


def test_every_non_adherent_utterance_costs():
    assert points(10, 10, 10, mina=4) == pytest.approx(0.9 * points(10, 10, 10))
    assert points(10, 10, 10, mina=60) == 0


def test_neither_reflecting_nor_asking_is_0_and_saying_nothing_is_undefined():
    assert points() == 0
    assert np.isnan(points(utterances=0))


def test_more_of_a_skill_never_lowers_the_number_below_the_limit():
    values = [points(technical=t, relational=3, simple=10, complex_=10, questions=10) for t in np.linspace(1, 5, 9)]
    assert values == sorted(values)
    values = [points(20 - n, n, 15) for n in range(21)]
    assert values == sorted(values)
