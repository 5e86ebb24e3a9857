"""A million ratings: reading, adding up, appending and going on, at 1,000 to 1,000,000.

Everything here is synthetic: the shipped Chinese dialogues under new ids, replies that are the references, and ratings
drawn at random, a hundred of each reply (five judges, twenty repeats), written in the form and length of real ones.
MIBENCH_RATINGS=100000 stops at a smaller size.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
JUDGES, REPEATS = 5, 20
LIMITS = {"score": 60.0, "score_mb": 2048.0, "open": 5.0, "flat": 1.1}


def write_suite(folder, rounds):
    """A suite of at least so many rounds."""
    folder.mkdir(parents=True)
    source = ROOT / "tasks/mi_zh"
    lines = [
        line for line in (source / "dialogues.jsonl").read_text(encoding="utf-8").splitlines() if '"turns"' in line
    ]
    written, copy = 0, 0
    with (folder / "dialogues.jsonl").open("w", encoding="utf-8") as file:
        while written < rounds:
            for line in lines:
                found = json.loads(line)
                found["id"] = f"zh-synthetic{copy}-{found['id'][3:]}"
                file.write(json.dumps(found, ensure_ascii=False) + "\n")
                written += len(found["turns"]) // 2
            copy += 1
    for name in ("counsellor.jinja", "mi_zh.yaml"):
        (folder / name.replace("mi_zh", folder.name)).write_bytes((source / name).read_bytes())


def write_run(folder, suite, ratings):
    """The run with so many ratings; returns microseconds of processor time an append took."""
    import random

    from mibench.judging import judge_card
    from mibench.records import RunFolder, digest_of
    from mibench.schema import CODES, Manifest, ModelIdentity, Rating, Reply
    from mibench.scoring.score import comparability_digest

    rng = random.Random(0)
    run = RunFolder(folder)
    rounds = suite.rounds[: ratings // (JUDGES * REPEATS)]
    names = [f"panel:compatible/synthetic-{number}" for number in range(JUDGES)]
    assert judge_card("panel").rates == "reply"
    judges = {name: digest_of(name) for name in names}
    manifest = Manifest(
        suite=suite.name, suite_digest=suite.digest, prompt_digest=suite.prompt_digest, limit=len(rounds), seed=0,
        model=ModelIdentity(name="synthetic", revision="1", chat_template="applied", system="system-role"),
        judges=judges, created="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    digests = {name: comparability_digest(manifest, [name]) for name in names}
    run.save(manifest.model_copy(update={"digests": digests}))
    with run.append_replies() as replies:
        for round_ in rounds:
            replies.append(Reply(round=round_.id, text=round_.reference.text, status="ok", seconds=0.1))

    took = 0.0
    with run.append_ratings() as file:
        for round_ in rounds:
            reply_digest = digest_of(round_.reference.text)
            own = dict.fromkeys(round_.reference.codes, 1.0)
            batch = [
                Rating(
                    status="rated", judge=name, judge_digest=judges[name], subject=round_.id, reply_digest=reply_digest,
                    repeat=repeat, utterances=round_.reference.utterances, utterance_count=len(round_.reference.utterances),
                    counts={code: round(min(1.0, max(0.0, 0.8 * own.get(code, 0.05) + rng.gauss(0, 0.1))), 4) for code in CODES},
                    depth=20, added_meaning="…", tokens_in=1900, tokens_out=120, cost=0.0, seconds=1.0,
                )
                for name in names for repeat in range(REPEATS)
            ]  # fmt: skip
            start = time.process_time()
            for rating in batch:
                file.append(rating)
            took += time.process_time() - start
    return 1e6 * took / (len(rounds) * JUDGES * REPEATS)


def peak():
    """Highest resident memory of this process in MB; getrusage would count the parent's at the fork."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024


def measured(what, *args):
    """One of the jobs below in a fresh process: what it prints as JSON, its peak memory in MB added."""
    done = subprocess.run(
        [sys.executable, __file__, what, *map(str, args)], check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


def job_open(folder, suite):
    """What `mibench judge` does before its first question: which ratings are there already?"""
    from mibench.judging.prompted.stage import settled
    from mibench.records import RunFolder

    class Judge:
        digest = next(iter(RunFolder(folder).manifest().judges.values()))

    start, cpu = time.perf_counter(), time.process_time()
    found = settled(RunFolder(folder), Judge)
    return {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu, "found": len(found)}


def job_read(folder, suite):
    """Reading and adding up all ratings: the part of scoring that grows with them."""
    import numpy as np  # noqa: F401 - what is loaded once is no cost of a rating

    from mibench.records import RunFolder, digest_of
    from mibench.scoring.tally import JudgeFacts, read_tallies

    run = RunFolder(folder)
    digests = {"reply": {id_: digest_of(reply.text) for id_, reply in run.replies().items()}}
    judges = {digest: JudgeFacts(name, "reply") for name, digest in run.manifest().judges.items()}
    start, cpu = time.perf_counter(), time.process_time()
    for tally in read_tallies(run, judges, digests):
        tally.rows(list(digests["reply"]))
    return {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}


def job_score(folder, suite):
    """Everything up to scores.json on the disk."""
    from mibench.api import score_stage
    from mibench.records import RunFolder
    from mibench.suites import load_suite

    start, cpu = time.perf_counter(), time.process_time()
    run = RunFolder(folder)
    score_stage(run, load_suite(suite), list(run.manifest().judges))
    return {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}


def main():
    from mibench.suites import load_suite

    largest = int(os.environ.get("MIBENCH_RATINGS", SIZES[-1]))
    sizes = [size for size in SIZES if size <= largest]
    found = {}
    with tempfile.TemporaryDirectory() as tmp:
        write_suite(Path(tmp) / "synthetic", sizes[-1] // (JUDGES * REPEATS))
        suite = load_suite(Path(tmp) / "synthetic")
        for size in sizes:
            folder = Path(tmp) / f"run-{size}"
            append = write_run(folder, suite, size)
            found[size] = {name: measured(name, folder, suite.folder) for name in ("open", "read", "score")}
            found[size]["append"] = append
    least, most = sizes[1], sizes[-1]
    print(
        "| ratings | append, µs CPU each | opening to go on, µs CPU each | reading and adding up, µs CPU each | scores.json | its peak memory | memory once opened |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size, at in found.items():
        each = [at["append"], *(1e6 * at[name]["cpu"] / size for name in ("open", "read"))]
        print(
            f"| {size:,} | {' | '.join(f'{value:.2f}' for value in each)} | {at['score']['seconds']:.1f} s | "
            f"{at['score']['mb']:.0f} MB | {at['open']['mb']:.0f} MB |"
        )
    top = found[most]
    print(f"\n| what, at {most:,} ratings | took | against | ratio |\n|---|---:|---:|---:|")
    print(
        f"| scores.json | {top['score']['seconds']:.1f} s | limit {LIMITS['score']:.0f} s | {top['score']['seconds'] / LIMITS['score']:.2f} |"
    )
    print(
        f"| its peak memory | {top['score']['mb']:.0f} MB | limit {LIMITS['score_mb']:.0f} MB | {top['score']['mb'] / LIMITS['score_mb']:.2f} |"
    )
    cpu = top["open"]["cpu"]
    print(
        f"| opening the run to go on, processor time | {cpu:.2f} s | limit {LIMITS['open']:.0f} s | {cpu / LIMITS['open']:.2f} |"
    )
    print(
        f"| opening the run to go on | {top['open']['seconds']:.2f} s | limit {LIMITS['open']:.0f} s | {top['open']['seconds'] / LIMITS['open']:.2f} |"
    )
    for name, label in (
        ("append", "appending a rating"),
        ("open", "opening, a rating"),
        ("read", "reading and adding up, a rating"),
    ):
        one, other = (
            at[name] if name == "append" else 1e6 * at[name]["cpu"] / size
            for size, at in ((least, found[least]), (most, top))
        )
        print(f"| {label} | {other:.2f} µs | at {least:,}: {one:.2f} µs | {other / one:.2f} |")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        told = {"open": job_open, "read": job_read, "score": job_score}[sys.argv[1]](
            Path(sys.argv[2]), Path(sys.argv[3])
        )
        print(json.dumps({**told, "mb": peak()}))
    else:
        main()
