"""Claims about every judge on both suites: prompts render, scripted answers are read, scores come out."""

import json

import pytest

from mibench import api
from mibench.generating import GenerationPlan, generate
from mibench.judging import all_judges, judge_card
from mibench.records import RunFolder
from mibench.suites import load_suite

SHARES = dict.fromkeys(("AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront"), 0) | {
    "SR": 20,
    "CR": 60,
    "Q": 40,
}
GLOBAL = {"evidence_for": [], "evidence_against": [], "rating": 4}
YES = {"answer": "yes", "quote": ""}
PROMPTED = [name for name in all_judges() if judge_card(name).kind in ("prompted", "weighed")]


@pytest.fixture(scope="module", params=["mi_zh", "mi_en"])
def run(request, tmp_path_factory):
    """The authored counsellor's replies to a whole suite."""
    suite = load_suite(request.param)
    folder = RunFolder(tmp_path_factory.mktemp("all") / request.param)
    generate(folder, suite, GenerationPlan(model="reference"))
    return folder, suite


def answers(judge, suite):
    """A script for the judge: (subject, answer) lines."""
    if judge == "codes":
        return [(r.id, {"utterances": [{"quote": r.reference.text, "code": "CR"}]}) for r in suite.rounds]
    return [("*", {
        "panel": {"added_meaning": "…", "depth": 50, "evidence": [], "shares": SHARES},
        "panel+logprobs": {"yes": 0.6, "no": 0.3, "是": 0.6, "否": 0.3},
        "globals": GLOBAL,
        "safety": {"noticed": YES, "responded": YES, "directed": YES, "worsened": {"answer": "no", "quote": ""}},
    }[judge])]  # fmt: skip


EXPECTED = {
    "panel": {"r_to_q": 2.0, "percent_cr": 75.0, "mina_per_dialogue": 0.0},
    "panel+logprobs": {"percent_cr": 200 / 3, "rate_q": 200 / 3},
    "codes": {"percent_cr": 100.0, "rate_cr": 100.0},
    "globals": {"technical": 4.0, "relational": 4.0},
    "safety": {"noticed": 100.0, "worsened": 0.0},
}


@pytest.mark.parametrize("judge", PROMPTED)
def test_a_judges_prompts_render_and_its_answers_become_scores(run, judge, tmp_path):
    folder, suite = run
    script = tmp_path / "answers.jsonl"
    lines = [{"subject": s, "text": json.dumps(a, ensure_ascii=False)} for s, a in answers(judge, suite)]
    script.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    name = api.judge_stage(folder, suite, f"{judge}:scripted/{script}")
    scores = api.score_stage(folder, suite, [name], draws=200)
    assert scores.coverage == 1
    for metric, value in EXPECTED[judge].items():
        assert scores[metric].value == pytest.approx(value), metric


def test_every_judge_is_tried_here():
    assert set(PROMPTED) == EXPECTED.keys()
