"""A long judging run through everything that goes wrong: `make soak`, SOAK_CALLS=1000 for a short one.

A local server answers with faults in one call of ten. Meanwhile the judging process is killed at random moments, ten times or so, the server
is killed and started again, and the disk is full once: a tmpfs of a few megabytes where that may be mounted, else a limit
on the size of files. At the end every reply must be rated as often as asked, no call kept twice, none lost that was kept
before. What happened, and the memory early and late, is written to docs/soak.md.
"""

import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALLS = int(os.environ.get("SOAK_CALLS", "100000"))
FAULTS, CONCURRENCY, LATENCY = 0.1, 64, 0.02
BYTES_A_CALL = 1000


class Disk:
    """A folder that is full once."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        small = max(1, CALLS * BYTES_A_CALL // 5 // 2**20)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={small}m", "soak", str(path)]
        self.mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        self.limit = None if self.mounted else CALLS * BYTES_A_CALL // 10
        self.how = f"a tmpfs of {small} MB" if self.mounted else f"files of at most {self.limit:,} bytes"
        self.refused = False

    def limits(self):
        """In the judging process, before it starts."""
        if self.limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit, self.limit))

    def make_room(self):
        self.refused = True
        self.limit = None
        if self.mounted:
            subprocess.run(["mount", "-o", "remount,size=4g", str(self.path)], check=True)

    def close(self):
        if self.mounted:
            subprocess.run(["umount", str(self.path)], check=False)


class Server:
    """The local server, always at one address."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.starts = 0
        self.start()

    def start(self):
        options = ("--port", self.port, "--latency", LATENCY, "--faults", FAULTS, "--anew")
        script = ROOT / "tests/servers/judge_server.py"
        self.process = subprocess.Popen([sys.executable, script, *map(str, options)], stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.starts += 1

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def lines(path):
    """Whole lines of a file that may not be there yet."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


def start_judging(folder, server, repeats, disk):
    env = {**os.environ, "OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"http://127.0.0.1:{server.port}/v1"}
    command = ["judge", folder, "--judge", "openai/gpt-4.1", "--concurrency", CONCURRENCY, "--repeats", repeats]
    return subprocess.Popen(
        [sys.executable, "-m", "mibench", *map(str, command)], env=env, cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, preexec_fn=disk.limits,  # noqa: PLW1509 - no threads here
    )  # fmt: skip


def megabytes(pid):
    with suppress(OSError, StopIteration):
        status = Path(f"/proc/{pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
    return 0.0


def check(folder, repeats, replies, kept):
    """Raise unless nothing is lost and nothing doubled; returns (calls, ratings rated, unrated by reason)."""
    calls = [json.loads(line) for line in (folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()]
    keys = [call["key"] for call in calls]
    assert len(set(keys)) == len(keys), "a call is kept twice"
    assert keys[: len(kept)] == kept, "a call that was kept is gone"
    ratings = [json.loads(line) for line in (folder / "ratings.jsonl").read_text(encoding="utf-8").splitlines()]
    settled = Counter(
        (r["subject"], r.get("repeat", 0)) for r in ratings if "no answer after" not in (r.get("reason") or "")
    )
    assert set(settled) == {(reply, repeat) for reply in replies for repeat in range(repeats)}, "a rating is missing"
    assert set(settled.values()) == {1}, "something is rated twice"
    reasons = Counter((r.get("reason") or "").partition(":")[0][:60] for r in ratings if r["status"] == "unrated")
    return len(calls), sum(r["status"] == "rated" for r in ratings), reasons


def judge_until_disturbed(folder, server, repeats, disk, rng, memory):
    """One judging process, until it ends or is killed; the server may die meanwhile. Returns (return code, what it said)."""
    process = start_judging(folder, server, repeats, disk)
    ratings = folder / "ratings.jsonl"
    before = lines(ratings)
    end = before + rng.uniform(0.05, 0.15) * CALLS
    server_dies = rng.uniform(before, end) if rng.random() < 0.5 else None
    while process.poll() is None and (done := lines(ratings)) < end:
        memory.append((done, megabytes(process.pid)))
        if server_dies and done > server_dies:
            server.stop()
            time.sleep(rng.choice([rng.uniform(0.1, 3), 45]))  # a hiccup to be sat out, or an outage that stops the run
            server.start()
            server_dies = None
        time.sleep(0.25)
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    _, said = process.communicate()
    return process.returncode, said


def keys_of(path):
    """Keys of the whole lines."""
    whole = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [json.loads(line)["key"] for line in whole if line.endswith(b"\n")]


def main():
    rng = random.Random(int(os.environ.get("SOAK_SEED", "0")))
    place = Path(tempfile.mkdtemp(prefix="soak"))
    disk, server = Disk(place / "disk"), Server()
    folder = disk.path / "run"
    generate = [sys.executable, "-m", "mibench", "generate", "--out", folder]
    subprocess.run(generate, check=True, capture_output=True, cwd=ROOT)
    replies = [
        json.loads(line)["round"] for line in (folder / "replies.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    repeats = max(1, round(CALLS / len(replies)))
    events, memory, kept = Counter(), [], []
    begun = time.perf_counter()
    try:
        while True:
            code, said = judge_until_disturbed(folder, server, repeats, disk, rng, memory)
            events["started"] += 1
            if code == 0:
                break
            if code == -signal.SIGKILL:
                events["killed"] += 1
            elif "Cannot write" in said:
                events["full"] += 1
                assert "Lines already written are intact" in said, said
                disk.make_room()
            else:
                events["away"] += 1
                assert "calls in a row failed" in said or "does not answer" in said, said
            now = keys_of(folder / "calls.jsonl")
            assert now[: len(kept)] == kept, "a call that was kept is gone"
            kept = now
        events["minutes"] = (time.perf_counter() - begun) / 60
        events["restarts"] = server.starts - 1
        found = check(folder, repeats, replies, kept)
        assert events["full"] == 1 or CALLS < 20_000, "the disk was never full"
        report(found, len(replies) * repeats, events, memory, disk)
    finally:
        server.stop()
        disk.close()


FAULT_NAMES = "429, 500, 529, dropped in mid-body, no JSON, out of range, refused, cut, empty"


def report(found, asked, events, memory, disk):
    calls, rated, reasons = found
    early = max((mb for done, mb in memory if done < asked * 0.2), default=0)
    late = max((mb for done, mb in memory if done > asked * 0.8), default=0)
    unrated = ", ".join(f"{count:,} “{reason}”" for reason, count in reasons.most_common()) or "none"
    text = f"""# The soak test

`make soak` ran last on {datetime.now(UTC):%Y-%m-%d}: {asked:,} ratings by one judge, {CONCURRENCY} calls at a time, against a local
server that answers one call in ten with a fault ({FAULT_NAMES}), chosen anew for each try.

| what happened | |
|---|---:|
| calls kept | {calls:,} |
| judging process killed (SIGKILL) | {events["killed"]} |
| server killed and started again | {events["restarts"]} |
| runs that stopped because the server was away, and went on | {events["away"]} |
| disk full ({disk.how}), and went on | {events["full"]} |
| judging process started | {events["started"]} |
| minutes | {events["minutes"]:.1f} |
| **calls lost that were kept once** | **0** |
| **calls kept twice** | **0** |
| **replies rated twice, or not settled** | **0** |
| rated | {rated:,} |
| unrated, by reason | {unrated} |
| highest memory in the first fifth | {early:.0f} MB |
| highest memory in the last fifth | {late:.0f} MB |

A call whose process is killed between the server's answer and the line on the disk is asked again: at most the calls in
flight, {CONCURRENCY}, a kill. No bookkeeping on this side can prevent that; the Batch API's can, for its answers wait there.
Memory grows, by some 200 bytes a rating, only with what must be known to ask nothing twice: key and place of each call, and which ratings there are.
"""
    print(text)
    if not os.environ.get("SOAK_DRY"):
        (ROOT / "docs/soak.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
