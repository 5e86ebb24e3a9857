"""Claims about the stages as a person runs them: whole commands, a server that plays the models, kills, budgets."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest


def transcribe(mibench, *args, **options):
    return mibench("corpora", "transcribe", *args, "--json", env={"MIBENCH_JUDGE_KEY": "none"}, **options)


def test_two_hundred_real_dialogues_go_the_whole_way_killed_and_resumed_within_budget(
    mibench, server, data, tmp_path, read_lines
):
    """Rate, transcribe (killed twice, faults throughout), gates, split, suite, run."""
    player = server("--faults", 0.15, "--latency", 0.05)
    source = f"cpsycound:{data('cpsycoun') / 'CPsyCounD'}"
    rated = mibench("corpora", "rate", source, *player.by, "--sample", 20, "--out", tmp_path / "rate", "--json")
    assert rated.returncode == 0, rated.stderr
    assert json.loads(rated.stdout)["picked"] == ["cpsycound"]

    prices = tmp_path / "prices.yaml"
    prices.write_text("compatible/player: {input: 1, output: 2, as_of: '2026-11-24', source: made}\n")
    out = tmp_path / "mi"
    args = (source, *player.by, "--limit", 200, "--out", out, "--prices", prices, "--budget", 5)
    before = player.stats()["answered"]
    for moment in (30, 90):
        _killed_after(args, player, sum(before.values()) + moment)
    done = transcribe(mibench, *args)
    assert done.returncode == 0, done.stderr
    card = json.loads(done.stdout)
    assert card["sources"] == {"cpsycound": 200}
    assert sum(card["status"].values()) == 200
    assert card["status"]["kept"] >= 100
    assert {
        "schema",
        "alternation",
        "rounds",
        "facts",
        "source copy",
        "unsafe advice",
        "personal data",
    } <= set(card["failed"])
    assert any(reason.startswith("MITI") for reason in card["failed"])
    assert 0 < card["dollars"] < 5
    answered = player.stats()["answered"]
    paid = [call["key"] for call in read_lines(out / "calls.jsonl")]
    assert len(paid) == len(set(paid))
    # A kill loses what was answered and not yet on disk: no more than what was in flight, twice.
    assert sum(answered.values()) - sum(before.values()) <= len(paid) + 2 * 64
    assert "Licence: CC-BY-SA-4.0" in (out / "README.md").read_text(encoding="utf-8")

    again = transcribe(mibench, *args)
    assert json.loads(again.stdout) == card
    assert player.stats()["answered"] == answered

    split = mibench("corpora", "split", out, "--out", tmp_path / "set", "--name", "mi_made", "--test", 40, "--json")
    assert split.returncode == 0, split.stderr
    report = json.loads(split.stdout)
    assert report["test"] == 40
    assert report["kept"] == card["status"]["kept"]
    run = mibench("run", "--suite", tmp_path / "set/mi_made", "--out", tmp_path / "run", "--no-anchors", "--json")
    assert run.returncode == 0, run.stderr
    (jury,) = json.loads(run.stdout)["juries"]
    assert jury["rated"] == jury["subjects"] == report["test_rounds"]
    assert len(read_lines(tmp_path / "run/replies.jsonl")) == report["test_rounds"]


def _killed_after(args, player, answers):
    """Start the command and kill it when the server has answered so many questions."""
    command = [sys.executable, "-m", "mibench", "corpora", "transcribe", *map(str, args)]
    process = subprocess.Popen(command, env={**os.environ, "MIBENCH_JUDGE_KEY": "none"}, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while sum(player.stats()["answered"].values()) < answers and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.poll() is None, process.stderr.read()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()


@pytest.fixture
def small(mibench, server, cases, tmp_path):
    """Sixty made dialogues, transcribed: the folder, its card, the source."""
    source, out = f"cpsycound:{cases(60)}", tmp_path / "mi"
    done = transcribe(mibench, source, *server().by, "--out", out)
    assert done.returncode == 0, done.stderr
    return out, json.loads(done.stdout), source


def test_every_dialogue_ends_kept_without_a_goal_or_dropped_with_a_reason(small, read_lines):
    out, card, _ = small
    found = read_lines(out / "transcripts.jsonl")
    assert len(found) == 60
    assert {entry["status"] for entry in found} == {"kept", "no goal", "dropped"}
    for entry in found:
        assert (entry["dialogue"] is not None) == (entry["status"] == "kept")
        assert bool(entry["why"]) == (entry["status"] != "kept")
        assert len(entry["failed"]) == entry["tries"] - (entry["status"] != "dropped")
    kept = [entry for entry in found if entry["status"] == "kept"]
    assert any(entry["tries"] == 2 for entry in kept)
    assert all(entry["measures"]["percent_cr"] >= 50 for entry in kept)
    assert card["first_try"] == sum(entry["tries"] == 1 for entry in kept)
    assert {entry["dialogue"]["licence"] for entry in kept} == {"CC-BY-SA-4.0"}
    assert all("coded by offline, unvalidated" in entry["dialogue"]["provenance"] for entry in kept)


def test_a_failed_dialogue_is_sent_back_with_its_reason_in_its_own_language(small, read_lines):
    out, _, _ = small
    texts = [call["text"] for call in read_lines(out / "calls.jsonl")]
    assert len(texts) > 60
    found = read_lines(out / "transcripts.jsonl")
    whys = {entry["why"].partition(":")[0] for entry in found if entry["status"] == "dropped"}
    assert whys <= {"facts", "unsafe advice", "MITI R", "MITI %CR", "MITI MINA"}


def test_the_split_separates_clients_and_shares_no_long_run(small, mibench, tmp_path, read_lines):
    out, card, _ = small
    done = mibench("corpora", "split", out, "--out", tmp_path / "set", "--test", 10, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    train, test = (read_lines(tmp_path / f"set/{side}.jsonl") for side in ("train", "test"))
    assert "canary" in train[0]
    assert train[0]["canary"] != test[0]["canary"]
    train, test = train[1:], test[1:]
    assert (len(train), len(test)) == (report["train"], report["test"]) == (report["train"], 10)
    assert (
        len(train) + 10 + report["leaks"][-1]["left_out"] + sum(leak["left_out"] for leak in report["leaks"][:-1])
        == card["status"]["kept"]
    )
    scenario = [{(d["topic"], d["age"], d["sex"]) for d in side} for side in (train, test)]
    assert not scenario[0] & scenario[1]
    kept = [entry["dialogue"] for entry in read_lines(out / "transcripts.jsonl") if entry["dialogue"]]
    everywhere = Counter(run for dialogue in kept for run in _runs([dialogue]))
    shared = _runs(train) & _runs(test)
    assert shared  # the player's own phrases
    assert min(everywhere[run] for run in shared) >= 3  # phrases of many clients, not leaks of one
    messages = read_lines(tmp_path / "set/train.messages.jsonl")
    assert [m["content"] for m in messages[0]["messages"]] == [t["text"] for t in train[0]["turns"]]
    assert [m["role"] for m in messages[0]["messages"][:2]] == ["user", "assistant"]


def _runs(dialogues):
    from mibench.corpora.texts import long_grams

    return {run for dialogue in dialogues for turn in dialogue["turns"] for run in long_grams(turn["text"], "zh")}


def test_the_same_seed_splits_the_same_and_another_otherwise(small, mibench, tmp_path, read_lines):
    out, _, _ = small

    def ids(name, seed):
        assert mibench("corpora", "split", out, "--out", tmp_path / name, "--test", 10, "--seed", seed).returncode == 0
        return [row["id"] for row in read_lines(tmp_path / name / "test.jsonl")[1:]]

    assert ids("a", 0) == ids("b", 0) != ids("c", 1)


def test_a_test_side_that_cannot_be_made_is_a_sentence(small, mibench, tmp_path):
    done = mibench("corpora", "split", small[0], "--out", tmp_path / "set", "--test", 60)
    assert done.returncode == 2
    assert "needs more than 60 dialogues" in done.stderr


def test_a_budget_stops_before_it_is_passed_and_what_was_answered_is_kept(mibench, server, cases, tmp_path, read_lines):
    player, prices = server(), tmp_path / "prices.yaml"
    prices.write_text("compatible/player: {input: 1, output: 100, as_of: '2026-11-24', source: made}\n")
    args = (f"cpsycound:{cases(20)}", *player.by, "--out", tmp_path / "mi", "--prices", prices, "--concurrency", 1)
    done = transcribe(mibench, *args, "--budget", 0.62)
    assert done.returncode == 3
    assert "could be passed" in done.stderr
    calls = read_lines(tmp_path / "mi/calls.jsonl")
    assert calls
    assert sum(call["cost"] for call in calls) <= 0.62
    assert transcribe(mibench, *args, "--budget", 50).returncode == 0
    keys = [call["key"] for call in read_lines(tmp_path / "mi/calls.jsonl")]
    assert len(keys) == len(set(keys))


def test_without_a_goal_is_left_out_unless_asked_for(mibench, server, cases, tmp_path):
    player, source = server(), f"cpsycound:{cases(40)}"
    left = json.loads(transcribe(mibench, source, *player.by, "--out", tmp_path / "a").stdout)
    assert left["status"]["no goal"] >= 1
    kept = transcribe(mibench, source, *player.by, "--out", tmp_path / "b", "--keep-without-goal")
    assert json.loads(kept.stdout)["status"]["no goal"] == 0


def test_an_offline_gate_left_out_leaves_turns_uncoded_and_says_so(mibench, server, cases, tmp_path, read_lines):
    done = transcribe(mibench, f"cpsycound:{cases(12)}", *server().by, "--out", tmp_path / "mi", "--judge", "none")
    assert done.returncode == 0, done.stderr
    kept = [t["dialogue"] for t in read_lines(tmp_path / "mi/transcripts.jsonl") if t["dialogue"]]
    assert all(turn["utterances"] == [] for d in kept for turn in d["turns"][1::2])
    assert all("not coded" in d["provenance"] for d in kept)
    assert "nobody coded them" in (tmp_path / "mi/README.md").read_text(encoding="utf-8")


def test_a_language_model_may_be_the_gates_judge_on_the_same_budget(mibench, server, cases, tmp_path, read_lines):
    player = server()
    done = mibench(
        "corpora", "transcribe", f"cpsycound:{cases(8)}", *player.by, "--judge", "panel:compatible/player", "--min-cr", 0, "--min-rq",
        0, "--max-mina", 99, "--out", tmp_path / "mi", "--json", env={"MIBENCH_JUDGE_KEY": "none"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["judge"] == "panel:compatible/player"
    subjects = {call["subject"] for call in read_lines(tmp_path / "mi/calls.jsonl")}
    assert any(subject.endswith("/01") for subject in subjects)


def test_a_real_checkpoints_dialogues_fail_the_gates_and_are_shown_as_such(
    mibench, tiny_checkpoint, cases, tmp_path, read_lines
):
    done = transcribe(
        mibench,
        f"cpsycound:{cases(1)}",
        "--by",
        f"hf/{tiny_checkpoint()}",
        "--tries",
        1,
        "--max-tokens",
        64,
        "--out",
        tmp_path / "mi",
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == {"kept": 0, "no goal": 0, "dropped": 1}
    (found,) = read_lines(tmp_path / "mi/transcripts.jsonl")
    assert found["why"].startswith("schema: ")
    refused = mibench("corpora", "split", tmp_path / "mi", "--out", tmp_path / "set", "--test", 1)
    assert refused.returncode == 2


def test_a_corpus_named_twice_is_refused(mibench, server, cases, tmp_path):
    source = f"cpsycound:{cases(2)}"
    done = transcribe(mibench, source, source, *server().by, "--out", tmp_path / "mi")
    assert done.returncode == 2
    assert "come twice" in done.stderr


def test_rating_compares_corpora_with_intervals_and_repeats_agree(mibench, server, cases, tmp_path):
    first = tmp_path / "rows.jsonl"
    rows = [
        {
            "messages": [
                {"role": "user", "content": f"第{n}回来了，心里乱。"},
                {"role": "assistant", "content": "想开点。"},
            ]
        }
        for n in range(30)
    ]
    first.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    done = mibench(
        "corpora", "rate", f"cpsycound:{cases(30)}", f"messages:{first}", *server("--faults", 0.2).by, "--sample", 25, "--repeats", 3,
        "--take", 1, "--out", tmp_path / "rate", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rates = json.loads(done.stdout)
    assert [row["dialogues"] for row in rates["corpora"]] == [25, 25]
    for row in rates["corpora"]:
        assert row["asked"] == 75
        assert row["rated"] >= 60  # refusals, cuts and empty answers are unrated, not zero
        for mean in row["scores"].values():
            assert 1 <= mean["low"] <= mean["value"] <= mean["high"] <= 5
        assert row["alpha"]["safety"] is None or row["alpha"]["safety"] <= 1
    assert len(rates["picked"]) == 1
    table = mibench("corpora", "rate", f"messages:{first}", *server().by, "--sample", 5, "--out", tmp_path / "table")
    assert "Best: messages" in table.stdout


def test_a_scripted_model_can_be_replayed(mibench, cases, tmp_path):
    script = tmp_path / "script.jsonl"
    script.write_text(
        json.dumps({"text": '{"change_goal": "", "why_no_goal": "只想弄懂", "turns": []}'}), encoding="utf-8"
    )
    done = transcribe(mibench, f"cpsycound:{cases(3)}", "--by", f"scripted/{script}", "--out", tmp_path / "mi")
    assert json.loads(done.stdout)["status"] == {"kept": 0, "no goal": 3, "dropped": 0}


def test_loaded_files_are_read_again_as_they_were(mibench, cases, tmp_path):
    from mibench.data_path import load_corpus, sources

    spec = f"cpsycound:{cases(5)}"
    done = mibench("corpora", "load", spec, "--out", tmp_path / "d.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    assert list(sources(str(tmp_path / "d.jsonl"))) == list(sources(spec))
    assert json.loads(done.stdout) == load_corpus(spec).model_dump(mode="json")
    assert json.loads((tmp_path / "d.report.json").read_text(encoding="utf-8")) == json.loads(done.stdout)


def test_a_model_that_writes_no_dialogues_is_stopped_after_eight(mibench, cases, tmp_path, read_lines):
    script = tmp_path / "script.jsonl"
    script.write_text(json.dumps({"text": "Sure, here it is."}), encoding="utf-8")
    done = transcribe(mibench, f"cpsycound:{cases(30)}", "--by", f"scripted/{script}", "--out", tmp_path / "mi")
    assert done.returncode == 1
    assert "first 8 answers" in done.stderr
    assert len(read_lines(tmp_path / "mi/calls.jsonl")) == 8
    few = transcribe(
        mibench,
        f"cpsycound:{tmp_path / 'cases'}",
        "--limit",
        3,
        "--by",
        f"scripted/{script}",
        "--out",
        tmp_path / "few",
    )
    assert json.loads(few.stdout)["dropped"] == {"schema": 3}


def test_batches_are_sent_fetched_later_and_come_to_the_same(mibench, server, cases, tmp_path):
    player = server("--polls", 1)
    env = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": f"{player.url}/v1"}
    args = ("corpora", "transcribe", f"cpsycound:{cases(12)}", "--by", "openai/player", "--json")
    at_once = mibench(*args, "--out", tmp_path / "now", env=env)
    assert at_once.returncode == 0, at_once.stderr
    sent = mibench(*args, "--out", tmp_path / "later", "--batch", env=env)
    assert sent.returncode == 3
    assert "the same command later fetches them" in sent.stderr
    done = mibench(*args, "--out", tmp_path / "later", "--batch", "--wait", "--poll", 1, env=env)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == json.loads(at_once.stdout)["status"]
