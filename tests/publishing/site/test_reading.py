"""Claims about a model's page and a dialogue's page."""

import gzip
import json

from mibench.records import RunFolder
from mibench.suites import load_suite


def test_a_dialogue_opens_where_it_stands_with_replies_codes_and_the_authored_reply(page_of, counsellors):
    page = page_of("m/alpha_lab_2026-11-01.html")
    dialogue = page.locator("details.lazy").first
    assert dialogue.locator("article").count() == 0
    dialogue.locator("summary").first.click()
    dialogue.locator("article").first.wait_for()
    suite, replies = load_suite("mi_zh"), RunFolder(counsellors["mi_zh-reference"]).replies()
    rounds = [round_ for round_ in suite.rounds if round_.dialogue is suite.dialogues[0]]
    assert dialogue.locator("article").count() == len(rounds)
    first = dialogue.locator("article").first
    spans = first.locator(".answer .say.model").evaluate(
        "e => { e = e.cloneNode(true); e.querySelectorAll('sup').forEach(s => s.remove()); return e.textContent; }"
    )
    assert spans == replies[rounds[0].id].text
    assert first.locator(".answer .chip").count() >= 1
    assert first.locator(".say.client").inner_text() == rounds[0].client.text
    assert page.faults == []


def test_a_link_to_a_danger_opens_the_round_it_names(page_of):
    page = page_of("m/alpha_lab_2026-11-01.html")
    link = page.locator(".dangers a").first
    link.click()
    round_ = page.locator(f'article[id="{link.get_attribute("href")[1:]}"]')
    round_.wait_for()
    assert round_.is_visible()
    assert "danger" in round_.locator(".about").inner_text()


def test_a_models_page_says_where_it_comes_from_and_how_to_do_it_again(page_of, site):
    page = page_of("m/alpha_lab_2026-11-01.html")
    assert page.locator(".lead").inner_text().startswith("Lab A · reproduced")
    commands = page.locator("#reproduce ~ pre").all_inner_texts()
    assert commands[0] == "mibench run --model hf"
    assert commands[1].splitlines()[0] == "mibench run --suite mi_zh --model reference --judge offline"
    assert "mibench submit check leaderboard/submissions/alpha_lab_2026-11-01" in commands[2]
    assert page.locator("a[href='https://example.org/alpha']").get_attribute("rel") == "nofollow noopener noreferrer"
    links = page.locator("#downloads + ul a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    files = [(site / "m" / link).resolve() for link in links]
    assert all(file.is_file() for file in files)
    replies = next(file for file in files if file.name == "replies.jsonl.gz")
    assert json.loads(gzip.decompress(replies.read_bytes()).splitlines()[0])["text"]


def test_the_replies_of_several_models_stand_beside_each_other_and_the_link_remembers_whose(page_of, opened, site):
    page = page_of("d/mi_zh/zh-alcohol-01.html")
    page.locator(".round .answer[data-page]:not(.waiting)").nth(2).wait_for()
    first = page.locator(".round").first
    assert first.locator(".answer").count() == 4  # the authored reply and three models
    page.locator("#whose summary").click()
    while page.locator("#whose input:checked").count():
        page.locator("#whose input:checked").first.uncheck()
    assert first.locator(".answer").count() == 1
    page.locator("#whose input[value=beta_lab_2026-11-02]").check()
    first.locator(".answer[data-page]:not(.waiting)").wait_for()
    assert first.locator(".answer[data-page] .say").inner_text().startswith("<script>")
    again = opened(site / "d/mi_zh/zh-alcohol-01.html", "#" + page.url.partition("#")[2])
    again.locator(".answer[data-page]:not(.waiting)").first.wait_for()
    assert again.locator(".round").first.locator(".answer").count() == 2
    assert page.faults == []


def test_without_a_script_a_dialogue_can_still_be_read(page_of):
    page = page_of("d/mi_zh/zh-alcohol-01.html", java_script_enabled=False)
    assert page.locator(".round .say.client").first.is_visible()
    assert page.locator(".round .authored .say").first.is_visible()
    assert page.get_by_text("This part needs JavaScript").is_visible()
