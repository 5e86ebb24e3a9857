"""Claims about the report, opened in a real browser."""

import json
import re

import pytest

from mibench.api import Run, judge_stage, run, score_stage
from mibench.generating import GenerationPlan, generate
from mibench.publishing import write_report
from mibench.records import RunFolder
from mibench.suites import load_suite

HOSTILE = [
    "<script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "</script><script>window.owned=1</script>",
    "{{ 7*7 }}{% include 'x' %}",
    '" onmouseover="window.owned=1" a=b',
    "好\u202e的\u202c，零\u200b宽\x07",
    "z" + "\u0301" * 900,
    "这条回复后来变得很长。",
]


@pytest.fixture
def report(runs):
    return runs["reference"].report_path


def shown(page):
    return page.locator(".round:not([hidden])")


def test_it_opens_from_a_folder_with_spaces_and_chinese_without_a_fault_or_a_request(opened, report):
    page = opened(report)
    assert page.title() == "reference · mi_zh · mibench"
    assert page.locator(".round").count() == 24
    assert page.locator(".profile figure").count() == 6
    assert page.faults == []


def test_every_headline_number_says_what_difference_the_suite_can_see(opened, report):
    figures = opened(report).locator("figure:has(> b)")
    assert figures.count() == 7
    assert all("这套题能分辨的差异：± " in figures.nth(n).inner_text() for n in range(figures.count()))


def test_the_parts_of_proficiency_come_to_the_number_above_them(runs):
    from mibench.publishing.pieces import pieces

    scores = runs["reference"].scores()
    found = pieces(scores)
    assert {piece.own.metric for piece in found.parts} == {"percent_cr", "r_to_q"}
    assert found.mean * (1 - found.lost / 100) == pytest.approx(scores["proficiency"].value)


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("hash", ["#lang=zh", "#lang=en"])
def test_nothing_runs_off_the_page_sideways(opened, jury, width, hash):  # noqa: A002
    page = opened(jury.report_path, hash, viewport={"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("width", "scheme", "hash"), [(1280, "light", ""), (1280, "dark", "#lang=en"), (390, "light", "")]
)
def test_axe_finds_nothing(opened, axe_finds, jury, width, scheme, hash):  # noqa: A002
    page = opened(jury.report_path, hash, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details.fold, .round .more').forEach((d, n) => { d.open = n < 16; })")
    page.locator(".chip").first.focus()
    assert axe_finds(page) == []


def test_filters_show_only_the_rounds_that_fit_and_the_address_remembers_them(opened, report):
    page = opened(report)
    page.select_option("#code", "Q")
    assert 0 < shown(page).count() < 24
    assert all("Q" in shown(page).nth(n).get_attribute("data-code").split() for n in range(shown(page).count()))
    page.select_option("#talk", "sustain")
    both = shown(page).count()
    page.get_by_role("button", name="English").click()
    again = opened(report, "#" + page.url.partition("#")[2])
    assert again.url.endswith("#code=Q&talk=sustain&lang=en")
    assert shown(again).count() == both
    assert again.locator("#count").inner_text() == f"{both} of 24 rounds"
    again.get_by_role("button", name="clear").click()
    assert shown(again).count() == 24
    again.fill("#q", "没有这样的字句")
    assert again.locator("#count").inner_text() == "0 of 24 rounds"
    assert again.get_by_text("No round fits all filters.").is_visible()


def unsure(jury, round_):
    """A code that the judges' mean puts between 30 and 70 %, or that they put more than 40 points apart, or a doubtful cut."""
    given = [r for r in jury.ratings() if r.subject == round_ and not r.safety]
    codes = {code for rating in given for code in rating.counts}
    shares = {code: [rating.counts.get(code, 0.0) for rating in given] for code in codes}
    return (
        any(0.3 <= sum(values) / len(values) <= 0.7 for values in shares.values())
        or any(max(values) - min(values) > 0.4 for values in shares.values())
        or any(u.code and u.probability is not None and u.probability <= 0.7 for r in given for u in r.utterances)
    )


def test_the_clients_moments_and_unsure_judges_can_be_filtered(opened, jury, suite):
    page = opened(jury.report_path)
    moments = {"risk": "risk", "advice": "asks_advice", "angry": "angry"}
    for value, field in moments.items():
        page.select_option("#client", value)
        assert shown(page).count() == sum(bool(getattr(round_.client, field)) for round_ in suite.rounds[:24])
    page.select_option("#client", "")
    page.select_option("#rating", "unsure")
    assert shown(page).count() == sum(unsure(jury, round_.id) for round_ in suite.rounds[:24]) > 0
    page.select_option("#rating", "worse")
    assert shown(page).count() == sum(bool(round_.client.risk) for round_ in suite.rounds[:24]) > 0


def test_the_words_a_code_rests_on_can_be_had_by_keyboard(opened, jury, suite):
    page = opened(jury.report_path, "#lang=en")
    page.locator("#clear").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.chip.CR')"):
            break
    tip = page.get_by_role("tooltip")
    assert tip.is_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "tip"
    assert "CR · complex reflection" in tip.inner_text()
    assert f"panel:scripted/panel.jsonl: 55 % “{suite.rounds[0].reference.text[:6]}”" in tip.inner_text()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_the_words_a_code_rests_on_come_up_under_the_pointer_and_stay_while_it_is_on_them(opened, report):
    page = opened(report, "#lang=en")
    chip = page.locator(".chip").first
    code = chip.inner_text().split()[0]
    chip.hover()
    tip = page.get_by_role("tooltip")
    words = page.locator(f".round .answer .u.{code}").first
    assert words.evaluate("e => e.firstChild.textContent") in tip.inner_text()
    assert "lit" in words.get_attribute("class")
    tip.hover()
    page.wait_for_timeout(300)
    assert tip.is_visible()
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    assert not tip.is_visible()


def test_the_language_switch_leaves_no_word_of_the_interface_behind(opened, jury):
    page = opened(jury.report_path)
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.get_by_role("button", name="English").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.lang") == "en"
    left = page.evaluate(r"""() => {
        const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), found = [];
        while (walker.nextNode())
            if (/[\u4e00-\u9fff]/.test(walker.currentNode.data) && !walker.currentNode.parentElement.closest("[lang=zh], em, q"))
                found.push(walker.currentNode.data);
        return found;
    }""")
    assert left == []
    page.get_by_role("button", name="中文").click()
    assert page.get_by_role("heading", name="MITI 概况").is_visible()


def test_it_can_be_read_by_keyboard_and_without_javascript(opened, jury):
    page = opened(jury.report_path, java_script_enabled=False)
    assert page.locator(".round").first.is_visible()
    summary = page.locator("details.dialogue > summary").nth(1)
    summary.focus()
    page.keyboard.press("Enter")
    second = page.locator("details.dialogue").nth(1).locator(".round").first
    assert second.is_visible()
    assert not page.locator(".tools").is_visible()
    second.locator(".answer summary").press("Enter")
    assert "panel:scripted/panel.jsonl" in second.locator(".answer").inner_text()


def test_an_address_of_a_round_opens_its_dialogue(opened, report, suite):
    last = suite.rounds[23].id
    page = opened(report, f"#{last}")
    assert page.locator(f'[id="{last}"]').is_visible()


def test_people_stand_beside_the_run_where_their_rows_are_given(opened, runs, suite, tmp_path):
    loaded = Run(runs["reference"].path)
    path = tmp_path / "report.html"
    people = {
        "AnnoMI <high>": {"r_to_q": 1.4, "percent_cr": None},
        "low": {"r_to_q": loaded.scores["r_to_q"].model_copy(update={"value": 0.2, "low": 0.1, "high": 0.3})},
    }
    write_report(
        path, loaded.manifest, loaded.scores, {}, suite, loaded.replies, loaded.ratings, people, "English videos"
    )
    page = opened(path)
    numbers = page.locator("figure:has-text('R:Q') .plot span.human")
    assert numbers.all_inner_texts() == ["AnnoMI <high>", "1.40", "low", "0.20"]
    assert page.get_by_text("English videos").is_visible()
    assert page.locator("svg.track.human .interval").count() == 1


def test_what_models_say_is_shown_and_never_run(opened, small_suite, tmp_path):
    suite = load_suite(small_suite(4))
    script = tmp_path / "script.jsonl"
    rows = [{"round": round_.id, "text": text} for round_, text in zip(suite.rounds, HOSTILE, strict=True)]
    script.write_text("".join(json.dumps(row) + "\n" for row in rows))
    folder = RunFolder(tmp_path / "run")
    generate(folder, suite, GenerationPlan(model="scripted", model_args={"path": str(script)}))
    judge_stage(folder, suite, "offline")
    score_stage(folder, suite, "offline", draws=300)
    loaded = Run(folder.path)
    last = suite.rounds[7].id
    replies = {**loaded.replies, last: loaded.replies[last].model_copy(update={"text": HOSTILE[7] + "长" * 1_000_000})}
    path = tmp_path / "report.html"
    write_report(path, loaded.manifest, loaded.scores, {}, suite, replies, loaded.ratings)
    page = opened(path)
    page.locator("#open").click()
    for chip in page.locator(".chip").all():
        chip.focus()
    assert page.evaluate("window.owned") is None
    assert page.faults == []
    said = page.locator(".answer .model").all_text_contents()
    assert all(any(text[:12] in one for one in said) for text in HOSTILE[:5]), said
    assert "好U+202E的U+202C，零U+200B宽U+0007" in said[5]
    assert len(said[6]) < 20
    assert "此处截断，其余 996011 字见 replies.jsonl" in said[7]
    assert path.stat().st_size < 200_000
    assert not re.search("[\u202e\u200b\x07]", path.read_text(encoding="utf-8"))


def test_a_whole_suite_under_several_judges_stays_under_one_megabyte(jury, suite, tmp_path):
    loaded = Run(jury.path)
    replies = {
        r.id: next(iter(loaded.replies.values())).model_copy(update={"round": r.id, "text": r.reference.text})
        for r in suite.rounds
    }
    panel = [rating for rating in loaded.ratings if rating.evidence]
    ratings = [
        rating.model_copy(update={
            "subject": round_.id, "judge": f"panel:provider/model-{n}", "added_meaning": "怕又白费一回劲，" * 4,
            "evidence": (rating.evidence[0].model_copy(update={"quote": round_.reference.text}),) * 3,
        })
        for n, rating in enumerate(panel[:4]) for round_ in suite.rounds
    ]  # fmt: skip
    path = tmp_path / "report.html"
    manifest = loaded.manifest.model_copy(update={"limit": None})
    write_report(path, manifest, loaded.scores, {"adviser": loaded.scores}, suite, replies, ratings)
    assert path.stat().st_size < 1_000_000
    assert "ratings.jsonl has all" in path.read_text(encoding="utf-8")


def test_a_run_writes_it_by_itself(tmp_path):
    assert run(limit=2, out=tmp_path / "run", anchors=False).report.stat().st_size > 20_000
