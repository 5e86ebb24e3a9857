"""A judged run of six small dialogues, and sheets of human codes for it."""

import json

import pytest

from mibench.api import judge_stage
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.suites import load_suite

JUDGED = [["CR", "Q"], ["SR"], ["Persuade"], ["SR", "Q"], ["CR"], ["Q", "AF"]]
"""What the judge says, over and over."""


@pytest.fixture
def small_run(small_suite, tmp_path):
    """small_run(6) → (run folder, suite): two rounds a dialogue, coded from a script."""

    def make(dialogues=6):
        suite = load_suite(small_suite(dialogues))
        script = tmp_path / "codes.jsonl"
        rows = [{"round": r.id, "codes": JUDGED[n % len(JUDGED)]} for n, r in enumerate(suite.rounds)]
        script.write_text("".join(json.dumps(row) + "\n" for row in rows))
        folder = RunFolder(tmp_path / "run")
        generate(folder, suite, GenerationPlan(model="reference"))
        judge_stage(folder, suite, f"scripted:{script}")
        return folder, suite

    return make
