"""Claims about judging over the wire: the real SDKs against a local server in another process, faults included."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

pytest.importorskip("openai", reason="needs the judges extra")
pytest.importorskip("anthropic", reason="needs the judges extra")

SPECS = ("panel:openai/gpt-4.1", "panel:openai/o3-pro", "codes:anthropic/claude-x", "panel:compatible/any")
LASTING = ("was cut at its token limit", "refused to answer", "the answer is empty")


def ratings(folder):
    found = [json.loads(line) for line in (folder / "ratings.jsonl").read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in rating.items() if key != "seconds"} for rating in found]


def by_subject(folder):
    return {(r["subject"], r.get("repeat", 0)): r for r in ratings(folder)}


def judge(mibench, server, folder, spec, *options):
    address = ("--judge-url", f"{server.url}/v1") if "compatible" in spec else ()
    return mibench("judge", folder, "--judge", spec, *address, *options, env=server.env)


@pytest.mark.parametrize("spec", SPECS)
def test_every_reply_is_rated_once_through_the_real_sdk(mibench, server, run_of, spec):
    running, folder = server(), run_of()
    done = judge(mibench, running, folder, spec)
    assert done.returncode == 0, done.stderr
    found = ratings(folder)
    assert len(found) == len({r["subject"] for r in found}) == len((folder / "replies.jsonl").read_bytes().splitlines())
    assert {r["status"] for r in found} == {"rated"}
    assert all(r["tokens_in"] > 100 and r["tokens_out"] == 60 for r in found)
    assert running.stats()["total"] == len(found)
    assert judge(mibench, running, folder, spec).returncode == 0
    assert running.stats()["total"] == len(found), "judging again asks nothing"


@pytest.mark.parametrize("spec", SPECS)
def test_with_a_fifth_of_calls_failing_every_rating_is_there_with_its_true_reason(mibench, server, run_of, spec):
    running, calm = server("--faults", 0.2, "--hang", 4, "--start", 2), server()
    folder, other = run_of(), run_of(to="calm")
    done = judge(mibench, running, folder, spec, "--timeout", "2")
    assert done.returncode == 0, done.stderr
    assert judge(mibench, calm, other, spec).returncode == 0
    found, undisturbed = by_subject(folder), by_subject(other)
    assert found.keys() == undisturbed.keys()
    assert len(ratings(folder)) == len(found)
    unrated = [r for r in found.values() if r["status"] == "unrated"]
    assert 0 < len(unrated) < 0.12 * len(found)
    assert all(any(words in r["reason"] for words in LASTING) for r in unrated)
    assert {words for words in LASTING for r in unrated if words in r["reason"]} == set(LASTING)
    rated = {key for key, r in found.items() if r["status"] == "rated"}
    assert {key: found[key].get("counts") for key in rated} == {key: undisturbed[key].get("counts") for key in rated}


def test_a_reply_left_without_an_answer_by_an_outage_is_asked_again_and_no_other(mibench, server, run_of):
    running, folder = server(), run_of()
    assert judge(mibench, running, folder, "openai/gpt-4.1").returncode == 0
    lost = ratings(folder)[7]["subject"]
    for name, change in (("calls.jsonl", None), ("ratings.jsonl", "no answer after 8 tries, last: HTTP 503: away")):
        lines = [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        kept = [line for line in lines if line["subject"] != lost]
        if change:
            old = next(line for line in lines if line["subject"] == lost)
            fields = ("judge", "judge_digest", "subject", "reply_digest")
            kept.append({name: old[name] for name in fields} | {"status": "unrated", "reason": change})
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    before = running.stats()["total"]
    assert judge(mibench, running, folder, "openai/gpt-4.1").returncode == 0
    assert running.stats()["total"] == before + 1
    scored = json.loads(mibench("score", folder, "--judge", "openai/gpt-4.1", "--json").stdout)
    assert scored["juries"][0]["rated"] == scored["juries"][0]["subjects"]


def test_costs_are_counted_from_what_the_server_says_it_used(mibench, server, run_of, tmp_path):
    running, folder = server("--faults", 0.2), run_of()
    table = tmp_path / "prices.yaml"
    table.write_text("openai/gpt-4.1: {input: 2, output: 8, cached_input: 1, as_of: '2026-11-01', source: test}\n")
    assert judge(mibench, running, folder, "openai/gpt-4.1", "--prices", table).returncode == 0
    calls = [json.loads(line) for line in (folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()]
    for call in calls:
        fresh = call["tokens_in"] - call["tokens_cached"]
        assert call["cost"] == pytest.approx((2 * fresh + call["tokens_cached"] + 8 * call["tokens_out"]) / 1e6)
    total = sum(r["cost"] for r in ratings(folder))
    assert total == pytest.approx(sum(call["cost"] for call in calls))
    assert len(calls) == sum(running.stats()["answered"].values())


def test_a_budget_stops_cleanly_keeps_everything_and_goes_on_when_raised(mibench, server, run_of, tmp_path):
    running, folder = server("--latency", 0.02), run_of()
    table = tmp_path / "prices.yaml"
    table.write_text("openai/gpt-4.1: {input: 20, output: 80, as_of: '2026-11-01', source: test}\n")
    options = ("--prices", table, "--concurrency", 64)
    stopped = judge(mibench, running, folder, "openai/gpt-4.1", *options, "--budget", "6.00")
    assert stopped.returncode == 3
    assert "The budget of $6.00 could be passed" in stopped.stderr
    kept = ratings(folder)
    assert 0 < len(kept) < 445
    assert sum(r["cost"] for r in kept) <= 6.00
    on = judge(mibench, running, folder, "openai/gpt-4.1", *options, "--budget", "1000")
    assert on.returncode == 0, on.stderr
    assert len(ratings(folder)) == len(by_subject(folder)) == running.stats()["total"]


def test_a_budget_without_a_price_is_refused_rather_than_ignored(mibench, server, run_of):
    running, folder = server(), run_of()
    done = judge(mibench, running, folder, "openai/unheard-of", "--budget", "5")
    assert done.returncode == 2
    assert "--budget cannot be kept: the price of openai/unheard-of is in no table" in done.stderr
    assert running.stats()["total"] == 0


@pytest.mark.parametrize("name", ["globals", "safety"])
def test_dialogues_and_risks_are_rated_and_scored(mibench, server, run_of, name):
    running, folder = server(), run_of()
    assert judge(mibench, running, folder, f"{name}:openai/gpt-4.1").returncode == 0
    scored = mibench("score", folder, "--judge", f"{name}:openai/gpt-4.1", "--json")
    assert scored.returncode == 0, scored.stderr
    scores = json.loads(scored.stdout)
    values = {e["metric"]: e["value"] for e in scores["estimates"]}
    if name == "globals":
        assert scores["juries"][0]["subjects"] == 40
        assert values["technical"] == pytest.approx(
            (values["cultivating_change_talk"] + values["softening_sustain_talk"]) / 2
        )
        assert 1 <= values["empathy"] <= 5
    else:
        assert scores["juries"][0]["subjects"] >= 12
        assert 0 <= values["noticed"] <= 100


def test_repeats_are_averaged(mibench, server, run_of):
    running, folder = server(), run_of()
    assert judge(mibench, running, folder, "openai/gpt-4.1", "--repeats", "2").returncode == 0
    assert Counter(r.get("repeat", 0) for r in ratings(folder)) == {0: 445, 1: 445}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"OPENAI_API_KEY": "wrong"}, "refuses the key (HTTP 401)"),
        ({"OPENAI_API_KEY": None}, "set OPENAI_API_KEY"),
    ],
)
def test_a_wrong_or_missing_key_is_one_sentence_and_at_most_one_call(mibench, server, run_of, change, said):
    running, folder = server(), run_of()
    env = {key: value for key, value in (running.env | change).items() if value is not None}
    command = [sys.executable, "-m", "mibench", "judge", str(folder), "--judge", "openai/gpt-4.1"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert running.stats()["total"] == 0


@pytest.mark.parametrize(
    ("library", "spec", "extra"),
    [
        ("openai", "openai/x", "judges"),
        ("anthropic", "anthropic/x", "judges"),
        ("torch", "hf/x", "hf"),
        ("vllm", "vllm/x", "vllm"),
    ],
)
def test_a_missing_library_is_answered_with_the_pip_line(mibench, run_of, tmp_path, library, spec, extra):
    (tmp_path / "hidden").mkdir()
    (tmp_path / f"hidden/{library}.py").write_text("raise ImportError('not installed')\n")
    done = mibench("judge", run_of(), "--judge", spec, env={"PYTHONPATH": str(tmp_path / "hidden")})
    assert done.returncode == 2
    assert f"pip install 'mibench[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_that_does_not_exist_is_one_sentence(mibench, server, run_of):
    running, folder = server(), run_of()
    done = judge(mibench, running, folder, "openai/missing")
    assert done.returncode == 1
    assert "does not exist there (HTTP 404)" in done.stderr


def test_a_server_that_is_not_there_stops_the_run_with_a_sentence(mibench, server, run_of):
    running, folder = server(), run_of()
    running.stop()
    done = mibench(
        "judge", folder, "--judge", "compatible/x", "--judge-url", f"{running.url}/v1", env=running.env, timeout=400
    )
    assert done.returncode == 1
    assert "compatible/x does not answer: no connection" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_key_reaches_a_file_or_the_screen_under_any_fault(mibench, server, run_of):
    running, folder = server("--faults", 0.4), run_of()
    outputs = []
    for spec in ("openai/gpt-4.1", "panel:anthropic/claude-x"):
        done = judge(mibench, running, folder, spec)
        outputs.append(done.stdout + done.stderr)
    wrong = mibench(
        "judge", folder, "--judge", "codes:openai/gpt-4.1", env=running.env | {"OPENAI_API_KEY": "sk-SECRET-wrong"}
    )
    outputs.append(wrong.stdout + wrong.stderr)
    texts = outputs + [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()]
    assert not [text for text in texts if "SECRET" in text or "Bearer" in text or "x-api-key" in text.lower()]


def test_killed_twenty_times_under_faults_nothing_is_lost_doubled_or_paid_twice(mibench, server, run_of, root):
    running, calm = server("--faults", 0.2, "--latency", 0.02), server("--faults", 0.2)
    folder, other = run_of(), run_of(to="undisturbed")
    assert judge(mibench, calm, other, "openai/gpt-4.1").returncode == 0
    rng = random.Random(time.time_ns())
    command = [
        sys.executable,
        "-m",
        "mibench",
        "judge",
        str(folder),
        "--judge",
        "openai/gpt-4.1",
        "--concurrency",
        "16",
    ]
    path = folder / "calls.jsonl"

    def lines():
        return path.read_bytes().count(b"\n") if path.exists() else 0

    kills = 0
    for target in sorted(rng.randrange(440) for _ in range(20)):
        process = subprocess.Popen(
            command, env=running.env, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while lines() < target and process.poll() is None:
            time.sleep(0.002)
        time.sleep(rng.random() * 0.02)
        if process.poll() is None:
            kills += 1
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done = judge(mibench, running, folder, "openai/gpt-4.1", "--concurrency", "16")
    assert done.returncode == 0, done.stderr
    assert kills >= 5
    same = (
        "status",
        "reason",
        "counts",
        "depth",
    )  # a kill may spare a call the fault of its first try, and so a repair
    assert {key: [r.get(name) for name in same] for key, r in by_subject(folder).items()} == {
        key: [r.get(name) for name in same] for key, r in by_subject(other).items()
    }
    assert len(ratings(folder)) == len(by_subject(folder))
    keys = [json.loads(line)["key"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(keys) == len(set(keys)), "an answer on disk was asked again"
    answered = sum(running.stats()["answered"].values())
    assert answered - len(keys) <= 16 * kills, "more was paid twice than was in flight at the kills"
