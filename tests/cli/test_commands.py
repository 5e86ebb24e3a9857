"""Claims about whole commands, each in its own process."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


def lines(path):
    try:
        return path.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def records(path):
    """Records without what differs between any two runs: seconds."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in record.items() if key != "seconds"} for record in found]


@pytest.fixture
def slow_model(mibench, tmp_path):
    """Arguments for a scripted counsellor that takes 2 ms a reply, and the run of it that nobody disturbed."""
    script = tmp_path / "script.jsonl"
    first = mibench("generate", "--out", tmp_path / "source")
    assert first.returncode == 0, first.stderr
    script.write_bytes((tmp_path / "source/replies.jsonl").read_bytes())
    model = ("--model", "scripted", "--model-args", f"path={script},delay=0.002", "--no-anchors")
    done = mibench("run", *model, "--out", tmp_path / "undisturbed")
    assert done.returncode == 0, done.stderr
    return model, tmp_path / "undisturbed"


def start(*args, cwd):
    return subprocess.Popen(
        [sys.executable, "-m", "mibench", *map(str, args)], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a background job ignores it
    )  # fmt: skip


def test_a_run_killed_twenty_times_ends_as_if_never_killed(mibench, slow_model, tmp_path, root):
    model, undisturbed = slow_model
    folder = tmp_path / "killed"
    whole = lines(undisturbed / "replies.jsonl") + lines(undisturbed / "ratings.jsonl")
    rng = random.Random(time.time_ns())
    for target in sorted(rng.randrange(whole) for _ in range(20)):
        process = start("run", *model, "--out", folder, cwd=root)
        while lines(folder / "replies.jsonl") + lines(folder / "ratings.jsonl") < target and process.poll() is None:
            time.sleep(0.001)
        time.sleep(rng.random() * 0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done = mibench("run", *model, "--out", folder)
    assert done.returncode == 0, done.stderr
    assert records(folder / "replies.jsonl") == records(undisturbed / "replies.jsonl")
    assert records(folder / "ratings.jsonl") == records(undisturbed / "ratings.jsonl")
    rounds = [record["round"] for record in records(folder / "replies.jsonl")]
    assert len(rounds) == len(set(rounds))
    assert (
        json.loads((folder / "scores.json").read_text())["estimates"]
        == (json.loads((undisturbed / "scores.json").read_text())["estimates"])
    )


def test_ctrl_c_keeps_everything_says_so_and_exits_130(mibench, slow_model, tmp_path, root):
    model, undisturbed = slow_model
    folder = tmp_path / "stopped"
    process = start("run", *model, "--out", folder, cwd=root)
    while lines(folder / "replies.jsonl") < 20:
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Finished work is kept" in said
    assert b"Traceback" not in said
    kept = lines(folder / "replies.jsonl")
    assert kept >= 20
    assert mibench("run", *model, "--out", folder).returncode == 0
    assert records(folder / "replies.jsonl") == records(undisturbed / "replies.jsonl")


def test_two_processes_cannot_work_in_one_folder(mibench, slow_model, tmp_path, root):
    model, _ = slow_model
    process = start("run", *model, "--out", tmp_path / "busy", cwd=root)
    while lines(tmp_path / "busy/replies.jsonl") < 1:
        time.sleep(0.005)
    second = mibench("run", *model, "--out", tmp_path / "busy")
    process.kill()
    process.communicate()
    assert second.returncode == 2
    assert "Another mibench is at work" in second.stderr


def test_the_stages_one_by_one_equal_run(mibench, tmp_path):
    common = ("--model", "adviser", "--limit", "25")
    assert mibench("run", *common, "--no-anchors", "--out", tmp_path / "whole").returncode == 0
    assert mibench("generate", *common, "--out", tmp_path / "parts").returncode == 0
    for stage in ("judge", "score", "report"):
        done = mibench(stage, tmp_path / "parts")
        assert done.returncode == 0, done.stderr
    for name in ("replies.jsonl", "ratings.jsonl"):
        assert records(tmp_path / "parts" / name) == records(tmp_path / "whole" / name)
    parts, whole = (json.loads((tmp_path / name / "scores.json").read_text()) for name in ("parts", "whole"))
    assert parts["estimates"] == whole["estimates"]
    assert (tmp_path / "parts/report.html").is_file()


def test_json_is_the_only_thing_on_standard_output(mibench, tmp_path):
    done = mibench("run", "--limit", 12, "--no-anchors", "--json", "--out", tmp_path / "run")
    assert done.returncode == 0
    assert json.loads(done.stdout)["juries"][0]["rated"] == 12
    assert done.stderr == ""


def test_the_table_shows_the_anchors_and_chinese_is_not_garbled(mibench, tmp_path):
    done = mibench("run", "--limit", 12, "--out", tmp_path / "跑一次")
    assert done.returncode == 0
    assert "reference" in done.stdout
    assert "adviser" in done.stdout
    assert "跑一次/report.html" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if "Report" not in line) <= 80


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("run", "--suite", "mi_hz"), "No suite is called “mi_hz”. Did you mean mi_zh?"),
        (("run", "--model", "gpt9"), "No model is called “gpt9”."),
        (("run", "--judge", "gpt9"), "No judge is called “gpt9”."),
        (("run", "--limit", "0"), "--limit"),
        (("run", "--model-args", "pretrained"), "“pretrained” is no key=value"),
        (("score", "nowhere"), "is no run folder"),
        (("judges", "validate", "offline", "--against", "gold"), "“gold” is nothing to validate against"),
        (("run", "--modell", "x"), "--model"),
        (("rum",), "rum"),
    ],
)
def test_a_users_mistake_is_one_sentence_and_exit_2(mibench, tmp_path, args, said):
    done = mibench(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").rglob("replies.jsonl"))


def test_a_broken_suite_file_is_named_with_its_line(mibench, small_suite, made, tmp_path):
    folder = small_suite(lines=[made(1), "{broken\n"])
    done = mibench("run", "--suite", folder, cwd=tmp_path)
    assert done.returncode == 2
    assert "dialogues.jsonl:2:" in done.stderr


def test_a_suite_of_ones_own_runs_from_its_folder(mibench, small_suite, tmp_path):
    done = mibench("run", "--suite", small_suite(3), "--out", tmp_path / "run", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["juries"][0]["rated"] == 6


def test_another_model_in_the_same_folder_is_refused(mibench, tmp_path):
    assert mibench("run", "--limit", 3, "--no-anchors", "--out", tmp_path / "run").returncode == 0
    before = (tmp_path / "run/replies.jsonl").read_bytes()
    done = mibench("run", "--model", "adviser", "--limit", 3, "--no-anchors", "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "holds another run: its model is “reflector”, this one's is “adviser”" in done.stderr
    assert (tmp_path / "run/replies.jsonl").read_bytes() == before


def test_a_raised_limit_goes_on_in_the_same_folder(mibench, tmp_path):
    assert mibench("run", "--limit", 5, "--no-anchors", "--out", tmp_path / "run").returncode == 0
    done = mibench("run", "--limit", 9, "--no-anchors", "--json", "--out", tmp_path / "run")
    assert json.loads(done.stdout)["juries"][0]["rated"] == 9
    assert lines(tmp_path / "run/replies.jsonl") == 9


def test_too_little_coverage_exits_3_and_says_how_much(mibench, small_suite, tmp_path):
    script = tmp_path / "codes.jsonl"
    script.write_text(json.dumps({"round": "zh-made-01/01", "codes": ["Q"]}) + "\n")
    common = ("run", "--suite", small_suite(2), "--judge", f"scripted:{script}", "--out", tmp_path / "run")
    done = mibench(*common)
    assert done.returncode == 3
    assert "only 1 of 4 rounds are rated by scripted:codes.jsonl (25.0%" in done.stderr
    assert mibench(*common, "--min-coverage", "0.2").returncode == 0


def test_a_folder_that_cannot_be_written_is_a_sentence(mibench, tmp_path):
    (tmp_path / "file").write_text("")
    done = mibench("run", "--limit", 3, "--out", tmp_path / "file" / "run")
    assert done.returncode == 1
    assert "Cannot write in" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_disk_that_fills_up_is_a_sentence(mibench, tmp_path):
    folder = tmp_path / "run"
    assert mibench("generate", "--limit", 3, "--out", folder).returncode == 0
    (folder / "ratings.jsonl").symlink_to("/dev/full")
    done = mibench("judge", folder)
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    assert lines(folder / "replies.jsonl") == 3
