"""Claims about judges in this process: a real transformers checkpoint answers, and what it cannot do is said."""

import json

import pytest

pytest.importorskip("torch", reason="needs the hf extra")


def test_a_checkpoint_in_this_process_judges_and_what_cannot_be_read_is_unrated(
    mibench, tiny_checkpoint, small_suite, tmp_path
):
    folder, suite = tmp_path / "run", small_suite(1)
    assert mibench("generate", "--suite", suite, "--model", "reference", "--out", folder).returncode == 0
    spec = f"codes:hf/{tiny_checkpoint()}"
    done = mibench("judge", folder, "--judge", spec, "--suite", suite)
    assert done.returncode in (0, 1), done.stderr
    ratings = [json.loads(line) for line in (folder / "ratings.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(ratings) == 2
    assert {rating["status"] for rating in ratings} == {"unrated"}  # random weights write no JSON
    assert all("cut at its token limit" in r["reason"] or "cannot be used" in r["reason"] for r in ratings)
    assert all(rating["cost"] == 0 for rating in ratings)
    assert str(tmp_path) not in (folder / "run.json").read_text(encoding="utf-8")


def test_a_checkpoint_that_is_not_there_is_a_sentence(mibench, small_suite, tmp_path):
    folder, suite = tmp_path / "run", small_suite(1)
    assert mibench("generate", "--suite", suite, "--out", folder).returncode == 0
    done = mibench("judge", folder, "--judge", f"hf/{tmp_path / 'nowhere'}", "--suite", suite)
    assert done.returncode == 2
    assert "could not be loaded" in done.stderr
    assert "Traceback" not in done.stderr
