"""Claims about comparisons of runs, on tables made for the claim: equal to hand calculations, honest at the edges."""

import math

import numpy as np
import pytest

from mibench.errors import UnknownName, UsageError
from mibench.measures.paired import holm
from mibench.schema import Calibrated, Correction, Estimate, Side
from mibench.scoring import Contender, Draws, compare
from mibench.scoring.length import equal_length
from mibench.scoring.metrics import BY_NAME, COLUMNS
from mibench.scoring.rows import Scored
from mibench.scoring.table import Rows

HOW = Draws(400, 0)


def contender(label, rows, dialogues, ids=None, calibrated=None):
    """A run from {column: value} of each round, or from an array (rounds, COLUMNS)."""
    if not isinstance(rows, np.ndarray):
        rows = np.array([[{"rounds": 1, **row}.get(column, 0.0) for column in COLUMNS] for row in rows])
    ids = ids or [str(number) for number in range(len(rows))]
    scored = tuple(Scored(id_, None, None, "reply") for id_ in ids)
    side = Side(label=label, folder=label, digest="d", replies_digest="r")
    return Contender(side, "made", ("reply",), Rows(scored, rows, tuple(dialogues)), calibrated)


def table(**of_columns):
    """An array (rounds, COLUMNS) from arrays by column."""
    rounds = len(next(iter(of_columns.values())))
    rows = np.zeros((rounds, len(COLUMNS)))
    for column, values in {"rounds": np.ones(rounds), "utterances": np.full(rounds, 2.0), **of_columns}.items():
        rows[:, COLUMNS.index(column)] = values
    return rows


DIALOGUES = [f"d{number // 10}" for number in range(400)]


def drawn(seed, reflect=0.5, complex_=0.4, ask=0.5, length=30):
    rng = np.random.default_rng(seed)
    reflected, deep, asked = rng.random(400) < reflect, rng.random(400) < complex_, rng.random(400) < ask
    return table(SR=reflected & ~deep, CR=reflected & deep, Q=asked, characters=rng.integers(length, 2 * length, 400))


def of(comparison, metric, first=None, second=None):
    return next(
        d for d in comparison.differences
        if d.metric == metric and first in (None, d.first) and second in (None, d.second)
    )  # fmt: skip


ONE = [{"SR": 1, "Q": 1}, {"CR": 1, "Q": 1}, {"CR": 1}, {"CR": 1, "Q": 1}, {"SR": 1, "Q": 1}, {"CR": 1}]
OTHER = [{"SR": 1, "Q": 1}, {"Q": 1}, {"SR": 1, "Q": 1}, {"Q": 1}, {"CR": 1, "Q": 1}, {"Q": 1}]
THREE = ["a", "a", "b", "b", "c", "c"]


def test_the_difference_and_its_p_value_equal_a_hand_calculation():
    found = of(compare([contender("x", ONE, THREE), contender("y", OTHER, THREE)], ["r_to_q"], how=HOW), "r_to_q")
    assert found.first_value == pytest.approx(6 / 4)
    assert found.second_value == pytest.approx(3 / 6)
    assert found.difference == pytest.approx(1)
    # Dialogues (reflections, questions): x (2, 2) (2, 1) (2, 1); y (1, 2) (1, 2) (1, 2). Of the eight arrangements, two
    # reach 1: none swapped and all swapped. The observed one counts once more.
    assert found.p == pytest.approx((2 + 1) / (8 + 1))
    assert found.p_holm == found.p


def test_every_pair_is_compared_and_p_values_are_adjusted_over_metrics_and_pairs():
    runs = [contender(name, drawn(seed), DIALOGUES) for seed, name in enumerate("xyz")]
    found = compare(runs, ["r_to_q", "percent_cr"], how=HOW)
    assert [(d.first, d.second) for d in found.differences] == [
        pair for pair in (("x", "y"), ("x", "z"), ("y", "z")) for _ in range(2)
    ]
    assert [d.p_holm for d in found.differences] == holm([d.p for d in found.differences])
    assert any(d.p_holm > d.p for d in found.differences)


def test_a_group_of_ties_is_what_cannot_be_told_from_its_first_run():
    rates = {"best": 0.9, "nearly": 0.87, "worst": 0.2}
    runs = [contender(name, drawn(n, reflect=rate), DIALOGUES) for n, (name, rate) in enumerate(rates.items())]
    ties = compare(runs, ["r_to_q"], how=HOW).ties[0]
    assert ties.groups == (tuple(sorted(("best", "nearly"), key=lambda n: -_r_to_q(runs, n))), ("worst",))


def _r_to_q(runs, name):
    rows = next(run.rows.table_S_K for run in runs if run.side.label == name)
    return BY_NAME["r_to_q"].of(rows.sum(axis=0, keepdims=True))[0]


def test_fewer_non_adherent_codes_are_better():
    bad = table(Persuade=np.ones(400), SR=np.ones(400))
    good = table(Persuade=np.zeros(400), SR=np.ones(400))
    found = compare([contender("bad", bad, DIALOGUES), contender("good", good, DIALOGUES)], ["mina_per_100"], how=HOW)
    assert found.differences[0].winner == "good"
    assert found.ties[0].groups == (("good",), ("bad",))


def test_a_run_against_its_like_differs_by_nothing_with_p_1_and_no_nan():
    same = drawn(1)
    found = compare([contender("x", same, DIALOGUES), contender("y", same, DIALOGUES)], ["all"], how=HOW)
    for d in found.differences:
        numbers = [value for value in d.model_dump().values() if isinstance(value, float)]
        assert not any(math.isnan(number) for number in numbers), d.metric
        if d.difference is not None:
            assert (d.difference, d.p, d.p_holm, d.effect) == (0, 1, 1, None), d.metric
            assert (d.low, d.high) in ((0, 0), (None, None)), d.metric
    assert found.weights_hold == {}
    assert all(len(ties.groups) == 1 for ties in found.ties if ties.groups)


def test_what_one_run_has_not_rated_is_left_out_for_both_and_counted():
    whole = contender("x", ONE, THREE)
    part = contender("y", OTHER[:3] + OTHER[4:], THREE[:3] + THREE[4:], ids=["0", "1", "2", "4", "5"])
    found = compare([whole, part], ["r_to_q"], how=HOW)
    assert (found.rounds, found.dialogues, found.left_out) == (5, 3, 1)
    assert of(found, "r_to_q").first_value == pytest.approx(5 / 3)


def test_rounds_are_paired_by_id_whatever_their_order():
    reverse = contender("y", OTHER[::-1], THREE[::-1], ids=[str(n) for n in range(6)][::-1])
    straight = contender("y", OTHER, THREE)
    one = contender("x", ONE, THREE)
    assert compare([one, reverse], how=HOW).differences == compare([one, straight], how=HOW).differences


def test_no_question_or_no_reflection_is_undefined_and_says_so():
    silent = [{"GI": 1}] * 6
    found = compare([contender("x", ONE, THREE), contender("y", silent, THREE)], ["r_to_q", "percent_cr"], how=HOW)
    for metric, said in (("r_to_q", "no question in any reply"), ("percent_cr", "no reflection in any reply")):
        d = of(found, metric)
        assert (d.second_value, d.difference, d.low, d.p, d.p_holm) == (None,) * 5
        assert d.first_value is not None
        assert said in d.note


def test_a_ratio_that_most_arrangements_leave_undefined_has_no_p_value_and_says_so():
    rare = [{"Q": 1, "SR": 1}] + [{"SR": 1}] * 5
    rarer = [{"Q": 1}] + [{"SR": 1}] * 5
    found = of(compare([contender("x", rare, THREE), contender("y", rarer, THREE)], ["r_to_q"], how=HOW), "r_to_q")
    assert found.difference is not None
    assert found.low is None
    assert "no interval" in found.note
    lone = [{"SR": 1}, {"Q": 1, "SR": 1}, *[{"SR": 1}] * 4]
    apart = [{"SR": 1}] * 5 + [{"Q": 1}]
    found = of(compare([contender("x", lone, THREE), contender("y", apart, THREE)], ["r_to_q"], how=HOW), "r_to_q")
    assert (found.p, "no p-value" in found.note) == (None, True)


def test_one_dialogue_has_a_difference_without_interval():
    found = of(compare([contender("x", ONE, "aaaaaa"), contender("y", OTHER, "aaaaaa")], ["r_to_q"], how=HOW), "r_to_q")
    assert found.difference == pytest.approx(1)
    assert (found.low, found.effect, found.p) == (None, None, 1)
    assert "at least two dialogues" in found.note


def test_nothing_rated_is_refused_in_words():
    empty = contender("y", np.zeros((0, len(COLUMNS))), [])
    with pytest.raises(UsageError, match="no rated round in common"):
        compare([contender("x", ONE, THREE), empty], how=HOW)


def test_an_unknown_metric_is_named_with_those_that_exist():
    runs = [contender("x", ONE, THREE), contender("y", OTHER, THREE)]
    with pytest.raises(UnknownName, match="Did you mean r_to_q"):
        compare(runs, ["r_to_qq"], how=HOW)
    assert len(compare(runs, ["all"], how=HOW).differences) > 30


def long_winded(seed, extra_per_log, ability=0.0, dialogues=40):
    """Two runs whose chance of a question grows with log length; the first is longer, and `ability` apart at equal length."""
    rng = np.random.default_rng(seed)
    rounds = dialogues * 10
    names = [f"d{number // 10}" for number in range(rounds)]
    hard = np.repeat(rng.normal(0, 0.05, dialogues), 10)
    lengths = [rng.lognormal(4.5, 0.5, rounds), rng.lognormal(4.0, 0.5, rounds)]
    made = []
    for length, skill in zip(lengths, (ability, 0.0), strict=True):
        chance = np.clip(0.4 + hard + skill + extra_per_log * (np.log(length) - 4.25), 0, 1)
        made.append(table(Q=rng.random(rounds) < chance, SR=np.ones(rounds), characters=length))
    return *made, names


def test_equal_length_recovers_a_planted_difference_behind_a_planted_effect_of_length():
    found = [
        equal_length(BY_NAME["rate_q"], *long_winded(seed, 0.2, ability=-0.05), Draws(300, 0)) for seed in range(60)
    ]
    assert np.mean([one.value for one in found]) == pytest.approx(-5, abs=1.2)
    assert np.mean([one.low <= -5 <= one.high for one in found]) > 0.88


def test_equal_length_of_runs_that_differ_by_length_only_is_nothing():
    found = [equal_length(BY_NAME["rate_q"], *long_winded(seed, 0.2), Draws(300, 0)) for seed in range(60)]
    raw = [_rate(one) - _rate(other) for one, other, _ in (long_winded(seed, 0.2) for seed in range(60))]
    assert np.mean(raw) == pytest.approx(10, abs=1.2)
    assert np.mean([one.value for one in found]) == pytest.approx(0, abs=1.2)


def _rate(rows):
    return BY_NAME["rate_q"].of(rows.sum(axis=0, keepdims=True))[0]


def test_a_ranking_that_turns_at_equal_length_is_warned_about():
    one, other, names = long_winded(3, 0.25, ability=-0.08)
    found = of(compare([contender("x", one, names), contender("y", other, names)], ["rate_q"], how=HOW), "rate_q")
    assert found.difference > 0 > found.at_equal_length_high
    assert "the sign turns when replies of equal length are compared" in found.note
    one, other, names = long_winded(3, 0.25, ability=0.2)
    found = of(compare([contender("x", one, names), contender("y", other, names)], ["rate_q"], how=HOW), "rate_q")
    assert found.difference > found.at_equal_length > 0
    assert "sign turns" not in found.note


def test_replies_of_one_length_have_no_figure_at_equal_length():
    same = [{**row, "characters": 20} for row in ONE]
    other = [{**row, "characters": 20} for row in OTHER]
    found = of(compare([contender("x", same, THREE), contender("y", other, THREE)], ["rate_q"], how=HOW), "rate_q")
    assert found.at_equal_length is None


def corrected(value, low, high):
    estimate = Estimate(metric="r_to_q", label="R:Q", unit="ratio", better="higher", value=value, low=low, high=high)
    return Calibrated(
        model="m", suite="made", judges=("j",), digest="d", ratings_digest="r", human_digest="h", rounds=6, dialogues=3,
        coded=6, coded_dialogues=3, coders={"a": 6}, utterances_by="judge",
        corrections=(Correction(raw=estimate, corrected=estimate, human=estimate),),
    )  # fmt: skip


def test_corrected_scores_are_differenced_with_the_interval_of_zou_and_donner():
    # MOVER: 2.0 (1.6–2.9) − 1.0 (0.7–1.4): L = 1 − √(.4² + .4²), U = 1 + √(.9² + .3²).
    runs = [
        contender("x", ONE, THREE, calibrated=corrected(2.0, 1.6, 2.9)),
        contender("y", OTHER, THREE, calibrated=corrected(1.0, 0.7, 1.4)),
    ]
    found = of(compare(runs, ["r_to_q"], how=HOW), "r_to_q")
    assert found.corrected == pytest.approx(1.0)
    assert found.corrected_low == pytest.approx(1 - math.hypot(0.4, 0.4))
    assert found.corrected_high == pytest.approx(1 + math.hypot(0.9, 0.3))


def test_the_share_of_weightings_that_hold_an_order_is_1_where_a_run_leads_in_every_part():
    better, worse = drawn(1, reflect=0.7, complex_=0.6), drawn(2, reflect=0.2, complex_=0.1)
    found = compare([contender("x", better, DIALOGUES), contender("y", worse, DIALOGUES)], ["proficiency"], how=HOW)
    assert found.weights_hold == {"x − y": 1.0}
