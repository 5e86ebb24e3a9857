"""Claims about vLLM in our own process: as judge, and under lm-eval as the model that is measured."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

SETTINGS = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "VLLM_CPU_KVCACHE_SPACE": "1"}


def children(pid):
    """Process ids of everything below `pid`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found + [lower for child in found for lower in children(child)]


def alive(pids):
    """Those still there, zombies left out."""
    found = []
    for pid in pids:
        with suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(pid)
    return found


def started(folder, checkpoint, calls):
    """A judging process that has answered so many calls."""
    command = [sys.executable, "-m", "mibench", "judge", str(folder), "--judge", f"vllm/{checkpoint}"]
    process = subprocess.Popen(
        command, env={**os.environ, **SETTINGS}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    path = folder / "calls.jsonl"
    while process.poll() is None and (not path.exists() or path.read_bytes().count(b"\n") < calls):
        time.sleep(0.01)
    return process


def test_an_engine_that_dies_is_a_sentence_and_the_same_command_goes_on_and_leaves_nothing_behind(
    answering_checkpoint, answered
):
    folder = answered(40)
    process = started(folder, answering_checkpoint, 1)
    engine = next(pid for pid in children(process.pid) if "EngineCore" in Path(f"/proc/{pid}/cmdline").read_text())
    os.kill(engine, signal.SIGKILL)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said[-3000:]
    assert "mibench: The judge cannot go on: vllm/tiny-mi stopped: vLLM's engine died" in said
    kept = (folder / "calls.jsonl").read_bytes()
    assert 1 <= kept.count(b"\n") < 40

    process = started(folder, answering_checkpoint, kept.count(b"\n") + 1)
    below = children(process.pid)
    told, said = process.communicate(timeout=300)
    assert process.returncode == 0, said[-3000:]
    assert told == f"40 ratings in {folder / 'ratings.jsonl'}\n", "vLLM's log is not on standard output"
    assert "Traceback" not in said
    assert len(below) >= 2
    end = time.monotonic() + 30  # under load one of them outlives its parent by a moment
    while alive(below) and time.monotonic() < end:
        time.sleep(0.1)
    assert alive(below) == []
    assert (folder / "calls.jsonl").read_bytes().startswith(kept)
    calls = [json.loads(line) for line in (folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({call["key"] for call in calls}) == len(calls)
    whole = [json.loads(call["text"]) for call in calls if call.get("finish", "stop") == "stop"]
    assert len(whole) >= 20
    assert all(0 <= share <= 100 for answer in whole for share in answer["shares"].values())
    assert sum(call.get("tokens_cached", 0) for call in calls) > 0.5 * sum(call["tokens_in"] for call in calls)


def test_a_checkpoint_that_is_not_there_is_a_sentence(mibench, answered, tmp_path):
    folder = answered(1)
    for path, said in ((tmp_path / "nowhere", "there is no folder"), (tmp_path, "could not be loaded")):
        done = mibench("judge", folder, "--judge", f"vllm/{path}", env=SETTINGS)
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_lm_eval_asks_it_as_the_model_that_is_measured(mibench, answering_checkpoint, small_suite, tmp_path):
    done = mibench(
        "generate", "--suite", small_suite(3), "--out", tmp_path / "out", "--model", "vllm", "--gen-kwargs", "max_gen_toks=12",
        "--model-args", f"pretrained={answering_checkpoint},dtype=float32,max_model_len=4096,enforce_eager=True", env=SETTINGS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == f"6 replies in {tmp_path / 'out/replies.jsonl'}\n"
    replies = [json.loads(line) for line in (tmp_path / "out/replies.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(replies) == 6
    assert all(reply["tokens_in"] > 20 for reply in replies)
    manifest = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert manifest["model"]["chat_template"] == "applied"
