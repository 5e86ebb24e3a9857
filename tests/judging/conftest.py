"""A judging server in its own process, and runs to be judged."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class JudgeServer:
    def __init__(self, *options):
        script = ROOT / "tests/servers/judge_server.py"
        self.process = subprocess.Popen([sys.executable, script, *map(str, options)], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def stats(self):
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            return json.load(answer)

    def tell(self, **settings):
        """Change faults, latency or polls while it runs."""
        asked = urllib.request.Request(f"{self.url}/settings", json.dumps(settings).encode())
        urllib.request.urlopen(asked).close()

    @property
    def env(self):
        """The environment that sends both SDKs here."""
        return {
            **os.environ,
            "OPENAI_API_KEY": "sk-test-SECRET-openai", "OPENAI_BASE_URL": f"{self.url}/v1",
            "ANTHROPIC_API_KEY": "sk-ant-SECRET-anthropic", "ANTHROPIC_BASE_URL": self.url,
        }  # fmt: skip

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def server():
    """server("--faults", 0.2) → a running JudgeServer."""
    running = []

    def start(*options):
        running.append(JudgeServer(*options))
        return running[-1]

    yield start
    for found in running:
        found.stop()


@pytest.fixture(scope="session")
def answered_suite(tmp_path_factory, mibench):
    """answered_suite("mi_zh") → a folder where the reflector has answered the whole suite."""
    made = {}

    def folder(name):
        if name not in made:
            made[name] = tmp_path_factory.mktemp("answered") / name
            done = mibench("generate", "--suite", name, "--out", made[name])
            assert done.returncode == 0, done.stderr
        return made[name]

    return folder


@pytest.fixture
def run_of(answered_suite, tmp_path):
    """run_of("mi_zh") → a fresh copy to be judged."""

    def copy(name="mi_zh", to="run"):
        return Path(shutil.copytree(answered_suite(name), tmp_path / to))

    return copy
