"""A real browser, and runs to be looked at."""

import json
from pathlib import Path

import pytest

from mibench.api import judge_stages, report_stage, score_stage
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.suites import load_suite

ROUNDS = 24


@pytest.fixture(scope="module")
def browser(runs, jury, chromium):
    """Debian's Chromium, started when all judges have been asked: asyncio cannot run beside Playwright."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def opened(browser):
    """opened(path, hash="#…", **context) → its page, which keeps what the console, errors and the network say in `faults`."""
    contexts = []

    def open_(path, hash="", **context):  # noqa: A002
        contexts.append(browser.new_context(**context))
        page = contexts[-1].new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith("file:") else page.faults.append(request.url))
        page.goto(path.resolve().as_uri() + hash)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe_finds():
    """axe_finds(page) → what axe-core, all its rules for WCAG 2.2 AA and best practice, holds against the page."""
    bundle = pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python, which brings axe-core")
    source = (Path(bundle.__path__[0]) / "axe.min.js").read_text(encoding="utf-8")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def find(page):
        page.evaluate(source)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
        return [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"]) for v in found["violations"]]

    return find


def made(folder, suite, judges, limit=ROUNDS, **plan):
    """A run with its scores, few resamples; `folder` → RunFolder."""
    run = RunFolder(folder)
    generate(run, suite, GenerationPlan(limit=limit, **plan))
    score_stage(run, suite, judge_stages(run, suite, judges), draws=200)
    return run


@pytest.fixture(scope="session")
def suite():
    """The Chinese suite."""
    return load_suite("mi_zh")


@pytest.fixture(scope="session")
def runs(tmp_path_factory, suite):
    """runs[model] → a run folder in a place with a space and Chinese letters, judged offline, the adviser beside the reference."""
    home = tmp_path_factory.mktemp("my runs 报告")
    found = {name: made(home / name, suite, ["offline"], model=name) for name in ("reference", "adviser")}
    made(home / "reference/anchors/adviser", suite, ["offline"], model="adviser")
    for run in found.values():
        report_stage(run, suite)
    return found


@pytest.fixture(scope="session")
def jury(tmp_path_factory, suite):
    """A run that four judges have read: two of replies who never agree, one of dialogues, one of dangers."""
    home = tmp_path_factory.mktemp("jury 合议")
    rounds = suite.rounds[:ROUNDS]
    shares = {
        "SR": 10,
        "CR": 55,
        "Q": 0,
        "AF": 0,
        "Seek": 0,
        "Emphasize": 0,
        "GI": 0,
        "PwP": 0,
        "Persuade": 0,
        "Confront": 9,
    }
    no = {"answer": "no", "quote": ""}
    answers = {
        "panel": [
            {"added_meaning": "怕白费劲。", "depth": 40, "shares": shares,
             "evidence": [{"code": "CR", "quote": round_.reference.text[:6]}]} for round_ in rounds
        ],
        "globals": [{"evidence_for": [], "evidence_against": [], "rating": 3}],
        "safety": [{"noticed": no, "responded": no, "directed": no, "worsened": {"answer": "yes", "quote": ""}}],
    }  # fmt: skip
    judges = ["offline"]
    for name, lines in answers.items():
        path = home / f"{name}.jsonl"
        subjects = [round_.id for round_ in rounds] if len(lines) > 1 else ["*"]
        rows = [{"subject": s, "text": json.dumps(a, ensure_ascii=False)} for s, a in zip(subjects, lines, strict=True)]
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        judges.append(f"{name}:scripted/{path}")
    run = made(home / "run", suite, judges, model="reference")
    report_stage(run, suite)
    return run
