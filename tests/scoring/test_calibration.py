"""Claims about a run's corrected scores: from files, beside the raw ones, and only as long as they are true."""

import csv
import json

import pytest

from mibench.api import score_stage
from mibench.errors import UsageError
from mibench.schema import Rating
from mibench.scoring import JudgeFacts, calibrated
from mibench.scoring import calibrate_run as calibrate_by

HUMAN = [("CR", "Q"), ("CR",), (), ("SR", "Q"), ("CR",), ("Q",), ("SR", "Q"), ("SR",), ("Persuade",), ("CR", "Q")]


def numbers(estimate):
    return estimate.value, estimate.low, estimate.high, estimate.level


def calibrate_run(folder, suite, human, **options):
    judges = [JudgeFacts(name, "reply") for name in folder.manifest().judges]
    return calibrate_by(folder, suite, human, judges, **options)


@pytest.fixture
def coded(tmp_path):
    """coded(suite, {round number: codes}) → a file of JSON lines; `more` are fields of each line."""

    def write(suite, codes, name="codes.jsonl", coder="a", **more):
        lines = [
            {"round": suite.rounds[n].id, "coder": coder, "codes": list(given), **more} for n, given in codes.items()
        ]
        path = tmp_path / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    return write


def test_raw_scores_are_those_of_scores_json(small_run, coded):
    folder, suite = small_run()
    found = calibrate_run(folder, suite, [coded(suite, dict(enumerate(HUMAN)))], draws=300)
    scores = score_stage(folder, suite, list(folder.manifest().judges), draws=300)
    for correction in found.corrections:
        assert numbers(correction.raw) == numbers(scores[correction.raw.metric])
    assert {"r_to_q", "percent_cr", "mia_per_dialogue", "mina_per_100", "rate_sr"} <= {
        correction.raw.metric for correction in found.corrections
    }
    assert (found.rounds, found.coded, found.coded_dialogues, found.coders) == (12, 10, 5, {"a": 10})


def test_the_corrected_ratio_is_the_formula_of_the_method(small_run, coded):
    folder, suite = small_run(12)
    chosen = {n: HUMAN[n % 10] for n in (0, 1, 2, 5, 7, 8, 11, 12, 15, 18, 20, 22)}
    found = calibrate_run(folder, suite, [coded(suite, chosen)], draws=300)["r_to_q"]
    judge = {rating.subject: rating.counts for rating in folder.ratings()}
    said = [judge[round_.id] for round_ in suite.rounds]

    def mean(values):
        return sum(values) / len(values)

    def part(codes):
        human = mean([sum(code in given for code in codes) for given in chosen.values()])
        over_all = mean([sum(counts.get(code, 0) for code in codes) for counts in said])
        over_coded = mean([sum(said[n].get(code, 0) for code in codes) for n in chosen])
        return human + found.weight * (over_all - over_coded)

    assert found.corrected.value == pytest.approx(part(["SR", "CR"]) / part(["Q"]))
    reflections = sum(code in ("SR", "CR") for given in chosen.values() for code in given)
    assert found.human.value == pytest.approx(reflections / sum("Q" in given for given in chosen.values()))


def test_a_metric_per_dialogue_is_per_dialogue_in_the_coded_part_too(small_run, coded):
    folder, suite = small_run()
    whole = dict.fromkeys(range(10), ("AF", "Q")) | {0: ("Q",), 2: ("Q",)}
    human = calibrate_run(folder, suite, [coded(suite, whole)], draws=300)["mia_per_dialogue"].human
    assert human.value == pytest.approx(8 / 5)


def test_several_coders_of_one_reply_count_as_their_mean(small_run, coded):
    folder, suite = small_run()
    files = [
        coded(suite, dict.fromkeys(range(10), ("SR",)), "one.jsonl", "one"),
        coded(suite, dict.fromkeys(range(10), ("CR",)), "two.jsonl", "two"),
    ]
    found = calibrate_run(folder, suite, files, draws=300)
    assert found["rate_cr"].human.value == pytest.approx(50)
    assert found["percent_cr"].human.value == pytest.approx(50)
    assert found.coders == {"one": 10, "two": 10}
    assert "one gave no code but SR." in found.notes


def test_utterances_are_the_coders_only_if_all_are_counted(small_run, coded):
    folder, suite = small_run()
    counted = calibrate_run(
        folder, suite, [coded(suite, dict.fromkeys(range(10), ("Persuade",)), utterances=4)], draws=300
    )
    assert counted.utterances_by == "human"
    assert counted["mina_per_100"].human.value == pytest.approx(25)
    assert counted["utterances_per_reply"].human.value == pytest.approx(4)
    files = [coded(suite, dict.fromkeys(range(9), ("Persuade",)), utterances=4), coded(suite, {9: ("Q",)}, "b.jsonl")]
    partly = calibrate_run(folder, suite, files, draws=300)
    assert partly.utterances_by == "judge"
    assert any("Utterances are the judge's count" in note for note in partly.notes)
    with pytest.raises(KeyError):
        partly["utterances_per_reply"]


def test_four_coded_dialogues_are_too_few_and_give_no_number(small_run, coded):
    folder, suite = small_run()
    found = calibrate_run(folder, suite, [coded(suite, {n: HUMAN[n] for n in range(8)})], draws=300)
    for correction in found.corrections:
        assert (correction.corrected.value, correction.human.value, correction.weight) == (None, None, None)
        assert "4 dialogues are coded; at least 5" in correction.corrected.note


def test_without_a_question_among_the_coded_replies_the_ratio_is_undefined_and_says_why(small_run, coded):
    folder, suite = small_run()
    found = calibrate_run(folder, suite, [coded(suite, dict.fromkeys(range(10), ("SR",)))], draws=300)
    assert found["r_to_q"].corrected.value is None
    assert "no question in any reply" in found["r_to_q"].corrected.note
    assert (found["rate_sr"].human.value, found["rate_sr"].human.low) == (100, None)
    assert "without exception" in found["rate_sr"].human.note
    assert (found["rate_confront"].corrected.value, found["rate_confront"].corrected.low) == (0, None)
    assert "not once in the coded replies" in found["rate_confront"].corrected.note


def test_calibrated_json_holds_no_nan_and_is_read_back(small_run, coded):
    folder, suite = small_run()
    found = calibrate_run(folder, suite, [coded(suite, dict(enumerate(HUMAN)))], draws=300)
    json.loads((folder.path / "calibrated.json").read_text(), parse_constant=pytest.fail)
    assert calibrated(folder) == found


def test_there_is_no_calibration_before_one_is_made_and_none_once_ratings_or_replies_change(small_run, coded):
    folder, suite = small_run()
    assert calibrated(folder) is None
    human = coded(suite, dict(enumerate(HUMAN)))
    calibrate_run(folder, suite, [human], draws=300)
    last = list(folder.ratings())[-1]
    changed = Rating.model_validate({**last.model_dump(), "counts": {"Confront": 1}})
    with folder.append_ratings() as ratings:
        ratings.append(changed)
    assert calibrated(folder) is None
    calibrate_run(folder, suite, [human], draws=300)
    assert calibrated(folder) is not None
    folder.replies_path.write_text(folder.replies_path.read_text().replace("不止一回了", "不止两回了", 1))
    assert calibrated(folder) is None


def test_the_human_digest_is_of_the_codes_not_of_their_file(small_run, coded, tmp_path):
    folder, suite = small_run()
    lines = coded(suite, dict(enumerate(HUMAN)))
    sheet = tmp_path / "same.csv"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["codes", "round", "coder"])
        rows.writerows(
            [" ".join(given) or "none", suite.rounds[n].id, "a"] for n, given in reversed(list(enumerate(HUMAN)))
        )
    first, second = (calibrate_run(folder, suite, [path], draws=300) for path in (lines, sheet))
    assert first == second


def test_coded_replies_that_the_judge_left_unrated_are_left_out_and_counted(small_run, coded):
    folder, suite = small_run()
    folder.ratings_path.write_text(
        "".join(line for line in folder.ratings_path.open(encoding="utf-8") if suite.rounds[0].id not in line)
    )
    found = calibrate_run(folder, suite, [coded(suite, dict(enumerate(HUMAN)))], draws=300)
    assert (found.rounds, found.coded) == (11, 9)
    assert "Coded replies left out because the judge has not rated them: 1." in found.notes


def test_a_judge_that_rated_nothing_and_one_that_codes_no_reply_are_refused(small_run, coded):
    folder, suite = small_run()
    human = coded(suite, dict(enumerate(HUMAN)))
    with pytest.raises(UsageError, match="not by offline"):
        calibrate_by(folder, suite, [human], [JudgeFacts("offline", "reply")])
    with pytest.raises(UsageError, match="globals:x has coded no reply"):
        calibrate_by(folder, suite, [human], [JudgeFacts("globals:x", "dialogue")])


def test_a_jury_is_corrected_as_one_judge(small_run, coded):
    from mibench.api import judge_stage

    folder, suite = small_run()
    judge_stage(folder, suite, "offline")
    found = calibrate_run(folder, suite, [coded(suite, dict(enumerate(HUMAN)))], draws=300)
    assert len(found.judges) == 2
    scores = score_stage(folder, suite, found.judges, draws=300)
    assert numbers(found["r_to_q"].raw) == numbers(scores["r_to_q"])
