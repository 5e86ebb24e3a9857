"""Claims about the report, opened in a real browser."""

import json
from pathlib import Path

import pytest

from mibench.api import judge_stage, report_stage, run, score_stage
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.suites import load_suite

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

HOSTILE = [
    "<script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "</script><script>window.owned=1</script>",
    "{{ 7*7 }}{% include 'x' %}",
]


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium: apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report on the first three dialogues, anchors beside it."""
    return run(limit=33, out=tmp_path_factory.mktemp("report 报告") / "run").report


def opened(browser, path, **context):
    page = browser.new_context(**context).new_page()
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else page.faults.append(request.url))
    page.goto(path.resolve().as_uri())
    return page


def test_it_opens_from_a_folder_with_spaces_and_chinese_without_a_fault_or_a_request(browser, report):
    page = opened(browser, report)
    assert page.title() == "reflector · mi_zh · mibench"
    assert page.locator(".round").count() == 33
    assert page.locator("figure").count() == 6
    assert page.faults == []


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_off_the_page_sideways(browser, report, width, scheme):
    page = opened(browser, report, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.click("#open")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_filters_show_only_the_rounds_that_fit(browser, report):
    page = opened(browser, report)
    page.select_option("#code", "Q")
    shown = page.locator(".round:not([hidden])")
    assert 0 < shown.count() < 33
    assert all("Q" in shown.nth(n).get_attribute("data-codes").split() for n in range(shown.count()))
    page.select_option("#code", "")
    page.select_option("#talk", "sustain")
    assert 0 < page.locator(".round:not([hidden])").count() < 33
    page.select_option("#talk", "")
    page.fill("#words", "没有这样的字句")
    assert page.locator("#count").inner_text() == "0 of 33 rounds"


def test_it_can_be_read_by_keyboard_and_without_javascript(browser, report):
    page = opened(browser, report, java_script_enabled=False)
    assert page.locator(".round").first.is_visible()
    summary = page.locator("details.dialogue > summary").nth(1)
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.dialogue").nth(1).locator(".round").first.is_visible()


def test_what_models_say_is_shown_and_never_run(browser, small_suite, tmp_path):
    suite = load_suite(small_suite(2))
    script = tmp_path / "script.jsonl"
    rows = [{"round": round_.id, "text": text} for round_, text in zip(suite.rounds, HOSTILE, strict=True)]
    script.write_text("".join(json.dumps(row) + "\n" for row in rows))
    folder = RunFolder(tmp_path / "run")
    generate(folder, suite, GenerationPlan(model="scripted", model_args={"path": str(script)}))
    judge_stage(folder, suite, "offline")
    score_stage(folder, suite, "offline", draws=300)
    page = opened(browser, report_stage(folder, suite))
    assert page.evaluate("window.owned") is None
    assert page.faults == []
    said = page.locator(".round .model").all_text_contents()
    assert all(any(text[:12] in shown for shown in said) for text in HOSTILE), said
