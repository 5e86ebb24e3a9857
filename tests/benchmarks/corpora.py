"""Loading and near-duplicate search at SMILECHAT's size: 55,165 dialogues, its 120 at hand repeated under new names.

MIBENCH_DATA=… python tests/benchmarks/corpora.py   prints a Markdown table. Not a test.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("MIBENCH_DATA") or ROOT.parent / "shared/data")
DIALOGUES = 55_165


def made(folder):
    """Links with new names to the files at hand: 55,165 files without their disk space."""
    files = sorted((DATA / "smilechat").glob("*.json"))
    copies = [folder / "first" / path.name for path in files]
    (folder / "first").mkdir()
    for path, copy in zip(files, copies, strict=True):
        copy.write_bytes(path.read_bytes())
    many = folder / "many"
    many.mkdir()
    for number in range(DIALOGUES):
        os.link(copies[number % len(copies)], many / f"{number:06d}.json")
    return many


def child(what, place):
    """One measurement in a process of its own: seconds, peak memory in MB, and what came out."""
    start = time.perf_counter()
    if what == "load":
        from mibench.data_path import load_corpus

        said = load_corpus(f"smilechat:{place}", Path(place).parent / "all.jsonl").loaded
    else:
        from mibench.corpora import minhash
        from mibench.data_path import sources

        texts = ("\n".join(turn.text for turn in dialogue.turns) for dialogue in sources(place))
        signatures = minhash.signatures(texts)
        middle = time.perf_counter()
        said = f"{len(set(minhash.clusters(signatures).tolist()))} clusters, {middle - start:.0f} s of it reading and signing"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{time.perf_counter() - start:.1f} s | {peak:.0f} MB | {said}")


def measured(what, place):
    return subprocess.run(
        [sys.executable, __file__, what, place], capture_output=True, text=True, check=True
    ).stdout.strip()


def main():
    if not (DATA / "smilechat").is_dir():
        sys.exit(f"There is no smilechat at {DATA}; set MIBENCH_DATA to a folder with a copy of the corpora.")
    with tempfile.TemporaryDirectory() as folder:
        many = made(Path(folder))
        print("| stage | time | peak memory | result |\n|---|---:|---:|---|")
        print(f"| load {DIALOGUES:,} dialogues, write them | {measured('load', many)} loaded |")
        print(f"| MinHash near-duplicates among them | {measured('near', many.parent / 'all.jsonl')} |")


if __name__ == "__main__":
    child(*sys.argv[1:]) if len(sys.argv) > 1 else main()
