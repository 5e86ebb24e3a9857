"""A submission judged by a language model over the wire, bundled, and rated again by the same model."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mibench.board.rejudging import compared
from mibench.records.submission import SubmissionFolder
from mibench.schema import Estimate

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def wire():
    """The environment of a server that judges; what it says of a reply depends on the reply alone."""
    process = subprocess.Popen(
        [sys.executable, ROOT / "tests/servers/judge_server.py", "--faults", "0"], stdout=subprocess.PIPE, text=True
    )
    port = int(process.stdout.readline())
    yield {**os.environ, "OPENAI_API_KEY": "sk-test-SECRET-openai", "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1"}
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_language_models_ratings_are_bundled_and_come_out_again_within_a_budget(finished, mibench, wire, tmp_path):
    run = shutil.copytree(finished("reflector"), tmp_path / "run")

    def do(*args, code=0):
        done = mibench(*args, cwd=tmp_path, env=wire)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    do("judge", run, "--judge", "openai/gpt-4.1")
    do("score", run, "--judge", "openai/gpt-4.1")
    do("submit", "bundle", run, "--organisation", "Lab", "--date", "2026-11-24", "--out", tmp_path / "all")
    folder = tmp_path / "all/reflector_lab_2026-11-24"
    assert "--judge panel:openai/gpt-4.1" in SubmissionFolder(folder).submission().command
    assert list(SubmissionFolder(folder).runs()[0].manifest().judges) == ["panel:openai/gpt-4.1"]

    report = json.loads(do("submit", "check", folder, "--json", "--submissions", tmp_path / "all").stdout)[0]
    alarms = [one["what"] for one in report["findings"] if one["severity"] == "alarm"]
    assert any("panel:openai/gpt-4.1" in one and "no judge of v1 yet" in one for one in alarms)
    assert any("offline judge" in one for one in alarms)  # the server knows nothing of MI

    again = ("submit", "check", folder, "--no-offline", "--rejudge", "openai/gpt-4.1", "--json")
    do(*again, "--budget", "0.05", code=3)
    assert SubmissionFolder(folder).standing() == "self-reported"
    report = json.loads(do(*again).stdout)[0]
    assert report["standing"] == SubmissionFolder(folder).standing() == "reproduced"
    assert all(one["alike"] and one["judge"] == "panel:openai/gpt-4.1" for one in report["rejudged"])
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes(), path


def test_half_an_interval_is_alike_and_more_is_not():
    claimed = Estimate(metric="r_to_q", label="R:Q", unit="ratio", better="higher", value=1.0, standard_error=0.1)

    def found(value):
        return compared("mi_zh", "j", "0", claimed, claimed.model_copy(update={"value": value}))

    assert found(1.19).alike
    assert not found(1.21).alike
    assert not found(None).alike
    undefined = claimed.model_copy(update={"value": None, "standard_error": None})
    assert compared("mi_zh", "j", "0", undefined, undefined).alike
