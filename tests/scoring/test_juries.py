"""Claims about several judges: their mean, each alone, what is left without one, how far they agree."""

import json

import numpy as np
import pytest

from mibench import api
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.schema import Rating
from mibench.suites import load_suite

CODES = {
    "a": [["CR", "Q"], ["SR"], ["Persuade"], ["Q"]],
    "b": [["SR", "Q"], ["SR"], ["GI"], None],
    "c": [["CR"], ["CR"], ["Persuade"], ["Q"]],
}


@pytest.fixture
def folder(small_suite, tmp_path):
    """A run of four rounds coded from three scripts; the second leaves the last round unrated."""
    suite = load_suite(small_suite(2))
    run = RunFolder(tmp_path / "run")
    generate(run, suite, GenerationPlan(model="reference"))
    for name, codes in CODES.items():
        script = tmp_path / f"{name}.jsonl"
        rows = [{"round": r.id, "codes": c, "reason": "unsure"} for r, c in zip(suite.rounds, codes, strict=True)]
        script.write_text("".join(json.dumps(row) + "\n" for row in rows))
        api.judge_stage(run, suite, f"scripted:{script}")
    return run, suite


def scored(folder, *names):
    return api.score_stage(*folder, [f"scripted:{name}.jsonl" for name in names], draws=300)


def test_a_jury_scores_the_mean_of_its_judges_on_what_all_of_them_rated(folder):
    scores = scored(folder, "a", "b", "c")
    jury = scores.jury("reply")
    assert (jury.rated, jury.subjects) == (3, 4)
    assert jury.unrated == {"scripted:b.jsonl: unsure": 1}
    # first three rounds: CR 1, 0, 2 → 1.0; SR 1, 2, 0 → 1.0; Q 1, 1, 0 → 2/3; Persuade 1, 0, 1 → 2/3 in two dialogues
    assert scores["percent_cr"].value == pytest.approx(50)
    assert scores["r_to_q"].value == pytest.approx(3)
    assert scores["mina_per_dialogue"].value == pytest.approx(1 / 3)


def test_each_judge_has_its_own_column_on_what_it_rated_itself(folder):
    scores = scored(folder, "a", "b")
    own = {judge.judge: judge for judge in scores.judges}
    alone = scored(folder, "a")
    assert own["scripted:a.jsonl"].estimates == tuple(e for e in alone.estimates if e.metric != "proficiency")
    assert own["scripted:a.jsonl"].rated == 4
    assert own["scripted:b.jsonl"].unrated == {"unsure": 1}


def test_leaving_a_judge_out_gives_the_jury_of_the_others_on_the_same_subjects(folder):
    without = {e.metric: e for e in scored(folder, "a", "b", "c").jury("reply").without["scripted:c.jsonl"]}
    pair = scored(folder, "a", "b")
    assert without["percent_cr"] == pair["percent_cr"]
    assert without["r_to_q"] == pair["r_to_q"]


def test_agreement_between_judges_is_krippendorffs_alpha_on_their_counts(folder):
    import krippendorff

    found = {entry.of: entry for entry in scored(folder, "a", "b", "c").jury("reply").agreement}
    given = [[float("Persuade" in c) if c else np.nan for c in codes] for codes in CODES.values()]
    expected = krippendorff.alpha(reliability_data=given, level_of_measurement="interval")
    assert found["Persuade"].value == pytest.approx(expected)
    assert found["Confront"].value is None
    assert "do not vary" in found["Confront"].note


def test_the_digest_of_a_jury_depends_on_its_judges_and_not_on_their_order(folder):
    assert scored(folder, "a", "b").digest == scored(folder, "b", "a").digest
    assert scored(folder, "a", "b").digest != scored(folder, "a", "c").digest


def test_repeats_of_one_judge_tell_how_stable_it_is(folder):
    run, _suite = folder
    first = [rating for rating in run.ratings() if rating.judge == "scripted:a.jsonl"]
    with run.append_ratings() as ratings:
        for rating in first[:3]:
            changed = {"repeat": 1, "counts": {**rating.counts, "Q": 1.0}}
            ratings.append(Rating.model_validate(rating.model_dump() | changed))
    judge = scored(folder, "a").judges[0]
    stable = {entry.of: entry for entry in judge.stability}
    assert judge.repeats == 2
    assert stable["Persuade"].value == pytest.approx(1)
    assert stable["Q"].subjects == 3
    assert stable["Q"].spread == pytest.approx(2 * 2**-0.5 / 3)  # two of three replies moved by one


def test_a_folder_rated_by_two_judges_of_one_thing_asks_whose_ratings_to_sum_up(folder, mibench):
    run, suite = folder
    asked = mibench("score", run.path, "--suite", suite.folder)
    assert asked.returncode == 2
    assert "Say whose ratings are meant: --judge NAME" in asked.stderr
    done = mibench(
        "score", run.path, "--suite", suite.folder, "--judge", "scripted:a.jsonl", "--judge", "scripted:b.jsonl"
    )
    assert done.returncode == 3, done.stderr
    assert "judge by judge" in done.stdout
    assert "Krippendorff" in done.stdout
