"""Claims about a real local Ray cluster of two workers: the same run as in one process, also when a worker is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    find_spec("ray") is None, reason="needs Ray, in an environment of its own: make test-ray"
)
RAY = ("--engine", "ray", "--workers", "2")
SHORT = "max_gen_toks=12"


def rows(path, *changing):
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in row.items() if key not in {"seconds", *changing}} for row in found]


def by(key, found):
    return sorted(found, key=lambda row: row[key])


def assert_same_scores(one, other):
    found = [json.loads((folder / "scores.json").read_text(encoding="utf-8")) for folder in (one, other)]
    for scores in found:
        for judge in scores["judges"]:
            del judge["seconds"]
    assert found[0] == found[1]


def arguments(checkpoint, suite, **generation):
    settings = ",".join([SHORT, *(f"{key}={value}" for key, value in generation.items())])
    return (
        "--model", "hf", "--model-args", f"pretrained={checkpoint},dtype=float32,device=cpu", "--suite", suite,
        "--gen-kwargs", settings, "--batch-size", "4", "--save-every", "2", "--no-anchors",
    )  # fmt: skip


@pytest.mark.parametrize("generation", [{}, {"do_sample": "true", "temperature": 0.9}], ids=["greedy", "sampled"])
def test_a_run_on_the_cluster_is_the_run_of_one_process_with_the_same_seed(
    mibench, tiny_checkpoint, small_suite, tmp_path, generation
):
    common = arguments(tiny_checkpoint(), small_suite(6), **generation)
    for name, engine in (("local", ()), ("ray", RAY)):
        done = mibench("run", *common, *engine, "--seed", 3, "--out", tmp_path / name)
        assert done.returncode == 0, done.stderr
    local, ray = tmp_path / "local", tmp_path / "ray"
    assert len({row["text"] for row in rows(local / "replies.jsonl")}) > (3 if generation else 0)
    assert by("round", rows(ray / "replies.jsonl")) == by("round", rows(local / "replies.jsonl"))
    assert by("subject", rows(ray / "ratings.jsonl")) == by("subject", rows(local / "ratings.jsonl"))
    assert_same_scores(local, ray)
    before = (ray / "replies.jsonl").read_bytes(), (ray / "ratings.jsonl").read_bytes()
    again = mibench("run", *common, *RAY, "--seed", 3, "--out", ray)
    assert again.returncode == 0, again.stderr
    assert ((ray / "replies.jsonl").read_bytes(), (ray / "ratings.jsonl").read_bytes()) == before


def workers():
    """Process ids of Ray's workers that hold one of ours."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if b"ray::_Worker" in path.read_bytes() or b"ray::_AsyncWorker" in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def kill_one_after(command, path, lines):
    """Run a command; once the file has so many lines, kill a worker of Ray's the hard way. Returns (code, stderr)."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mibench", *map(str, command)], env={**os.environ, "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    others = set(workers())
    while process.poll() is None and (not path.exists() or path.read_bytes().count(b"\n") < lines):
        time.sleep(0.005)
    victims = [pid for pid in workers() if pid not in others]
    assert process.poll() is None, process.communicate()[1]
    assert victims
    os.kill(victims[0], signal.SIGKILL)
    _, said = process.communicate(timeout=300)
    return process.returncode, said


def test_a_killed_workers_rounds_are_answered_again_and_none_twice(mibench, tiny_checkpoint, small_suite, tmp_path):
    common = arguments(tiny_checkpoint(), small_suite(40))[:-1]
    done = mibench("generate", *common, "--out", tmp_path / "local")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "ray"
    code, said = kill_one_after(("generate", *common, *RAY, "--out", out), out / "replies.jsonl", 4)
    assert code == 0, said
    found = rows(out / "replies.jsonl")
    assert len(found) == len({row["round"] for row in found}) == 80
    assert by("round", found) == by("round", rows(tmp_path / "local/replies.jsonl"))


def test_a_checkpoint_judges_on_the_cluster_as_in_one_process_and_survives_a_kill(
    mibench, inclined_checkpoint, small_suite, tmp_path
):
    yes_and_no = {"æ": 5, "å": 5}  # what 是 and 否 begin with in bytes
    judge = f"panel+logprobs:hf/{inclined_checkpoint(yes_and_no)}"
    suite = small_suite(8)
    for name in ("local", "ray"):
        done = mibench("generate", "--suite", suite, "--out", tmp_path / name)
        assert done.returncode == 0, done.stderr
    done = mibench("judge", tmp_path / "local", "--suite", suite, "--judge", judge)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "ray"
    code, said = kill_one_after(("judge", out, "--suite", suite, "--judge", judge, *RAY), out / "calls.jsonl", 8)
    assert code == 0, said
    calls = rows(out / "calls.jsonl")
    assert len({call["key"] for call in calls}) == len(calls)
    local = by("key", rows(tmp_path / "local/calls.jsonl"))
    assert [call["key"] for call in by("key", calls)] == [call["key"] for call in local]
    ratings = [by("subject", rows(folder / "ratings.jsonl")) for folder in (tmp_path / "local", out)]
    assert len(ratings[0]) == 16
    for one, other in zip(*ratings, strict=True):
        assert one["status"] == other["status"]
        assert one.get("counts", {}) == pytest.approx(other.get("counts", {}), abs=1e-4)


def test_what_a_person_can_mend_comes_back_from_a_worker_as_a_sentence(mibench, small_suite, tmp_path):
    done = mibench("generate", *arguments(tmp_path / "nowhere", small_suite(1))[:-1], *RAY, "--out", tmp_path / "out")
    assert done.returncode == 2, done.stderr
    assert "could not be loaded" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cluster_that_is_not_there_is_a_sentence(mibench, small_suite, tmp_path):
    command = ("generate", "--suite", small_suite(1), "--engine", "ray", "--out", tmp_path / "out")
    done = mibench(*command, env={"RAY_ADDRESS": "127.0.0.1:1"})
    assert done.returncode == 2, done.stderr
    assert "No Ray cluster 127.0.0.1:1" in done.stderr
