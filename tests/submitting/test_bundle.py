import gzip
import json
import os
import pty
import random
import shutil
import string
import subprocess
import sys

import pytest

from mibench import board
from mibench.errors import Incomplete, RunConflict, UsageError
from mibench.submitting.names import slug
from mibench.submitting.stripping import Stripper

from .conftest import SAID

WHO = ("--name", "Model A", "--organisation", "Lab One", "--date", "2026-11-24")


def everything(folder):
    """All words of a submission, unpacked."""
    return "\n".join(
        (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


@pytest.fixture
def run(finished, tmp_path):
    """A copy of the reflector's run that may be spoiled."""
    return shutil.copytree(finished("reflector"), tmp_path / "run")


def change(run, **manifest):
    path = run / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **manifest}), encoding="utf-8")


def test_a_bundle_says_what_was_written_and_what_to_do_next(mibench, finished, tmp_path):
    done = mibench("submit", "bundle", finished("reflector"), *WHO, "--out", tmp_path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "model-a_lab-one_2026-11-24"
    assert sorted(path.name for path in folder.iterdir()) == ["SHA256SUMS", "mi_zh", "submission.yaml"]
    assert "mi_zh/replies.jsonl.gz" in done.stdout
    assert f"mibench submit check {folder}" in done.stdout
    assert "mibench run --suite mi_zh --model reflector" in done.stdout  # guessed, and said from where
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, check=False).returncode == 0


def test_the_same_runs_and_answers_give_the_same_bytes(finished, bundled, tmp_path):
    answers = {**{field: guess.value for field, guess in board.guess([finished("reflector")]).items()}, **SAID}
    again = board.bundle([finished("reflector")], answers, tmp_path)[0].folder
    first = bundled("reflector")
    for path in first.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(first)).read_bytes() == path.read_bytes(), path


def test_paths_users_hosts_and_keys_stay_at_home(run, tmp_path):
    key = "sk-" + "a1B2" * 8
    model = json.loads((run / "run.json").read_text(encoding="utf-8"))["model"]
    args = {
        "pretrained": "/home/anna/ckpt/step-200", "peft": "C:\\Users\\anna\\adapter", "tokenizer": "~/tok",
        "base_url": "http://bob:pw@gpu-7.internal:8000/v1", "note": f"anna used {key} on 10.0.0.12",
        "weights": "https://hub.example.org/org/model",
    }  # fmt: skip
    change(run, model={**model, "name": "hf", "args": args})
    ratings = (run / "ratings.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(ratings[0])
    reason = "no answer from http://gpu-7.internal:8000 (/home/anna/log.txt)"
    ratings[0] = json.dumps({**first, "status": "unrated", "reason": reason, "counts": {}})
    (run / "ratings.jsonl").write_text("\n".join(ratings) + "\n", encoding="utf-8")
    from mibench import api
    from mibench.records import RunFolder
    from mibench.suites import load_suite

    api.score_stage(RunFolder(run), load_suite("mi_zh"), "offline")
    written, said = board.bundle([run], {**SAID, "command": "python /home/anna/run.py --x ./here/y"}, tmp_path / "out")
    words = everything(written.folder)
    for secret in ("anna", "bob", "gpu-7", "10.0.0.12", "/home", "C:\\", key, "Users"):
        assert secret not in words, secret
    published = json.loads((written.folder / "mi_zh/run.json").read_text(encoding="utf-8"))["model"]["args"]
    assert published["pretrained"] == "step-200"
    assert published["base_url"] == "http://host:8000/v1"
    assert published["weights"] == "https://hub.example.org/org/model"
    assert said.command == "python run.py --x y"
    report = board.check(written.folder, offline=False)
    assert [finding.what for finding in report.findings if finding.severity == "error"] == []


def test_words_that_only_look_like_paths_are_left_alone():
    stripper = Stripper(["anna", "root"])
    for text in (
        "and/or",
        "是/否",
        "1 / 2",
        "ORG/MODEL",
        "https://example.org/a/b",
        "zh-smoking-01/03",
        "hannah",
        "root",
    ):
        assert stripper.text(text) == text
    assert stripper.text("hello anna, see /data/x/y.txt") == "hello removed, see y.txt"


def test_a_run_with_a_limit_is_not_bundled(mibench, tmp_path):
    assert mibench("run", "--limit", 12, "--no-anchors", "--out", tmp_path / "short").returncode == 0
    done = mibench("submit", "bundle", tmp_path / "short", *WHO, "--out", tmp_path)
    assert done.returncode == 3
    assert "--limit 12" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_that_lacks_a_round_is_not_bundled(run, tmp_path):
    lines = (run / "replies.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (run / "replies.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(Incomplete, match="lacks 1 of 445 rounds"):
        board.bundle([run], SAID, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_on_another_text_or_scored_before_a_change_is_not_bundled(run, tmp_path):
    manifest = json.loads((run / "run.json").read_text(encoding="utf-8"))
    change(run, judges={"offline": "0" * 64})
    with pytest.raises(RunConflict, match="mibench score"):
        board.bundle([run], SAID, tmp_path)
    change(run, judges=manifest["judges"], suite_digest="0" * 64)
    with pytest.raises(RunConflict, match="another text"):
        board.bundle([run], SAID, tmp_path)


def test_a_bundle_is_of_one_model_and_one_run_a_suite(finished):
    with pytest.raises(UsageError, match="two models"):
        board.guess([finished("reflector"), finished("adviser")])
    with pytest.raises(UsageError, match="same suite"):
        board.guess([finished("reflector"), finished("reflector")])


def test_ratings_of_older_replies_and_other_judges_stay_behind(run, tmp_path):
    first = json.loads((run / "ratings.jsonl").read_text(encoding="utf-8").splitlines()[0])
    with (run / "ratings.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**first, "reply_digest": "0" * 64}) + "\n")
        file.write(json.dumps({**first, "judge": "scripted:x", "judge_digest": "1" * 64}) + "\n")
    folder = board.bundle([run], SAID, tmp_path / "out")[0].folder
    assert len(gzip.decompress((folder / "mi_zh/ratings.jsonl.gz").read_bytes()).splitlines()) == 445


def test_more_than_10_mb_is_refused_before_anything_is_written(run, tmp_path):
    rng = random.Random(0)
    lines = [json.loads(line) for line in (run / "replies.jsonl").read_text(encoding="utf-8").splitlines()]
    letters = string.ascii_letters + string.digits
    long = [{**line, "text": "".join(rng.choices(letters, k=35_000))} for line in lines]
    (run / "replies.jsonl").write_text("".join(json.dumps(line) + "\n" for line in long), encoding="utf-8")
    with pytest.raises(UsageError, match=r"at most 10 MB.*replies\.jsonl\.gz"):
        board.bundle([run], SAID, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_missing_is_named_where_nobody_can_be_asked(mibench, finished, tmp_path):
    done = mibench("submit", "bundle", finished("reflector"), "--out", tmp_path)
    assert done.returncode == 2
    assert "--organisation" in done.stderr
    done = mibench("submit", "bundle", finished("reflector"), *WHO, "--url", "http://x", "--out", tmp_path)
    assert done.returncode == 2
    assert "--url: " in done.stderr
    assert "https://" in done.stderr


def test_on_a_terminal_what_is_missing_is_asked_for_and_a_wrong_answer_is_asked_again(finished, tmp_path):
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mibench", "submit", "bundle", finished("reflector"), "--out", tmp_path,
         "--open-weights", "yes", "--date", "2026-11-24"],
        stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "TERM": "dumb"},
    )  # fmt: skip
    answers = [
        "My Model",
        "",
        "A Lab",
        "MIT",
        "big",
        "7",
        "no",
        "",
        "",
        "unknown",
        "javascript:x",
        "https://example.org",
        "",
    ]
    os.write(master, "".join(f"{answer}\n" for answer in answers).encode())
    os.close(slave)
    said = b""
    while True:
        try:
            said += os.read(master, 65536)
        except OSError:
            break
    assert process.wait(60) == 0, said.decode()
    text = (tmp_path / "my-model_a-lab_2026-11-24/submission.yaml").read_text(encoding="utf-8")
    assert "parameters: 7.0" in text
    assert "url: https://example.org" in text
    assert "licence: MIT" in text


def test_what_fine_tuning_left_beside_the_weights_is_read(run, tmp_path):
    checkpoint = tmp_path / "step-200"
    checkpoint.mkdir()
    (checkpoint / "mibench_finetune.json").write_text(json.dumps(finetune_record()), encoding="utf-8")
    model = json.loads((run / "run.json").read_text(encoding="utf-8"))["model"]
    change(run, model={**model, "name": "hf", "args": {"pretrained": str(checkpoint)}})
    guesses = {field: guess.value for field, guess in board.guess([run]).items()}
    assert guesses["base_model"] == "base-8b"
    assert guesses["fine_tuned"] == guesses["saw_the_suites"] == "yes"
    assert "3 of 40 conversations share words with mi_zh" in guesses["overlap"]
    assert "pretrained=step-200" in guesses["command"]


def finetune_record():
    """mibench_finetune.json as `mibench finetune merge` writes it, of data that overlaps a suite."""
    from mibench.tuning.merging import Merged
    from mibench.tuning.prepare import Prepared
    from mibench.tuning.recipe import load_recipe
    from mibench.tuning.training import Training, Tuned

    overlap = {"suite": "mi_zh", "suite_digest": "0" * 64, "conversations": 3, "of": 40}
    data = Prepared(
        sources=(), train=36, valid=4, groups=40, seed=0, digest="0" * 64, overlap=[overlap], overlap_allowed=True
    )
    tuned = Tuned(
        training=Training(recipe=load_recipe("tiny"), data=data), base="/home/anna/base-8b", base_revision="files-0",
        best_loss=1.0, best_step=1, steps=1, truncated=0, dropped=0, tokens=1, seconds=1.0, device="cpu", versions={},
        finished="2026-11-24T00:00:00+00:00",
    )  # fmt: skip
    merged = Merged(base=tuned.base, base_revision="files-0", training=tuned, overlap_allowed=True, difference=0.0)
    return merged.model_dump(mode="json")


def test_a_slug_is_never_a_path():
    for words, expected in (
        ("../../etc/passwd", "etc-passwd"), ("Qwen2.5 7B_Instruct", "qwen2.5-7b-instruct"), ("百川 2", "百川-2"),
        ("..", "unnamed"), ("<script>", "script"), ("x" * 500, "x" * 60),
    ):  # fmt: skip
        assert slug(words) == expected
