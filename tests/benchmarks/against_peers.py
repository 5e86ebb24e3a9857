"""A thousand judge calls by mibench, raw HTTP and the tools that judge too, on the same items against one local server.

100 ms a call, 64 at a time: 1.56 s at best. `python tests/benchmarks/peers/install.py DIR` installs the peers; this looks for
them in DIR given as argument or MIBENCH_PEERS, and says which are missing. Prints Markdown: whole process, and from the
first request to the last answer as the server saw it, both ÷ the ideal. MIBENCH_CALLS=200 makes a shorter one.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent / "peers"
CALLS, AT_A_TIME, LATENCY = int(os.environ.get("MIBENCH_CALLS", "1000")), 64, 0.1
REPEATS = 4


def served(port, path, *, post=False):
    data = b"{}" if post else None
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", data)) as answer:
        return json.load(answer)


def items_of(folder):
    """The replies of a run as (prompt, reply), REPEATS times each."""
    from mibench.suites import load_suite

    rounds = {round_.id: round_ for round_ in load_suite("mi_zh").rounds}
    replies = [json.loads(line) for line in (folder / "replies.jsonl").read_text(encoding="utf-8").splitlines()]
    items = []
    for reply in replies:
        turns = "\n".join(f"{turn.speaker}: {turn.text}" for turn in rounds[reply["round"]].history)
        items += [{"prompt": f"{turns}\n{number}", "reply": reply["text"]} for number in range(REPEATS)]
    return items[:CALLS]


async def raw(port, items):
    import aiohttp

    gate = asyncio.Semaphore(AT_A_TIME)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_A_TIME)) as session:

        async def one(item):
            body = {"model": "gpt-4.1", "messages": [{"role": "user", "content": item["prompt"] + item["reply"]}]}
            async with gate, session.post(f"http://127.0.0.1:{port}/v1/chat/completions", json=body) as answer:
                await answer.json()

        await asyncio.gather(*(one(item) for item in items))


def commands(tmp, peers, url):
    """Name → (command, what must be there for it)."""
    items = tmp / "items.json"
    (tmp / "promptfoo.json").write_text(json.dumps(promptfoo(json.loads(items.read_text()), url)))
    (tmp / "tasks").mkdir()
    (tmp / "tasks/peer.yaml").write_text(
        f"task: peer\ndataset_path: json\ndataset_kwargs: {{data_files: {{test: {tmp / 'items.jsonl'}}}}}\ntest_split: test\n"
        "output_type: generate_until\ndoc_to_text: '{{prompt}} {{reply}}'\ndoc_to_target: x\n"
        "generation_kwargs: {until: [], max_gen_toks: 100}\nmetric_list: [{metric: bypass}]\n"
    )
    lm_eval = (
        "from lm_eval import simple_evaluate; from lm_eval.tasks import TaskManager\n"
        f"simple_evaluate(model='local-chat-completions', model_args='model=gpt-4.1,base_url={url}/chat/completions,num_concurrent="
        f"{AT_A_TIME},tokenizer_backend=None', tasks=['peer'], apply_chat_template=True, predict_only=True, bootstrap_iters=0,\n"
        f"  task_manager=TaskManager(include_path='{tmp / 'tasks'}', include_defaults=False))"
    )
    run = tmp / "run"
    return {
        "mibench, `judge`": ([sys.executable, "-m", "mibench", "judge", run, "--judge", "compatible/gpt-4.1", "--judge-url", url, "--concurrency", AT_A_TIME, "--repeats", REPEATS], ROOT),
        "lm-eval 0.4.13, its API backend (generates, does not judge)": ([sys.executable, "-c", lm_eval], ROOT),
        "inspect_ai, `model_graded_qa`": ([peers / "inspect_ai/bin/python", HERE / "with_inspect_ai.py", items, url, AT_A_TIME], peers / "inspect_ai/bin/inspect"),
        "deepeval, `GEval`": ([peers / "deepeval/bin/python", HERE / "with_deepeval.py", items, url, AT_A_TIME], peers / "deepeval/bin/deepeval"),
        "promptfoo, `llm-rubric`": ([peers / "promptfoo/node_modules/.bin/promptfoo", "eval", "-c", tmp / "promptfoo.json", "-j", AT_A_TIME, "--no-cache", "--no-table", "--no-progress-bar", "-o", tmp / "promptfoo.out.json"], peers / "promptfoo/node_modules/.bin/promptfoo"),
    }  # fmt: skip


def promptfoo(items, url):
    judge = {"id": "openai:chat:gpt-4.1", "config": {"apiBaseUrl": url, "apiKey": "none"}}
    return {
        "prompts": ["{{reply}}"], "providers": ["echo"],
        "defaultTest": {"options": {"provider": judge}, "assert": [{"type": "llm-rubric", "value": "Reflects: {{prompt}}"}]},
        "tests": [{"vars": item} for item in items],
    }  # fmt: skip


def row(name, took, stats, ideal):
    span = stats["last"] - stats["first"]
    print(
        f"| {name} | {stats['total']:,} | {took:.2f} s | {took / ideal:.1f} | {span:.2f} s | {span / ideal:.2f} | {stats['most']} |",
        flush=True,
    )
    return took


def main():
    peers = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MIBENCH_PEERS", ROOT / ".venv-peers"))
    ideal = CALLS * LATENCY / AT_A_TIME
    server = subprocess.Popen([sys.executable, HERE / "server.py", str(LATENCY)], stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline())
    url = f"http://127.0.0.1:{port}/v1"
    tmp = Path(tempfile.mkdtemp(prefix="peers"))
    env = {**os.environ, "OPENAI_API_KEY": "none", "MIBENCH_JUDGE_KEY": "none", "HF_HUB_OFFLINE": "1", "DEEPEVAL_TELEMETRY_OPT_OUT": "YES",
           "DEEPEVAL_PER_TASK_TIMEOUT_SECONDS_OVERRIDE": "600", "PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1",
           "PROMPTFOO_CONFIG_DIR": str(tmp)}  # fmt: skip
    missing = []
    try:
        generate = [sys.executable, "-m", "mibench", "generate", "--limit", str(CALLS // REPEATS), "--out", tmp / "run"]
        subprocess.run(generate, check=True, capture_output=True, cwd=ROOT)
        items = items_of(tmp / "run")
        (tmp / "items.json").write_text(json.dumps(items))
        (tmp / "items.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
        print(f"{CALLS:,} calls, {LATENCY * 1000:.0f} ms each, {AT_A_TIME} at a time: {ideal:.2f} s at best.\n")
        print("| tool | calls | whole process | ÷ ideal | first request to last answer | ÷ ideal | most in flight |")
        print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
        start = time.perf_counter()
        asyncio.run(raw(port, items))
        row("raw aiohttp, nothing kept", time.perf_counter() - start, served(port, "/stats"), ideal)
        for name, (command, needs) in commands(tmp, peers, url).items():
            if not needs.exists():
                missing.append(name)
                continue
            served(port, "/forget", post=True)
            start = time.perf_counter()
            done = subprocess.run([str(part) for part in command], env=env, cwd=ROOT if needs == ROOT else tmp,
                                  capture_output=True, text=True, check=False, timeout=900)  # fmt: skip
            took, stats = time.perf_counter() - start, served(port, "/stats")
            if stats["total"] < CALLS * 0.99:
                missing.append(
                    f"{name} ({stats['total']} calls; {(done.stderr or done.stdout).strip().splitlines()[-1:]})"
                )
                continue
            row(name, took, stats, ideal)
    finally:
        server.kill()
        shutil.rmtree(tmp, ignore_errors=True)
    for name in missing:
        print(f"\nNot measured, for it is not installed or did not run: {name}")


if __name__ == "__main__":
    main()
