"""Claims about judging on the real vLLM server: its constrained answers, its prefix cache, its death."""

import json
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

REASONS = ("was cut at its token limit", "cannot be used: shares.", "cannot be used: depth is")
ANSWERED = "vllm:request_success_total"


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def judge(mibench, server, folder, spec):
    address = ("--judge-url", f"{server.url}/v1") if "compatible" in spec else ()
    return mibench("judge", folder, "--judge", spec, *address, env=server.env, timeout=600)


@pytest.mark.parametrize("spec", ["compatible/tiny", "openai/tiny", "anthropic/tiny"])
def test_every_answer_keeps_to_the_schema_and_every_reply_is_rated_or_says_why_not(mibench, server, answered, spec):
    import jsonschema

    from mibench.judging.prompted.schemas import PANEL
    from mibench.judging.providers.capabilities import unbounded

    folder = answered(20)
    done = judge(mibench, server, folder, spec)
    assert done.returncode == 0, done.stderr
    whole = [call for call in lines(folder / "calls.jsonl") if call.get("finish", "stop") == "stop"]
    assert len(whole) >= 10
    for call in whole:
        jsonschema.validate(json.loads(call["text"]), PANEL if spec == "compatible/tiny" else unbounded(PANEL))
    ratings = lines(folder / "ratings.jsonl")
    assert len(ratings) == len({rating["subject"] for rating in ratings}) == 20
    assert sum(rating["status"] == "rated" for rating in ratings) >= 5
    assert len({json.dumps(rating.get("counts")) for rating in ratings}) > 5, "one answer for all replies tests nothing"
    assert all(any(why in r["reason"] for why in REASONS) for r in ratings if r["status"] == "unrated")
    before = server.metric(ANSWERED)
    assert judge(mibench, server, folder, spec).returncode == 0
    assert server.metric(ANSWERED) == before, "judging again asks nothing"


def test_the_rubric_first_prompt_is_found_in_the_prefix_cache(mibench, server, answered, capsys):
    folder = answered(100)
    server.forget()
    counters = ("vllm:prefix_cache_hits_total", "vllm:prefix_cache_queries_total")
    before = [server.metric(name) for name in counters]
    start = time.perf_counter()
    done = judge(mibench, server, folder, "compatible/tiny")
    seconds = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    hits, queries = (server.metric(name) - old for name, old in zip(counters, before, strict=True))
    calls = lines(folder / "calls.jsonl")
    with capsys.disabled():
        print(
            f"\n{len(calls)} calls in {seconds:.1f} s, {len(calls) / seconds:.1f} a second; "
            f"prefix cache {hits:.0f} of {queries:.0f} tokens, {hits / queries:.0%}; server {server.megabytes} MB"
        )
    assert hits / queries > 0.5
    assert sum(call.get("tokens_cached", 0) for call in calls) == hits, "calls.jsonl says what the server says"


def seeded(url, number):
    """A request that kills vLLM 0.32's engine on a CPU when its prefill is cut into chunks beside others."""
    words = f"{number} " + "how many coders " * 400
    messages = [{"role": "user", "content": words}]
    body = {"model": "tiny", "messages": messages, "seed": number, "temperature": 1, "max_tokens": 200}
    request = urllib.request.Request(
        f"{url}/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with suppress(OSError), urllib.request.urlopen(request, timeout=120) as answer:
        answer.read()


def test_when_the_engine_dies_the_run_stops_with_a_sentence_and_goes_on_at_a_new_server(
    mibench, server, vllm_server, answered
):
    folder, doomed = answered(120), vllm_server()
    command = [
        sys.executable,
        "-m",
        "mibench",
        "judge",
        str(folder),
        "--judge",
        "compatible/tiny",
        "--concurrency",
        "16",
    ]
    process = subprocess.Popen(
        [*command, "--judge-url", f"{doomed.url}/v1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    path = folder / "calls.jsonl"
    while process.poll() is None and (not path.exists() or path.read_bytes().count(b"\n") < 5):
        time.sleep(0.01)
    with ThreadPoolExecutor(32) as others:
        number = 0
        while doomed.process.poll() is None and number < 640:
            list(others.map(lambda n: seeded(doomed.url, n), range(number, number + 32)))
            number += 32
    _, said = process.communicate(timeout=300)
    assert "CPU Generator does not use offset" in doomed.log.read_text(encoding="utf-8", errors="replace")
    assert process.returncode == 1, said
    assert said.count("\n") == 1
    assert said.startswith("mibench: The judge cannot go on:")
    kept, ratings = path.read_bytes(), lines(folder / "ratings.jsonl")
    assert 5 <= kept.count(b"\n") < 120
    assert not [r for r in ratings if "no answer" in (r.get("reason") or "")]

    asked = server.metric(ANSWERED)
    done = mibench(*command[3:], "--judge-url", f"{server.url}/v1", timeout=600)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(kept)
    calls = lines(path)
    assert len({call["key"] for call in calls}) == len(calls), "an answered call was asked again"
    assert server.metric(ANSWERED) - asked == len(calls) - kept.count(b"\n")
    assert len({r["subject"] for r in lines(folder / "ratings.jsonl")}) == 120
