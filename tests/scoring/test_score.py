"""Claims about the scores of a run."""

import json

import pytest

from mibench.api import judge_stage, score_stage
from mibench.errors import UsageError
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.suites import load_suite


@pytest.fixture
def judged(small_suite, tmp_path):
    """A run of four rounds coded from a script; the last round is left unrated."""
    suite = load_suite(small_suite(2))
    codes = [["CR", "Q"], ["SR"], ["Persuade"], None]
    script = tmp_path / "codes.jsonl"
    rows = [{"round": r.id, "codes": c, "reason": "unsure"} for r, c in zip(suite.rounds, codes, strict=True)]
    script.write_text("".join(json.dumps(row) + "\n" for row in rows))
    folder = RunFolder(tmp_path / "run")
    generate(folder, suite, GenerationPlan(model="reference"))
    judge_stage(folder, suite, f"scripted:{script}")
    return folder, suite


def test_unrated_rounds_lower_coverage_and_count_for_nothing(judged):
    scores = score_stage(*judged, "scripted:codes.jsonl", draws=300)
    jury = scores.jury("reply")
    assert (jury.rated, jury.subjects, scores.coverage) == (3, 4, 0.75)
    assert jury.unrated == {"unsure": 1}
    assert scores["r_to_q"].value == 2.0
    assert scores["percent_cr"].value == 50.0
    assert scores["mina_per_dialogue"].value == 0.5
    assert scores["rate_persuade"].value == pytest.approx(100 / 3)


def test_the_reference_is_perfectly_like_itself(judged):
    scores = score_stage(*judged, "scripted:codes.jsonl", draws=300)
    assert scores["rouge_l"].value == pytest.approx(100, abs=1e-3)


def test_slices_divide_the_rated_rounds(judged):
    scores = score_stage(*judged, "scripted:codes.jsonl", draws=300)
    for by in ("client talk before", "stage", "resistance", "area", "topic"):
        assert sum(part.rounds for part in scores.slices if part.by == by) == 3, by
    talk = {part.value: part.rounds for part in scores.slices if part.by == "client talk before"}
    assert talk == {"both": 2, "neutral": 1}


def test_scores_turn_into_a_frame_and_back_from_disk(judged):
    folder, _ = judged
    scores = score_stage(*judged, "scripted:codes.jsonl", draws=300)
    assert folder.scores() == scores
    frame = scores.to_frame()
    whole = frame[(frame["by"] == "all") & (frame["metric"] == "r_to_q")]
    assert whole["value"].item() == 2.0
    assert len(frame) == len(scores.estimates) + sum(len(part.estimates) for part in scores.slices)


def test_scores_json_holds_no_nan(judged):
    score_stage(*judged, "scripted:codes.jsonl", draws=300)
    json.loads((judged[0].path / "scores.json").read_text(), parse_constant=pytest.fail)


def test_a_judge_that_rated_nothing_here_is_named_with_the_command(judged):
    with pytest.raises(
        UsageError, match=r"rated by scripted:codes.jsonl, not by offline: `mibench judge .* --judge offline`"
    ):
        score_stage(*judged, "offline")


def test_a_run_of_which_nothing_could_be_rated_has_no_scores_rather_than_a_traceback(small_suite, mibench, tmp_path):
    (tmp_path / "none.jsonl").write_text('{"round": "elsewhere/01", "codes": ["Q"]}\n')
    done = mibench(
        "run", "--suite", small_suite(2), "--judge", f"scripted:{tmp_path / 'none.jsonl'}", "--out", tmp_path / "none",
        "--no-anchors",
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "only 0 of 4 rounds are rated" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_digest_ignores_the_model_and_heeds_judge_and_limit(small_suite, tmp_path):
    suite = load_suite(small_suite(2))

    def digest(name, model, limit=None):
        folder = RunFolder(tmp_path / name)
        generate(folder, suite, GenerationPlan(model=model, limit=limit))
        judge_stage(folder, suite, "offline")
        return score_stage(folder, suite, "offline", draws=300).digest

    assert digest("a", "reflector") == digest("b", "adviser")
    assert digest("c", "reflector", limit=2) != digest("a", "reflector")
