"""Claims about the whole product on one tiny model: train, merge, run, judge, submit, site. `make test-finetune` runs them."""

import json
import os

import pytest

if not os.environ.get("MIBENCH_TEST_FINETUNE"):
    pytest.skip("trains a model and answers a whole suite: make test-finetune", allow_module_level=True)
pytest.importorskip("trl", reason="needs the finetune extra")

from mibench.cli.main import COMMANDS

SMALL = ("scratch.layers=1", "scratch.hidden=32", "scratch.intermediate=64", "scratch.epochs=0.1", "lora_rank=8", "max_steps=4", "evaluate_every=2")  # fmt: skip


@pytest.fixture(scope="module")
def done(mibench, root, tmp_path_factory):
    """A folder with a merged checkpoint and its run on mi_zh, made by the commands of finetune/README.md."""
    folder = tmp_path_factory.mktemp("product")
    merged = f"pretrained={folder / 'merged'},dtype=float32,device=cpu"
    for line in (
        ("finetune", "prepare", root / "finetune/data/mi_zh_train.jsonl", "--out", folder / "prepared"),
        ("finetune", "train", "--recipe", "tiny", "--data", folder / "prepared", "--out", folder / "tuned", *SMALL),
        ("finetune", "merge", folder / "tuned", "--out", folder / "merged"),
        ("run", "--model", "hf", "--model-args", merged, "--gen-kwargs", "max_gen_toks=8", "--batch-size", 32, "--out", folder / "run"),
    ):  # fmt: skip
        made = mibench(*line)
        assert made.returncode == 0, (line, made.stderr)
    return folder


def test_dialogues_become_a_judged_run(done):
    scores = json.loads((done / "run/scores.json").read_text(encoding="utf-8"))
    assert (done / "run/replies.jsonl").read_text(encoding="utf-8").count("\n") == 445
    assert any(row["metric"] == "bleu_4" for row in scores["estimates"])
    assert "<html" in (done / "run/report.html").read_text(encoding="utf-8")


@pytest.mark.skipif("submit" not in COMMANDS, reason="there is no mibench submit yet")
def test_the_run_becomes_a_checked_submission_that_says_what_it_was_tuned_on(done, mibench):
    made = mibench(
        "submit", "bundle", done / "run", "--name", "tiny", "--organisation", "mibench", "--date", "2026-11-24", "--yes",
        "--out", done / "submissions",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (bundle,) = (done / "submissions").iterdir()
    said = (bundle / "submission.yaml").read_text(encoding="utf-8")
    assert "fine_tuned: yes" in said.replace('"', "").replace("'", "")
    checked = mibench("submit", "check", bundle, "--submissions", done / "submissions")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(not {"submit", "leaderboard"} <= COMMANDS.keys(), reason="there is no mibench leaderboard yet")
def test_the_submission_becomes_a_row_of_the_site(done, mibench):
    built = mibench("leaderboard", "build", "-o", done / "site", "--submissions", done / "submissions")
    assert built.returncode == 0, built.stderr
    assert ">tiny<" in (done / "site/index.html").read_text(encoding="utf-8").replace("\n", "")
