"""The judge engine against raw HTTP on the same work: a local server in its own process.

Prints a Markdown table of ratios to the ideal time, calls × latency / calls at a time. Not a test.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ((0.1, 1000, 64), (1.0, 2000, 64), (1.0, 10_000, 256))
"""(latency in seconds, calls, calls at a time): at 1 s the first three calls cost 1.5 s, however many follow."""


def start(latency):
    server = subprocess.Popen(
        [sys.executable, ROOT / "tests/servers/judge_server.py", "--latency", str(latency)],
        stdout=subprocess.PIPE,
        text=True,
    )
    return server, int(server.stdout.readline())


async def raw(port, bodies, concurrency):
    """aiohttp alone: the limit."""
    import aiohttp

    gate = asyncio.Semaphore(concurrency)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:

        async def one(body):
            async with gate, session.post(f"http://127.0.0.1:{port}/v1/chat/completions", json=body) as answer:
                await answer.json()

        start_ = time.perf_counter()
        await asyncio.gather(*(one(body) for body in bodies))
        return time.perf_counter() - start_


def ours(port, folder, concurrency):
    """The whole `mibench judge` process: start-up, rendering, calls, every answer and rating on disk."""
    env = {**os.environ, "OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1"}
    command = [
        sys.executable,
        "-m",
        "mibench",
        "judge",
        folder,
        "--judge",
        "openai/gpt-4.1",
        "--concurrency",
        str(concurrency),
        "--repeats",
        "3",
    ]
    start_ = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - start_, used.ru_maxrss / 1024


def engine_span(port, questions, concurrency):
    """The engine and OpenAI's SDK in this process, from first call to last."""
    os.environ |= {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1"}
    from mibench.judging.engine import Engine, Limits
    from mibench.judging.providers import load_provider

    async def run():
        provider = load_provider("openai/gpt-4.1")

        async def use(_):
            return None

        engine = Engine(provider, lambda _: None, lambda _: None, limits=Limits(concurrency=concurrency))
        await engine.run((question, use) for question in questions[:4])  # SDK warmed up
        start_ = time.perf_counter()
        await engine.run((question, use) for question in questions[4:])
        span = time.perf_counter() - start_
        await provider.close()
        return span

    return asyncio.run(run())


def main():
    from mibench.judging.providers import Question
    from mibench.judging.providers.openai import OpenAIProvider

    print("| work | took | ÷ ideal |\n|---|---:|---:|")
    for latency, calls, concurrency in WORK:
        server, port = start(latency)
        try:
            ideal = calls * latency / concurrency
            text = 'Work in this order: "added_meaning" …' + "规" * 1500
            questions = [
                Question(
                    key=f"{n:064x}",
                    subject=str(n),
                    system=text,
                    user=f"{n} " + "话" * 600,
                    schema={"type": "object"},
                    sampling={"max_tokens": 900},
                )
                for n in range(calls + 4)
            ]
            bodies = [OpenAIProvider("gpt-4.1").chat_body(question) for question in questions[4:]]
            for name, took in (
                ("raw aiohttp", asyncio.run(raw(port, bodies, concurrency))),
                ("engine with OpenAI's SDK", engine_span(port, questions, concurrency)),
            ):
                print(
                    f"| {name}, {calls} calls at {latency:g} s, {concurrency} at a time | {took:.2f} s | {took / ideal:.2f} |",
                    flush=True,
                )
            if latency == 0.1:
                with tempfile.TemporaryDirectory() as folder:
                    subprocess.run(
                        [sys.executable, "-m", "mibench", "generate", "--out", folder],
                        check=True,
                        capture_output=True,
                        cwd=ROOT,
                    )
                    rounds = sum(1 for _ in (Path(folder) / "replies.jsonl").open()) * 3
                    took, peak = ours(port, folder, concurrency)
                    ideal = rounds * latency / concurrency
                    print(
                        f"| whole `mibench judge`, {rounds} calls, everything kept, peak {peak:.0f} MB | {took:.2f} s | {took / ideal:.2f} |"
                    )
        finally:
            server.kill()


if __name__ == "__main__":
    main()
