"""The real vLLM on this machine's processor, and a tiny checkpoint that is inclined to answer."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest

CHAT = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""ChatML that takes any order: at its start the server tries the template on a user's turn alone."""

SETTINGS = {
    "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_SERVER_DEV_MODE": "1",  # for /reset_prefix_cache
}  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def vllm_is_here():
    """Skip everything in this folder where vLLM's CPU build is not installed."""
    try:
        metadata.distribution("vllm-cpu")
    except metadata.PackageNotFoundError:
        pytest.skip("needs vLLM's CPU build, which has an environment of its own: make test-vllm")


class VLLMServer:
    """vLLM's OpenAI-compatible server in processes of its own."""

    def __init__(self, checkpoint, log, *options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        command = [
            sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(checkpoint), "--served-model-name", "tiny",
            "--host", "127.0.0.1", "--port", str(self.port), "--dtype", "float32", "--enforce-eager", "--max-model-len", "16384", "--enable-prompt-tokens-details",
            "--structured-outputs-config", '{"backend": "guidance", "disable_any_whitespace": true}',
            "--override-generation-config", '{"temperature": 0}',  # Anthropic's SDK has no way to ask for it
            *options,
        ]  # fmt: skip
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=out, env={**os.environ, **SETTINGS}, start_new_session=True
            )

    def wait(self, seconds=300):
        """Until it answers. Fails with the end of its log."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=5):
                return self
            time.sleep(0.5)
        pytest.fail(f"vLLM did not start:\n{self.log.read_text(encoding='utf-8', errors='replace')[-3000:]}")

    @property
    def env(self):
        """The environment that sends both SDKs here."""
        return {
            "OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"{self.url}/v1",
            "ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": self.url,
        }  # fmt: skip

    def metric(self, name):
        """The sum of a counter over its labels."""
        with urllib.request.urlopen(f"{self.url}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((f"{name}{{", f"{name} ")))

    def forget(self):
        """Empty the prefix cache."""
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/reset_prefix_cache", method="POST")).close()

    @property
    def megabytes(self):
        """Resident memory of all its processes."""
        pages = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                if int(stat.read_text().rpartition(")")[2].split()[3]) == self.process.pid:
                    pages += int(stat.with_name("statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 2**20

    def stop(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="session")
def answering_checkpoint(inclined_checkpoint):
    """A checkpoint that ends what it began, quotes before brackets before commas before digits; returns its folder.

    Left to themselves random weights fill a string up to the token limit, and no answer is ever whole.
    """
    pulls = {'"': 4, "]": 3, "}": 2.5, ",": 1.7} | dict.fromkeys("0123456789", 1)
    return inclined_checkpoint(pulls, CHAT)


@pytest.fixture
def vllm_server(answering_checkpoint, tmp_path):
    """vllm_server("--option", …) → a server of the test's own that answers."""
    running = []

    def start(*options):
        running.append(VLLMServer(answering_checkpoint, tmp_path / f"vllm-{len(running)}.log", *options))
        return running[-1].wait()

    yield start
    for found in running:
        found.stop()


@pytest.fixture(scope="session")
def server(answering_checkpoint, tmp_path_factory):
    """One server for all tests that leave it alive."""
    found = VLLMServer(answering_checkpoint, tmp_path_factory.mktemp("vllm") / "server.log")
    yield found.wait()
    found.stop()


@pytest.fixture
def answered(mibench, tmp_path):
    """answered(20) → a run folder with the reflector's first twenty replies."""

    def generate(rounds):
        done = mibench("generate", "--limit", rounds, "--out", tmp_path / "run")
        assert done.returncode == 0, done.stderr
        return tmp_path / "run"

    return generate
