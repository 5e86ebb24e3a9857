"""A judging server in its own process, and runs to be judged."""

import shutil
from functools import partial
from pathlib import Path

import pytest


@pytest.fixture
def server(serve):
    """server("--faults", 0.2) → a running server that judges."""
    return partial(serve, "judge_server.py")


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
