"""What the order of rounds is worth to vLLM's prefix cache: the same rounds in the suite's order and shuffled, in one run.

Run it in vLLM's environment (`make test-vllm` makes it): .venv-vllm/bin/python tests/benchmarks/vllm_prefix.py. One engine
for all, its cache emptied between; a tiny random checkpoint, so the seconds are vLLM's own and prefill's, not those of a
model worth measuring. With room for everything any order is found again; the small cache is in the proportion of one card
to a long run.
"""

import os
import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, GROUP, TOKENS = 168, 16, 4
BLOCK, SMALL = 128, 128
"""Tokens of a block of the cache, and blocks of the small one."""


def counters(engine):
    found = {metric.name: metric.value for metric in engine.get_metrics() if "prefix_cache" in metric.name}
    return found["vllm:prefix_cache_hits"], found["vllm:prefix_cache_queries"]


def measure(checkpoint, blocks):
    """(order, hit rate, seconds) for the suite's order, shuffled, and the suite's again."""
    from lm_eval.api.instance import Instance

    from mibench.generating.answering import Answerer
    from mibench.generating.recorder import in_groups
    from mibench.suites import chat_messages, load_suite

    args = {
        "pretrained": str(checkpoint), "dtype": "float32", "max_model_len": 8192, "enforce_eager": True,
        "enable_prefix_caching": True, "block_size": BLOCK, "disable_log_stats": False, "max_num_seqs": GROUP,
    } | ({"num_gpu_blocks_override": blocks} if blocks else {})  # fmt: skip
    answerer = Answerer("vllm", args, GROUP, 0)
    engine = answerer.model.model
    suite = load_suite("mi_zh")
    settings = {"until": [], "max_gen_toks": TOKENS, "do_sample": False}
    requests = [
        Instance(
            request_type="generate_until", idx=0, doc={"round": round_.id},
            arguments=(
                answerer.model.apply_chat_template([m.model_dump() for m in chat_messages(round_, suite.prompt)]), settings
            ),
        )
        for round_ in suite.rounds[:ROUNDS]
    ]  # fmt: skip
    shuffled = random.Random(0).sample(requests, len(requests))
    orders = {
        "suite": list(in_groups(requests, GROUP)),
        "shuffled": [shuffled[start : start + GROUP] for start in range(0, len(shuffled), GROUP)],
    }
    list(answerer.answers(orders["shuffled"][:2]))  # warmed up
    for name in ("suite", "shuffled", "suite", "shuffled"):
        engine.reset_prefix_cache()
        before = counters(engine)
        start = time.perf_counter()
        list(answerer.answers(orders[name]))
        took = time.perf_counter() - start
        hits, asked = (now - old for now, old in zip(counters(engine), before, strict=True))
        yield name, hits / asked, took
    engine.llm_engine.engine_core.shutdown()


def main():
    os.environ |= {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "VLLM_CPU_KVCACHE_SPACE": "1",
                   "VLLM_LOGGING_LEVEL": "ERROR", "VLLM_LOGGING_STREAM": "ext://sys.stderr"}  # fmt: skip
    sys.path.insert(0, str(ROOT / "tests"))
    from conftest import tiny_model, write_checkpoint

    blocks = int(sys.argv[1]) if len(sys.argv) > 1 else None
    if blocks is None:  # an engine a process: two do not fit side by side
        import subprocess

        print(f"{ROUNDS} rounds of mi_zh, {GROUP} at a time, {TOKENS} tokens each.\n")
        print(
            "| cache | order | tokens found in the cache | seconds | ÷ shuffled |\n|---|---|---:|---:|---:|", flush=True
        )
        for size in (0, SMALL):
            done = subprocess.run([sys.executable, __file__, str(size)], check=True, stdout=subprocess.PIPE, text=True)
            print("\n".join(line for line in done.stdout.splitlines() if line.startswith("|")), flush=True)
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as tmp:
        checkpoint = write_checkpoint(Path(tmp) / "tiny-mi", *tiny_model())
        found = list(measure(checkpoint, blocks))
    best = {name: min(took for other, _, took in found if other == name) for name in ("suite", "shuffled")}
    share = {name: rate for name, rate, _ in found}
    cache = f"{blocks * BLOCK:,} tokens" if blocks else "room for all"
    for name, took in best.items():
        print(f"| {cache} | {name} | {share[name]:.1%} | {took:.2f} | {took / best['shuffled']:.2f} |", flush=True)
    os._exit(0)  # vLLM's engine would keep the process


if __name__ == "__main__":
    main()
