"""Claims about what a suite can show: planted variances are recovered, and what is said to be detectable is detected."""

from types import SimpleNamespace

import numpy as np
import pytest

from mibench.errors import UnknownName
from mibench.measures.paired import draw_swaps, permutation_p
from mibench.scoring import JudgeFacts, Plan, power_of
from mibench.scoring.estimates import dialogue_sums
from mibench.scoring.metrics import BY_NAME, COLUMNS
from mibench.scoring.rows import Scored
from mibench.scoring.table import Bench, RunTable
from mibench.scoring.tally import Tally
from mibench.scoring.variances import components

SPREAD = {"dialogue": 0.10, "round": 0.20, "judge": 0.15}
"""Standard deviations of the share of replies with a question."""


def names_of(dialogues, rounds):
    return [f"d{number // rounds}" for number in range(dialogues * rounds)]


def shares(rng, dialogues, rounds, mean=0.5):
    """The share of coders who see a question in each reply: the dialogue has its habit, the reply its own."""
    habit = np.repeat(rng.normal(0, SPREAD["dialogue"], dialogues), rounds)
    return mean + habit + rng.normal(0, SPREAD["round"], dialogues * rounds)


def run(rng, truth, names, repeats=1):
    """A run whose judge sees each reply's true share with an error of its own, `repeats` times."""
    tally = Tally(JudgeFacts("j", "reply"))
    for number, share in enumerate(truth):
        for repeat in range(repeats):
            counts = {"Q": share + rng.normal(0, SPREAD["judge"])}
            tally.take(
                {"status": "rated", "subject": str(number), "repeat": repeat, "counts": counts, "utterance_count": 2}
            )
    texts = np.zeros((len(truth), len(COLUMNS)))
    texts[:, COLUMNS.index("rounds")] = 1
    wanted = [Scored(str(n), SimpleNamespace(id=name), None) for n, name in enumerate(names)]
    return RunTable(None, SimpleNamespace(name="made"), {}, (Bench(wanted, texts, [tally], {}),))


def rate_q(runs, **plan):
    return power_of([(f"run {n}", table) for n, table in enumerate(runs)], Plan(**plan), ["rate_q"]).metrics[0]


def test_variance_components_are_those_that_were_planted():
    rng = np.random.default_rng(0)
    names = names_of(600, 10)
    found = rate_q([run(rng, shares(rng, 600, 10), names, repeats=3)])
    twice = 2 * 100**2  # of one run, doubled; in per cent
    assert found.between_dialogues == pytest.approx(twice * 0.10**2, rel=0.15)
    assert found.between_rounds == pytest.approx(twice * (0.20**2 + 0.15**2 / 3), rel=0.05)
    assert found.of_judge == pytest.approx(twice * 0.15**2, rel=0.05)


def test_components_are_right_where_dialogues_differ_in_length():
    rng = np.random.default_rng(1)
    names = [f"d{number}" for number in range(800) for _ in range(3 + number % 20)]
    place = np.array([int(name[1:]) for name in names])
    parts = rng.normal(0, 2, 800)[place] + rng.normal(0, 5, len(names))
    assert components(parts, names) == (pytest.approx(4, rel=0.15), pytest.approx(25, rel=0.05))


def test_what_two_runs_share_cancels():
    rng = np.random.default_rng(2)
    names, truth = names_of(60, 10), shares(rng, 60, 10)
    one, other = run(rng, truth, names), run(rng, truth, names)
    assert rate_q([one, other]).between_dialogues < 0.1 * rate_q([one]).between_dialogues
    assert rate_q([one, other]).detectable < 0.5 * rate_q([one]).detectable


def test_a_difference_said_to_be_detectable_is_found_in_about_80_of_100_comparisons():
    rng = np.random.default_rng(3)
    names = names_of(400, 10)
    found = rate_q([run(rng, shares(rng, 400, 10), names), run(rng, shares(rng, 400, 10), names)], dialogues=40)
    shift, metric, swaps = found.detectable / 100, BY_NAME["rate_q"].of, draw_swaps(40, 499, 0)
    names, hits = names_of(40, 10), []
    for _ in range(400):
        pair = []
        for extra in (shift, 0.0):
            rows = np.zeros((400, len(COLUMNS)))
            rows[:, COLUMNS.index("rounds")] = 1
            rows[:, COLUMNS.index("Q")] = shares(rng, 40, 10) + rng.normal(0, SPREAD["judge"], 400) + extra
            pair.append(dialogue_sums(rows, names))
        hits.append(permutation_p(metric, *pair, swaps) <= 0.05)
    assert np.mean(hits) == pytest.approx(0.8, abs=0.05)


def test_more_repeats_lower_the_judges_part_and_more_rounds_that_of_rounds():
    rng = np.random.default_rng(4)
    table = run(rng, shares(rng, 40, 10), names_of(40, 10), repeats=3)
    now = rate_q([table]).detectable
    assert rate_q([table], repeats=1).detectable > now > rate_q([table], repeats=100).detectable
    assert rate_q([table], rounds=5).detectable > now > rate_q([table], rounds=50).detectable
    assert rate_q([table], dialogues=160).detectable < 0.55 * now


def test_dialogues_needed_are_the_fewest_that_can_see_the_difference():
    rng = np.random.default_rng(5)
    table = run(rng, shares(rng, 40, 10), names_of(40, 10))
    needed = rate_q([table], difference=5).dialogues_needed
    assert rate_q([table], dialogues=needed).detectable <= 5 < rate_q([table], dialogues=needed - 1).detectable


def test_replies_rated_once_say_nothing_of_the_judges_part():
    rng = np.random.default_rng(6)
    assert rate_q([run(rng, shares(rng, 20, 5), names_of(20, 5))]).of_judge is None


def test_one_dialogue_and_no_question_are_said_not_computed():
    rng = np.random.default_rng(7)
    one = rate_q([run(rng, shares(rng, 1, 10), names_of(1, 10))])
    assert (one.detectable, "at least two dialogues" in one.note) == (None, True)
    ratio = power_of([("x", run(rng, np.full(20, 0.0), names_of(4, 5)))], Plan(), ["percent_cr"]).metrics[0]
    assert (ratio.value, ratio.detectable) == (None, None)
    assert "no reflection in any reply" in ratio.note


def test_an_unknown_metric_is_named_with_those_that_exist():
    rng = np.random.default_rng(8)
    with pytest.raises(UnknownName, match="Did you mean rate_q"):
        power_of([("x", run(rng, shares(rng, 4, 5), names_of(4, 5)))], Plan(), ["rate_qq"])


def test_the_headline_has_a_detectable_difference_too_and_says_what_it_cannot_vary():
    rng = np.random.default_rng(9)
    runs = [("x", run(rng, shares(rng, 40, 10), names_of(40, 10)))]
    found = power_of(runs, Plan(dialogues=160), ["proficiency"]).metrics[0]
    assert found.between_rounds is None
    assert found.note == ""
    assert "as in the run" in power_of(runs, Plan(rounds=5), ["proficiency"]).metrics[0].note
