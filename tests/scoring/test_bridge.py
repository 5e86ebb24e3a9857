"""Claims about the bridge from an old judge to a new one: agreement as reference libraries have it, lines that link scores."""

import json
import random

import numpy as np
import pytest
from scipy.stats import pearsonr
from sklearn.metrics import cohen_kappa_score

from mibench import api
from mibench.errors import UsageError
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.schema import CODES
from mibench.suites import load_suite


@pytest.fixture
def judged(small_suite, tmp_path):
    """judged(new=…) → run folder of 24 dialogues: codes by an old judge, and by a new one that changes them."""

    def make(new, dialogues=24):
        suite = load_suite(small_suite(dialogues))
        folder = RunFolder(tmp_path / "run")
        generate(folder, suite, GenerationPlan(model="reference"))
        draw = random.Random(7)
        codes = {
            r.id: draw.choice([["SR"], ["CR"], ["CR", "Q"], ["Q"], ["SR", "Q"], ["Persuade"]]) for r in suite.rounds
        }
        for name, how in (("old", lambda given: given), ("new", new)):
            script = tmp_path / f"{name}.jsonl"
            rows = [{"round": id_, "codes": how(given)} for id_, given in codes.items()]
            script.write_text("".join(json.dumps(row) + "\n" for row in rows))
            api.judge_stage(folder, suite, f"scripted:{script}")
        return folder, suite

    return make


def bridged(folder, suite, **more):
    return api.bridge_judges(
        [folder.path], "scripted:old.jsonl", "scripted:new.jsonl", draws=500, suite=str(suite.folder), **more
    )


def softer(given):
    """A judge that misses every fourth question or so."""
    kept = softer.draw.random() < 0.75
    return [code for code in given if code != "Q" or kept] or [None]


def shares(folder, judge):
    return {r.subject: [r.counts.get(code, 0.0) for code in CODES] for r in folder.ratings() if r.judge == judge}


def test_kappa_correlation_and_shift_of_each_code_are_those_of_reference_libraries(judged):
    softer.draw = random.Random(1)
    folder, suite = judged(softer)
    found = {column.of: column for column in bridged(folder, suite).columns}
    old, new = (shares(folder, f"scripted:{name}.jsonl") for name in ("old", "new"))
    for place, code in enumerate(CODES):
        one, other = (np.array([side[id_][place] for id_ in old]) for side in (old, new))
        column = found[code]
        assert column.shift.value == pytest.approx((other - one).mean(), abs=1e-6)
        if one.std() and other.std():
            assert column.kappa.value == pytest.approx(cohen_kappa_score(one, other), abs=1e-6)
            assert column.r.value == pytest.approx(pearsonr(one, other).statistic, abs=1e-6)
        else:
            assert column.kappa.value is None
            assert column.kappa.why_not == "both judges decide one and the same of every reply"
    assert found["Q"].shift.low < found["Q"].shift.value < found["Q"].shift.high < 0


def test_a_line_keeps_the_spread_of_what_dialogues_make_of_a_metric(judged):
    softer.draw = random.Random(1)
    folder, suite = judged(softer)
    found = next(m for m in bridged(folder, suite).metrics if m.metric == "rate_q")
    place = CODES.index("Q")
    values = []
    for name in ("old", "new"):
        rows = shares(folder, f"scripted:{name}.jsonl")
        by_dialogue = {}
        for id_, counts in rows.items():
            by_dialogue.setdefault(id_.rpartition("/")[0], []).append(100 * counts[place])
        values.append(np.array([np.mean(own) for own in by_dialogue.values()]))  # two rounds each: ratios are means
    old, new = values
    assert found.slope.value == pytest.approx(old.std() / new.std(), abs=1e-4)
    assert found.r.value == pytest.approx(pearsonr(old, new).statistic, abs=1e-4)
    assert found.intercept.value == pytest.approx(old.mean() - found.slope.value * new.mean(), abs=1e-3)
    low, here, high = found.readings
    assert (here.new, here.old) == pytest.approx((new.mean(), old.mean()), abs=1e-4)
    assert low.low < low.old < here.old < high.old < high.high


def test_a_judge_that_says_the_same_is_joined_by_the_identity(judged):
    folder, suite = judged(lambda given: given)
    bridge = bridged(folder, suite)
    drawn = {metric.metric: metric for metric in bridge.metrics if not metric.why_not}
    assert {"r_to_q", "percent_cr", "rate_q", "mina_per_dialogue"} <= set(drawn)
    for metric in drawn.values():
        assert (metric.slope.value, metric.slope.low, metric.slope.high) == pytest.approx((1, 1, 1), abs=1e-6)
        assert metric.intercept.value == pytest.approx(0, abs=1e-6)
    assert "characters" not in {metric.metric for metric in bridge.metrics}
    assert bridge.left_out == 0


def test_judges_that_have_nothing_in_common_are_joined_by_no_line(judged):
    draw = random.Random(5)
    folder, suite = judged(lambda _: draw.choice([["SR"], ["CR", "Q"], ["Q"]]))
    question = next(metric for metric in bridged(folder, suite).metrics if metric.metric == "rate_q")
    assert question.slope.value is None
    assert "a line needs 0.3" in question.why_not
    assert question.readings == ()


def test_the_interval_of_the_line_holds_the_truth_as_often_as_it_says():
    from mibench.measures.bootstrap import draw_counts, interval, resample
    from mibench.measures.moments import moments, slope_of

    rng = np.random.default_rng(2)
    counts = draw_counts(40, 1000, 0)
    held = 0
    for _ in range(400):
        true = rng.normal(size=40)
        new, old = true + rng.normal(scale=0.5, size=40), 2 * true + rng.normal(scale=1, size=40)
        found = interval(resample(moments(new, old), counts).values(slope_of))
        held += found.low <= 2 <= found.high
    assert 0.92 <= held / 400 <= 0.98


def test_what_cannot_be_joined_is_a_sentence(judged, mibench):
    folder, suite = judged(lambda given: given, dialogues=3)
    with pytest.raises(UsageError, match="one and the same judge"):
        api.bridge_judges([folder.path], "scripted:old.jsonl", "scripted:old.jsonl", suite=str(suite.folder))
    done = mibench("judges", "bridge", folder.path, "--judge", "scripted:old.jsonl", "--suite", suite.folder)
    assert (done.returncode, "Name two judges" in done.stderr) == (2, True)
    args = ("--judge", "scripted:old.jsonl", "--judge", "offline", "--suite", suite.folder)
    done = mibench("judges", "bridge", folder.path, *args)
    assert done.returncode == 2
    assert "not by offline" in done.stderr
    assert mibench("judge", folder.path, "--suite", suite.folder).returncode == 0
    done = mibench("judges", "bridge", folder.path, *args)
    assert done.returncode == 0, done.stderr
    assert "linear linking" in done.stdout
    done = mibench("judges", "bridge", folder.path, *args, "--json")
    assert json.loads(done.stdout)["new"] == "offline"
