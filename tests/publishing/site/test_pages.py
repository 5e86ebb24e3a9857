"""Claims about every page of the site, opened in a real browser from a folder."""

import re

import pytest

WIDTHS = [
    (1280, "light", "#lang=en"),
    (1280, "dark", "#lang=zh"),
    (390, "light", "#lang=zh"),
    (390, "dark", "#lang=en"),
]


def settled(page):
    page.wait_for_timeout(400)
    return page


def test_every_kind_of_page_opens_without_a_fault_or_a_request(page_of, any_page):
    page = settled(page_of(any_page))
    assert page.locator("h1").count() == 1
    assert page.faults == []


@pytest.mark.parametrize(("width", "scheme", "hash"), WIDTHS)
def test_axe_finds_nothing(page_of, axe_finds, any_page, width, scheme, hash):  # noqa: A002
    page = page_of(any_page, hash, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details.fold, .chooser').forEach(d => { d.open = true; })")
    page.evaluate("[...document.querySelectorAll('details.lazy')].slice(0, 2).forEach(d => { d.open = true; })")
    assert axe_finds(settled(page)) == []


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_runs_off_the_page_sideways(page_of, any_page, width):
    page = settled(page_of(any_page, viewport={"width": width, "height": 900}))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_language_changes_in_place_and_stays_from_page_to_page(page_of):
    page = page_of("index.html")
    assert page.locator("h1").inner_text() == "How well do language models counsel?"
    page.get_by_role("button", name="中文").click()
    assert page.locator("h1").inner_text() == "语言模型的动机式访谈做得怎么样？"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert "lang=zh" in page.url
    page.get_by_role("link", name="比较", exact=True).click()
    assert page.locator("h1").inner_text() == "比较两个模型"
    assert page.title() == "比较两个模型 · mibench"


def test_no_word_of_a_chinese_page_is_left_in_english(page_of, any_page):
    page = settled(page_of(any_page, "#lang=zh"))
    keys = page.evaluate(
        "[...document.querySelectorAll('[data-t]')].filter(e => e.textContent !== mibench.said(e.dataset.t, JSON.parse(e.dataset.a || '[]'))).map(e => e.dataset.t)"
    )
    assert keys == []


def test_dark_colours_can_be_chosen_and_are_remembered(page_of):
    page = page_of("index.html", color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert page.locator("#theme").get_attribute("aria-pressed") == "true"


def test_strangers_words_are_shown_and_do_nothing(page_of, any_page):
    page = settled(page_of(any_page))
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.wait_for_timeout(600)
    assert page.evaluate("window.owned") is None
    assert page.locator("[onerror], [onmouseover], a[href^='javascript' i], img").count() == 0
    assert page.faults == []


def test_a_name_that_is_markup_is_shown_as_it_was_written(page_of):
    page = page_of("m/beta_lab_2026-11-02.html")
    assert page.locator("h1").inner_text() == "<script>window.owned=1</script>Beta"
    assert page.locator("h1 bdi").count() == 1
    assert "\u202e" not in page.content()


def test_a_reply_full_of_tricks_reads_as_it_was_written(page_of, counsellors):
    page = page_of("m/beta_lab_2026-11-02.html", "#mi_zh/zh-alcohol-01/01")
    first = page.locator('article[id="mi_zh/zh-alcohol-01/01"] .answer .say.model')
    first.wait_for()
    assert re.sub(r"(SR|CR|Q|GI|AF)$", "", first.inner_text()) == "<script>window.owned=1</script>"
    sixth = page.locator('article[id="mi_zh/zh-alcohol-01/06"] .answer .say.model')
    assert "U+202E" in sixth.inner_text()
    assert "\u202e" not in sixth.inner_text()


def test_a_page_prints_without_its_tools(page_of):
    page = page_of("index.html")
    page.emulate_media(media="print")
    assert not page.locator(".tools").first.is_visible()
    assert page.locator(".board-table").first.is_visible()
