"""Claims about a real server that holds no answer to a schema: `transformers serve` on the tiny checkpoint."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

for library in ("torch", "openai", "fastapi", "uvicorn"):
    pytest.importorskip(library, reason="needs the hf, judges and dev extras")


@pytest.fixture(scope="module")
def serving(inclined_checkpoint, tmp_path_factory):
    """The address of a server, and the checkpoint it serves: one that soon falls silent."""
    checkpoint = inclined_checkpoint({",": 1, "<|im_end|>": 1.3})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log"
    command = [Path(sys.executable).with_name("transformers"), "serve", checkpoint, "--device", "cpu"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            env={**os.environ, "HF_HUB_OFFLINE": "1"}, stdout=out, stderr=out,
        )  # fmt: skip
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
            break
        time.sleep(0.2)
    else:
        process.kill()
        pytest.fail(f"transformers serve did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")
    yield f"http://127.0.0.1:{port}/v1", checkpoint
    process.kill()
    process.wait()


REASONS = (
    "the judge's answer cannot be used: the answer holds no JSON object",
    "the judge's answer cannot be used: the answer is empty",
    "the judge's answer was cut at its token limit",
)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_server_that_keeps_to_no_schema_is_given_up_after_three_answers_and_what_it_said_is_kept(
    serving, mibench, small_suite, tmp_path
):
    url, checkpoint = serving
    folder, suite = tmp_path / "run", small_suite(4)
    assert mibench("generate", "--suite", suite, "--model", "reference", "--out", folder).returncode == 0
    spec = ("--suite", suite, "--judge", f"compatible/{checkpoint}", "--judge-url", url, "--concurrency", 1)
    done = mibench("judge", folder, *spec)
    assert done.returncode == 1, done.stderr
    assert "The first three answers of the judge are of no use" in done.stderr
    assert "or a server that holds answers to a schema" in done.stderr
    assert "Traceback" not in done.stderr
    ratings, calls = lines(folder / "ratings.jsonl"), lines(folder / "calls.jsonl")
    assert [rating["status"] for rating in ratings] == ["unrated"] * 3
    assert all(rating["reason"].startswith(REASONS) for rating in ratings)
    assert len(calls) == len({call["key"] for call in calls})
    assert all(call["tokens_in"] > 1000 and call["tokens_out"] >= 1 for call in calls)
    mended = sum("cannot be used" in rating["reason"] for rating in ratings)
    assert len(calls) == 3 + mended, "an answer that cannot be read is asked for once more, and only once"
