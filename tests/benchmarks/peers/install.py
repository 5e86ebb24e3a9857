"""Install the peers that `tests/benchmarks/against_peers.py` measures, each in an environment of its own: `python install.py DIR`.

inspect_ai and deepeval with pip (0.6 GB), promptfoo with npm (1.4 GB). What does not install is left out, and the benchmark
says so. They are no dependencies of mibench: in one environment they would force older SDKs on it.
"""

import subprocess
import sys
import venv
from pathlib import Path

PYTHON = {"inspect_ai": ["inspect-ai==0.3.285", "openai"], "deepeval": ["deepeval==4.3.1"]}
PROMPTFOO = "promptfoo@0.121.20"


def main():
    place = Path(sys.argv[1])
    for name, wanted in PYTHON.items():
        if not (place / name / "bin/python").exists():
            venv.create(place / name, with_pip=True)
        tried([place / name / "bin/pip", "install", "-q", *wanted], name)
    (place / "promptfoo").mkdir(parents=True, exist_ok=True)
    tried(["npm", "install", "--no-fund", "--no-audit", "--prefix", place / "promptfoo", PROMPTFOO], "promptfoo")


def tried(command, name):
    try:
        subprocess.run([str(part) for part in command], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{name} could not be installed: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
