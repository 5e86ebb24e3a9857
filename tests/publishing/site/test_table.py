"""Claims about the leaderboard's table."""

import csv
import io
import json

import pytest

TABLE = "section.board:not([hidden]) "


def names(page):
    return page.locator(f"{TABLE}tbody.k-model tr:visible th").evaluate_all(
        "rows => rows.map(r => r.querySelector('bdi').textContent)"
    )


def column(page, key):
    return page.evaluate(
        """key => { const board = document.querySelector('section.board:not([hidden])');
        const at = [...board.querySelectorAll('thead th')].findIndex(h => h.dataset.key === key);
        return [...board.querySelectorAll('tbody.k-model tr:not([hidden])')].map(r => r.cells[at].textContent.trim()); }""",
        key,
    )


def head(page, key):
    return page.locator(f"{TABLE}th[data-key={key}]")


def sort(page, key):
    head(page, key).locator("button").click()


def test_models_stand_best_first_and_baselines_and_people_apart(page_of):
    page = page_of("index.html")
    values = [float(text.split()[0]) for text in column(page, "headline")]
    assert values == sorted(values, reverse=True)
    assert page.locator(f"{TABLE}tbody.k-baseline tr:not(.kind) th").all_inner_texts() == ["reflector Test lab"]
    assert [
        text[0] for text in page.locator(f"{TABLE}tbody.k-baseline tr:not(.kind) td:first-child").all_inner_texts()
    ] == ["–"]
    page.select_option("#f-suite", "mi_en")
    assert page.locator(f"{TABLE}tbody.k-human tr:not(.kind)").count() == 2
    assert "another instrument" in page.locator(f"{TABLE}tbody.k-human .kind").inner_text()


def test_a_click_sorts_the_other_click_turns_it_and_what_is_missing_stays_last(page_of):
    page = page_of("index.html", "#columns=size.licence.r_to_q")
    sort(page, "size")
    assert column(page, "size") == ["70 B", "7 B", "–", "–"]
    assert head(page, "size").get_attribute("aria-sort") == "descending"
    sort(page, "size")
    assert column(page, "size") == ["7 B", "70 B", "–", "–"]
    sort(page, "licence")
    assert column(page, "licence")[-1] == "–"
    sort(page, "r_to_q")
    found = [float(text.split()[0]) for text in column(page, "r_to_q")]
    assert found == sorted(found, reverse=True)


def test_filters_and_search_leave_what_fits(page_of):
    page = page_of("index.html")
    page.select_option("#f-open", "no")
    assert names(page) == ["<script>window.owned=1</script>Beta"]
    assert page.locator("#count").inner_text() == "1 of 4 models"
    page.select_option("#f-open", "unknown")
    assert names(page) == ["伽马咨询师"]
    page.select_option("#f-open", "")
    page.select_option("#f-badge", "reproduced")
    page.fill("#q", "lab a")
    assert names(page) == ["Alpha-7B-MI"]
    page.fill("#q", "nobody")
    assert names(page) == []
    page.locator("#clear").click()
    assert len(names(page)) == 4
    page.check("#f-whole")
    assert names(page) == []  # these runs were asked some of the rounds only


def test_columns_can_be_chosen_and_put_back(page_of):
    page = page_of("index.html")
    assert not head(page, "licence").is_visible()
    page.locator(".chooser summary").click()
    page.locator("#columns input[value=licence]").check()
    page.locator("#columns input[value=date]").uncheck()
    assert head(page, "licence").is_visible()
    assert not head(page, "date").is_visible()
    page.locator("#columns").get_by_role("button", name="all").click()
    assert head(page, "coverage").is_visible()
    page.locator("#columns").get_by_role("button", name="simple").click()
    assert not head(page, "licence").is_visible()
    assert head(page, "date").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#columns").is_visible()


def test_a_shared_link_brings_back_the_whole_state(page_of, opened, site):
    page = page_of("index.html")
    page.select_option("#f-suite", "mi_en")
    page.select_option("#f-tuned", "no")
    page.fill("#q", "beta")
    page.locator(".chooser summary").click()
    page.locator("#columns input[value=size]").check()
    sort(page, "size")
    page.get_by_role("button", name="中文").click()
    again = opened(site / "index.html", "#" + page.url.partition("#")[2])
    assert again.locator("section.board:visible").count() == 1
    assert again.locator(TABLE.strip()).get_attribute("data-suite") == "mi_en"
    assert names(again) == names(page) == ["<script>window.owned=1</script>Beta"]
    assert head(again, "size").get_attribute("aria-sort") == "descending"
    assert again.input_value("#q") == "beta"
    assert again.input_value("#f-tuned") == "no"
    assert again.locator("h1").inner_text() == "语言模型的动机式访谈做得怎么样？"


def test_boards_of_other_judges_never_share_a_table(page_of):
    page = page_of("index.html")
    assert page.locator("section.board").count() == 3
    jury = page.locator("#f-judge option").nth(1).inner_text()
    assert "globals" in jury
    page.select_option("#f-judge", jury)
    assert sorted(names(page)) == ["Epsilon", "Zeta"]
    assert head(page, "technical").is_visible()
    assert page.locator(f"{TABLE}tbody.k-baseline").count() == 0


def test_the_spreadsheet_has_the_numbers_of_the_table_and_no_formula(page_of):
    page = page_of("index.html", "#columns=r_to_q.characters.licence")
    with page.expect_download() as download:
        page.locator(TABLE).get_by_role("link", name="CSV").click()
    raw = download.value.path().read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = [row for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))) if row["kind"] == "model"]
    assert [f"{float(row['proficiency']):.1f}" for row in rows] == [
        text.split()[0] for text in column(page, "headline")
    ]
    assert [f"{float(row['r_to_q']):.2f}" for row in rows] == [text.split()[0] for text in column(page, "r_to_q")]
    assert {row["licence"] for row in rows} == {"Apache-2.0", "'=cmd()", ""}
    with page.expect_download() as download:
        page.locator(TABLE).get_by_role("link", name="JSON").click()
    found = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [row["model"] for row in found["rows"] if row["kind"] == "model"] == [row["model"] for row in rows]


def test_the_table_can_be_had_by_keyboard_alone(page_of):
    page = page_of("index.html")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('th[data-key=date]') !== null"):
            break
    page.keyboard.press("Enter")
    assert head(page, "date").get_attribute("aria-sort") == "descending"
    assert column(page, "date") == sorted(column(page, "date"), reverse=True)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tbody th a')"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/m/" in page.url


def test_without_a_script_every_board_and_every_column_can_be_read(page_of):
    page = page_of("index.html", java_script_enabled=False)
    assert page.locator("section.board:visible").count() == 3
    assert page.locator("section.board").first.locator("thead th:visible").count() >= 15
    assert page.locator("#what, .tools:visible, .switches:visible").count() == 0
    assert page.get_by_role("link", name="Alpha-7B-MI").first.is_visible()
    assert page.get_by_role("link", name="CSV").first.is_visible()


@pytest.mark.parametrize("kind", ["length of replies", "size, billions"])
def test_pictures_show_a_point_a_row_that_leads_to_its_page(page_of, kind):
    page = page_of("index.html")
    points = page.locator(TABLE).locator("figure", has_text=kind).locator("svg a")
    assert points.count() >= 2
    assert points.first.get_attribute("href").startswith("m/")
