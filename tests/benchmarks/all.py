"""Run the benchmarks beside this file and write docs/benchmarks.md: `make bench`, or `all.py NAME…` for some of them.

A section a file, under the first line of its docstring; what is not run this time stays as it was. A benchmark that
cannot run here says so in its section.
"""

import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs/benchmarks.md"
OWN_PYTHON = {"vllm_prefix": ROOT / ".venv-vllm/bin/python"}
"""Benchmarks that need an environment of their own; MIBENCH_VLLM_PYTHON says where else vLLM's is."""
HEAD = """# Benchmarks

Written by `make bench`. Seconds are this machine's at that moment; what can be compared is the ratios, each taken within
one run. `tests/benchmarks/all.py NAME` runs one file again.
"""


def run(path):
    """What a benchmark prints, or why it prints nothing."""
    python = OWN_PYTHON.get(path.stem, Path(sys.executable))
    if path.stem == "vllm_prefix" and "MIBENCH_VLLM_PYTHON" in os.environ:
        python = Path(os.environ["MIBENCH_VLLM_PYTHON"])
    if not python.exists():
        return f"Not measured: {python.parent.parent.name} is not installed (`make test-vllm` makes it)."
    try:
        done = subprocess.run([python, path], cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)
    except subprocess.TimeoutExpired:
        return "Not measured: it took more than half an hour."
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return f"Not measured here: {last[:300]}"
    found = done.stdout.strip()
    return found if "|---" in found else f"```\n{found}\n```"


def machine():
    """One line."""
    model = (
        re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else None
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = []
    for name in ("numpy", "scipy", "pydantic", "lm_eval", "openai", "aiohttp", "torch", "transformers"):
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return (
        f"{os.cpu_count()} cores ({model[1].strip() if model else platform.machine()}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )


def main():
    names = set(sys.argv[1:])
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    sections = dict(re.findall(r"^<!-- (\w+) -->\n(.*?)(?=^<!-- |\Z)", text, re.DOTALL | re.MULTILINE))
    for path in sorted(HERE.glob("*.py")):
        if path == Path(__file__) or (names and path.stem not in names):
            continue
        title = re.search(r'"""(.*)', path.read_text(encoding="utf-8"))[1].partition(": `")[0].rstrip('".')
        load, start = os.getloadavg()[0], time.perf_counter()
        print(f"{path.stem} …", file=sys.stderr, flush=True)
        found = run(path)
        about = (
            f"`tests/benchmarks/{path.name}`, {datetime.now(UTC):%Y-%m-%d}, {time.perf_counter() - start:.0f} s, load of the "
            f"machine before it {load:.1f}. {machine()}."
        )
        sections[path.stem] = f"## {title}\n\n{found}\n\n{about}\n\n"
        body = "".join(f"<!-- {name} -->\n{section}" for name, section in sorted(sections.items()))
        PAGE.write_text(f"{HEAD}\n{body.rstrip()}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
