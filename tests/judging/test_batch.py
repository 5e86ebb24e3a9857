"""Claims about judging in batches: the real SDKs against local Batch APIs, processes killed between sending and fetching."""

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from mibench.api import judge_stage
from mibench.cli.main import _exit_code, cli
from mibench.judging import Batching, JudgeSettings
from mibench.records import RunFolder
from mibench.suites import load_suite

pytest.importorskip("openai", reason="needs the judges extra")
pytest.importorskip("anthropic", reason="needs the judges extra")

SPECS = ("panel:openai/gpt-4.1", "panel:openai/o3-pro", "codes:anthropic/claude-x")
COMPANIES = ("panel:openai/gpt-4.1", "panel:anthropic/claude-x")
PRICES = """
openai/gpt-4.1: {input: 20, output: 80, batch: 0.5, as_of: '2026-11-01', source: made up}
"""


@pytest.fixture(scope="session")
def sixty(tmp_path_factory, mibench):
    folder = tmp_path_factory.mktemp("sixty") / "run"
    done = mibench("generate", "--limit", 60, "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run_of(sixty, tmp_path):
    """run_of("name") → a fresh run folder of forty replies."""

    def copy(name="run"):
        folder = shutil.copytree(sixty, tmp_path / name)
        all_lines = (folder / "replies.jsonl").read_bytes().splitlines(keepends=True)
        (folder / "replies.jsonl").write_bytes(b"".join(all_lines[:40]))
        return folder

    return copy


@pytest.fixture
def prices(tmp_path):
    path = tmp_path / "prices.yaml"
    path.write_text(PRICES)
    return path


def command(server, *args, **env):
    """A whole command in this process, which has loaded the libraries already."""
    out, error = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, server.env | env), redirect_stdout(out), redirect_stderr(error):
        code = _exit_code(cli, [str(arg) for arg in args])
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=error.getvalue())


def judge(server, folder, spec, *options, **env):
    return command(server, "judge", folder, "--judge", spec, *options, **env)


def small_batches(folder, spec, *, wait):
    """Judge in batches of five questions, whose sending is given up after one second and a half."""
    found = RunFolder(folder)
    plan = Batching(send=True, wait=wait, poll=0.1, requests=5, grace=1.5)
    with found.locked():
        judge_stage(found, load_suite("mi_zh"), spec, settings=JudgeSettings(batching=plan))


def finish(server, folder, spec):
    with patch.dict(os.environ, server.env):
        small_batches(folder, spec, wait=True)


def in_its_own_process(server, folder, spec):
    """`small_batches` where it can be killed."""
    return subprocess.Popen(
        [sys.executable, __file__, str(folder), spec],
        env=server.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def lines(path):
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def ratings(folder):
    """Subject → rating without what time and price may change; each subject is rated once."""
    found = lines(folder / "ratings.jsonl")
    assert len(found) == len({rating["subject"] for rating in found})
    return {r["subject"]: {k: v for k, v in r.items() if k not in ("seconds", "cost")} for r in found}


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def assert_no_secret(folder, *texts):
    found = [*texts, *(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())]
    assert not [text for text in found if "SECRET" in text or "Bearer" in text or "x-api-key" in text.lower()]


@pytest.mark.parametrize("spec", SPECS)
def test_a_batch_sent_by_a_killed_process_is_fetched_by_a_later_one_and_rates_as_live(server, run_of, spec):
    running, calm = server("--faults", 0.3, "--expired", 0.2, "--polls", 1), server("--faults", 0.3)
    folder, other = run_of(), run_of("live")
    sending = subprocess.Popen(
        [sys.executable, "-m", "mibench", "judge", str(folder), "--judge", spec, "--batch", "--wait"],
        env=running.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: any(line["event"] == "sent" for line in lines(folder / "batches.jsonl")))
    kill(sending)
    done = judge(running, folder, spec, "--batch", "--wait", "--poll", 1)
    assert done.returncode == 0, done.stderr
    assert judge(calm, other, spec).returncode == 0
    assert ratings(folder) == ratings(other)
    assert {line["key"] for line in lines(folder / "calls.jsonl")} == {
        line["key"] for line in lines(other / "calls.jsonl")
    }
    first, *later = running.stats()["batches"]
    assert first == 40
    assert 0 < sum(later) < 40, "what failed, and repairs, go into later rounds, and nothing else"
    assert_no_secret(folder, done.stdout, done.stderr)


@pytest.mark.parametrize("spec", COMPANIES)
def test_killed_again_and_again_while_sending_no_question_is_paid_twice(server, run_of, spec):
    running, calm = server("--slow", 0.04), server()
    folder, other = run_of(), run_of("live")
    rng = random.Random(time.time_ns())
    kills = 0
    for target in sorted(rng.randrange(12) for _ in range(4)):
        process = in_its_own_process(running, folder, spec)
        wait_for(lambda: len(lines(folder / "batches.jsonl")) > target or process.poll() is not None)  # noqa: B023
        time.sleep(rng.random() * 0.12)
        kills += process.poll() is None
        kill(process)
    running.tell(slow=0)
    finish(running, folder, spec)
    assert kills >= 2
    assert max(running.stats()["answered"].values()) == 1
    assert judge(calm, other, spec).returncode == 0
    assert ratings(folder) == ratings(other)


@pytest.mark.parametrize("spec", COMPANIES)
@pytest.mark.parametrize("moment", [0.05, 0.6], ids=["before it is made", "before its id is told"])
def test_a_batch_whose_id_was_never_written_is_found_at_the_provider(server, run_of, spec, moment):
    running, folder = server("--slow", 0.4), run_of()
    process = in_its_own_process(running, folder, spec)
    wait_for(lambda: lines(folder / "batches.jsonl"))
    time.sleep(moment)
    kill(process)
    assert [line["event"] for line in lines(folder / "batches.jsonl")] == ["intended"]
    running.tell(slow=0)
    finish(running, folder, spec)
    assert running.stats()["batches"] == [5] * 8
    assert set(running.stats()["answered"].values()) == {1}


def test_a_batch_that_never_arrived_is_sent_again(server, run_of):
    folder = run_of()
    assert judge(server(), folder, SPECS[0], "--batch").returncode == 3
    path = folder / "batches.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    finish(server(), folder, SPECS[0])  # another server, where nothing has arrived
    assert [line["event"] for line in lines(path)[:2]] == ["intended", "lost"]
    assert len(ratings(folder)) == 40


@pytest.mark.parametrize("spec", COMPANIES)
def test_only_what_failed_is_sent_again(server, run_of, spec):
    running, folder = server("--expired", 0.4), run_of()
    first = judge(running, folder, spec, "--batch")
    assert first.returncode == 3
    company = "OpenAI" if "openai" in spec else "Anthropic"
    assert f"1 batch with 40 questions is with {company}; the same command later fetches them." in first.stderr
    second = judge(running, folder, spec, "--batch")
    assert second.returncode == 3
    size, again = running.stats()["batches"]
    assert size == 40
    assert 0 < again < 40
    assert f"1 batch with {again} questions is" in second.stderr
    assert len(ratings(folder)) == 40 - again
    assert judge(running, folder, spec, "--batch").returncode == 0
    assert set(running.stats()["answered"].values()) == {1}


def test_batch_and_live_mix_and_what_is_under_way_is_never_asked_live(server, run_of, sixty, prices):
    running, calm, spec = server("--polls", 99), server(), SPECS[0]
    folder, other = run_of(), run_of("live")
    options = ("--prices", prices)
    assert judge(running, folder, spec, "--batch", *options).returncode == 3
    for each in (folder, other):
        shutil.copy(sixty / "replies.jsonl", each)
    live = judge(running, folder, spec, *options)
    assert live.returncode == 3
    assert "Everything else is asked. 1 batch with 40 questions is with OpenAI" in live.stderr
    assert len(ratings(folder)) == 20
    running.tell(polls=0)
    done = judge(running, folder, spec, *options)
    assert done.returncode == 0, done.stderr
    assert set(running.stats()["answered"].values()) == {1}
    assert judge(calm, other, spec, *options).returncode == 0
    assert ratings(folder) == ratings(other)
    costs, full = ({line["key"]: line["cost"] for line in lines(f / "calls.jsonl")} for f in (folder, other))
    sent = lines(folder / "batches.jsonl")[0]["questions"]
    assert len(sent) == 40
    assert costs == {key: pytest.approx(cost * (0.5 if key in sent else 1)) for key, cost in full.items()}


def test_a_budget_covers_what_is_in_batches_too(server, run_of, prices):
    running, folder, spec = server("--polls", 99), run_of(), SPECS[0]
    options = ("--batch", "--prices", prices)
    most = json.loads(command(running, "estimate", folder, "--judge", spec, *options, "--json").stdout)["dollars"]
    cap = round(most * 0.6, 4)
    first = judge(running, folder, spec, *options, "--budget", cap)
    assert first.returncode == 3
    assert "wait for the budget" in first.stderr
    sent = running.stats()["batches"]
    assert 0 < sum(sent) < 40
    assert sum(line.get("most", 0) for line in lines(folder / "batches.jsonl")) <= cap
    assert judge(running, folder, spec, *options, "--budget", cap).returncode == 3
    live = judge(running, folder, spec, "--prices", prices, "--budget", cap)
    assert live.returncode == 3
    assert "could be passed" in live.stderr
    assert running.stats()["batches"] == sent
    spent = sum(line.get("cost") or 0 for line in lines(folder / "calls.jsonl"))
    assert spent + sum(line.get("most", 0) for line in lines(folder / "batches.jsonl")) <= cap
    running.tell(polls=0)
    stopped = judge(running, folder, spec, *options, "--budget", cap, "--wait", "--poll", 1)
    assert stopped.returncode in (0, 3), stopped.stderr
    assert sum(line["cost"] for line in lines(folder / "calls.jsonl")) <= cap
    done = judge(running, folder, spec, *options, "--budget", 100, "--wait", "--poll", 1)
    assert done.returncode == 0, done.stderr
    assert len(ratings(folder)) == 40
    assert set(running.stats()["answered"].values()) == {1}


@pytest.mark.parametrize("spec", COMPANIES)
def test_a_question_refused_for_good_is_unrated_with_its_reason_as_live(server, run_of, spec):
    running, folder, other = server("--refused", 0.2), run_of(), run_of("live")
    done = judge(running, folder, spec, "--batch", "--wait", "--poll", 1)
    assert done.returncode == 0, done.stderr
    assert len(running.stats()["batches"]) == 1
    assert judge(running, other, spec).returncode == 0
    found, live = ratings(folder), ratings(other)
    unrated = {key for key, rating in found.items() if rating["status"] == "unrated"}
    assert 0 < len(unrated) < 20
    assert unrated == {key for key, rating in live.items() if rating["status"] == "unrated"}
    assert all(
        "HTTP 400" in r[key]["reason"] and "too long" in r[key]["reason"] for r in (found, live) for key in unrated
    )


def test_a_question_that_came_back_unanswered_from_four_batches_is_unrated(server, run_of):
    running, folder, spec = server("--expired", 1.0), run_of(), SPECS[0]
    assert judge(running, folder, spec, "--batch").returncode == 3
    assert judge(running, folder, spec, "--batch").returncode == 3
    path = folder / "batches.jsonl"
    kept = path.read_text().splitlines()[:3]
    path.write_text("\n".join(kept + kept[2:] * 3) + "\n")
    assert judge(running, folder, spec, "--batch").returncode == 0
    assert {r["reason"] for r in ratings(folder).values()} == {"no answer in 4 batches, last: This request expired."}


@pytest.mark.parametrize("spec", COMPANIES)
def test_trouble_in_the_batch_calls_is_tried_again_without_paying_twice(server, run_of, spec):
    running, folder = server("--trouble"), run_of()
    done = judge(running, folder, spec, "--batch", "--wait", "--poll", 1)
    assert done.returncode == 0, done.stderr
    assert running.stats()["batches"] == [40]
    assert len(ratings(folder)) == 40


@pytest.mark.parametrize("spec", ["offline", "compatible/any", "hf/x", "scripted"])
def test_a_judge_without_a_batch_api_is_refused_before_anything_is_done(run_of, tmp_path, spec):
    if spec == "scripted":
        script = tmp_path / "answers.jsonl"
        script.write_text('{"text": "{}"}\n')
        spec = f"scripted/{script}"
    address = ("--judge-url", "http://localhost:1/v1") if "compatible" in spec else ()
    nowhere = SimpleNamespace(env={})
    done = judge(nowhere, run_of(), spec, *address, "--batch")
    assert done.returncode == 2
    assert "has no Batch API. openai/MODEL and anthropic/MODEL have one; leave --batch out." in done.stderr
    out = tmp_path / "new"
    assert command(nowhere, "run", "--out", out, "--judge", spec, *address, "--batch").returncode == 2
    assert not out.exists()


def test_run_goes_on_to_scores_once_the_batches_are_home(server, tmp_path):
    running, out = server(), tmp_path / "run"
    args = ("run", "--limit", 12, "--out", out, "--judge", "openai/gpt-4.1", "--batch")
    assert command(running, *args).returncode == 3
    done = command(running, *args)
    assert done.returncode == 0, done.stderr
    assert (out / "report.html").is_file()


def test_a_batch_refused_as_a_whole_and_a_full_queue_are_sentences(server, run_of):
    running, folder, other = server("--polls", 1), run_of(), run_of("queue")
    assert judge(running, folder, "openai/unfit-for-batches", "--batch").returncode == 3
    done = judge(running, folder, "openai/unfit-for-batches", "--batch")
    assert done.returncode == 1
    assert "OpenAI refused the batch batch_0001 as a whole" in done.stderr
    assert "line 1: The model has no batches." in done.stderr
    assert judge(running, other, "openai/small-queue", "--batch").returncode == 3
    full = judge(running, other, "openai/small-queue", "--batch")
    assert full.returncode == 1
    assert "takes no batch of 250 questions: Enqueued token limit reached." in full.stderr
    finish(running, other, "panel:openai/small-queue")
    assert len(ratings(other)) == 40, "smaller batches go one after another"


def test_a_batch_that_was_deleted_there_is_a_sentence(server, run_of):
    folder = run_of()
    assert judge(server(), folder, SPECS[0], "--batch").returncode == 3
    done = judge(server(), folder, SPECS[0], "--batch")
    assert done.returncode == 1
    assert "knows no batch batch_0001 under this key (HTTP 404)" in done.stderr


@pytest.mark.parametrize("spec", COMPANIES)
def test_a_wrong_key_is_one_sentence_whether_sending_or_fetching(server, run_of, spec):
    running, folder = server(), run_of()
    wrong = {"OPENAI_API_KEY": "wrong", "ANTHROPIC_API_KEY": "wrong"}
    sending = judge(running, folder, spec, "--batch", **wrong)
    assert [line["event"] for line in lines(folder / "batches.jsonl")] == ["intended", "lost"]
    assert judge(running, folder, spec, "--batch").returncode == 3
    fetching = judge(running, folder, spec, "--batch", **wrong)
    for done in (sending, fetching):
        assert done.returncode == 1
        assert "refuses the key (HTTP 401)" in done.stderr
    assert judge(running, folder, spec, "--batch").returncode == 0
    assert running.stats()["batches"] == [40]
    assert_no_secret(folder, sending.stderr, fetching.stderr)


if __name__ == "__main__":
    small_batches(Path(sys.argv[1]), sys.argv[2], wait=False)
