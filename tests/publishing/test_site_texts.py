"""Claims about the site's pages of text and its page about judges, opened in a real browser."""

import re

import pytest

from mibench.board.site import build_site
from mibench.errors import UsageError
from mibench.publishing.site import JudgeSheet, judges_page
from mibench.publishing.site.juries import beside_each_other, favours
from mibench.publishing.site.pages import page_text
from mibench.publishing.site.prose import prose
from mibench.schema import CanaryFile, JudgeAgreement
from mibench.submitting.versions import load_versions

PAGES = ("judges", "about", "methods", "submit", "changelog")
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of no submission, in a place with a space and Chinese letters."""
    home = tmp_path_factory.mktemp("my site 网站")
    (home / "submissions").mkdir()
    build_site(home / "out", home / "submissions")
    return home / "out"


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_in_both_languages_without_a_fault_or_a_request(opened, site, name):
    titles = set()
    for language in LANGUAGES:
        page = opened(site / f"{name}.html", f"#lang={language}")
        page.wait_for_function("document.documentElement.dataset.language")
        titles.add(page.title())
        shown = page.locator("main").inner_text()
        chinese = len(re.findall(r"[\u4e00-\u9fff]", shown))
        assert (chinese > 200) == (language == "zh"), (name, language, chinese)
        assert page.locator("h1:visible").count() == 1
        assert page.locator("nav a[aria-current=page]").count() == 1
        assert page.faults == []
    assert len(titles) == 2


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1280, "light", "en"), (1280, "dark", "zh"), (375, "light", "zh"), (375, "dark", "en")],
)
def test_axe_finds_nothing_and_nothing_runs_off_sideways(opened, axe_finds, site, name, width, scheme, language):
    page = opened(
        site / f"{name}.html", f"#lang={language}", viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_finds(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_with_scripts_off_both_languages_or_the_english_can_be_read(opened, site, name):
    page = opened(site / f"{name}.html", java_script_enabled=False)
    assert len(page.locator("main").inner_text()) > 600


def test_every_link_leads_to_a_page_of_the_site_or_a_place_in_one(site):
    for path in site.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for link in re.findall(r'href="?([^" >]+)', text):
            target, _, place = link.partition("#")
            assert not link.startswith("http"), (path.name, link)
            other = (path.parent / target).resolve() if target else path
            assert other.is_file(), (path.name, link)
            if place:
                assert re.search(rf'id="?{re.escape(place)}[" >]', other.read_text(encoding="utf-8")), (path.name, link)


def test_no_space_stands_between_chinese_letters_where_the_source_has_a_line_break(opened, site):
    for name in PAGES:
        shown = opened(site / f"{name}.html", "#lang=zh").locator("main").inner_text()
        assert re.findall(r"[\u4e00-\u9fff，。；：、] [\u4e00-\u9fff“（]", shown) == [], name


def test_the_methods_have_the_same_figures_sources_and_names_in_both_languages(root):
    english, chinese = (
        " ".join((root / f"docs/methods{end}").read_text(encoding="utf-8").replace(",", "").split())
        for end in (".md", ".zh.md")
    )
    for same in (r"\d+(?:\.\d+)*", r"`[^`]+`", r"(?!In )[A-Z][a-z]+(?= (?:& [A-Z][a-z]+ )?(?:19|20)\d\d)"):
        assert set(re.findall(same, english)) == set(re.findall(same, chinese))
    assert english.count("## ") == chinese.count("## ")


def test_every_published_version_has_its_part_in_the_changelog_and_its_digests_on_the_page(root, site):
    page = (site / "changelog.html").read_text(encoding="utf-8")
    for version in load_versions().versions:
        for end in (".md", ".zh.md"):
            assert f"\n## {version.name}\n" in (root / f"leaderboard/pages/changelog{end}").read_text(encoding="utf-8")
        for held in version.suites.values():
            assert held.suite_digest[:16] in page
            assert held.prompt_digest[:16] in page


def test_no_mark_of_markdown_is_left_on_a_page(opened, site):
    for name in PAGES:
        for language in LANGUAGES:
            shown = opened(site / f"{name}.html", f"#lang={language}").locator("main").inner_text()
            assert not re.search(r"\*\*|\]\(|^#|`", shown, re.MULTILINE), (name, language)


def test_html_in_a_text_is_shown_and_not_obeyed(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("# One <b>\n\n<script>window.owned=1</script> [a](javascript:alert(1)) <img src=x onerror=y>\n")
    body = str(prose(path).body)
    assert "<script" not in body
    assert "<img" not in body
    assert 'href="javascript' not in body


def test_a_text_that_is_missing_or_has_no_heading_is_a_sentence(tmp_path):
    with pytest.raises(UsageError, match="needs the text"):
        prose(tmp_path / "none.md")
    (tmp_path / "x.md").write_text("No heading.\n")
    with pytest.raises(UsageError, match="does not begin with a heading"):
        prose(tmp_path / "x.md")


def test_the_page_shows_what_the_offline_judges_card_holds(opened, site, root):
    stored = JudgeAgreement.model_validate_json((root / "judges/offline/agreement.json").read_bytes())
    annomi = next(trial for trial in stored.specs[0].trials if trial.corpus == "annomi")
    page = opened(site / "judges.html", "#lang=en")
    row = page.locator("table.judges tbody tr").first.inner_text()
    assert "offline" in row
    assert f"κ {annomi.main.kappa.value:.2f}".replace("0.", ".") in row
    assert f"people {annomi.main.pair:.2f} – {annomi.main.rest:.2f}".replace("0.", ".") in row
    assert "not measured" in row  # in Chinese
    page.get_by_text("As numbers").first.click()
    table = page.locator("details[open] table").first
    assert table.locator("tbody tr").count() == len(annomi.labels)
    question = next(label for label in annomi.labels if label.label == "question")
    shown = table.locator("tr", has_text="question").inner_text()
    for value in (question.kappa.value, question.pair, question.rest, question.brier, question.mae, question.spearman):
        assert f"{value:.2f}".replace("0.", ".") in shown


def test_what_was_not_measured_is_said_with_the_command_that_would(opened, site):
    shown = opened(site / "judges.html", "#lang=en").locator("main").inner_text()
    for command in (
        "mibench judges card panel:openai/MODEL --against annomi:PATH",
        "mibench judges card globals:openai/MODEL --against mi-tags:PATH",
        "mibench judges canary JUDGE",
        "mibench compare RUN --judge offline --judge panel:openai/MODEL",
        "mibench judges calibrate --run RUN --template 120 --out sheet.csv",
    ):
        assert command in shown


def sheet(root, **changes):
    stored = JudgeAgreement.model_validate_json((root / "judges/offline/agreement.json").read_bytes())
    canary = CanaryFile.model_validate_json((root / "judges/offline/canary/offline.json").read_bytes())
    own = JudgeSheet("offline", "A coder.", "Some.", "reply", ("zh", "en"), False, stored.specs, (), (canary,))
    return own._replace(**changes)


def test_figures_of_an_older_version_of_a_judge_are_not_shown(root):
    text = page_text(judges_page([sheet(root, old=("offline",))]), [], ("x", 0, "–"))
    assert ".65" not in text
    assert "measured on an older version" in text


def test_a_drift_is_said(root):
    file = sheet(root).canaries[0]
    moved = file.last.shifts[0].model_copy(update={"shift": 0.2, "p_holm": 0.01, "code": "SR"})
    drifted = file.model_copy(update={"last": file.last.model_copy(update={"shifts": (moved,), "changed": 9})})
    text = page_text(judges_page([sheet(root, canaries=(drifted,))]), [], ("x", 0, "–"))
    assert "Drift: 9 of 120 replies decided otherwise, largest shift .20." in text


def test_what_strangers_call_a_judge_or_a_submission_is_inert(root, jury):
    evil = "<img src=x onerror=window.owned=1>\u202e"
    scores = jury.scores()
    judges = tuple(entry.model_copy(update={"judge": evil}) for entry in scores.judges)
    juries = tuple(entry.model_copy(update={"judges": (evil, evil)}) for entry in scores.juries)
    text = page_text(
        judges_page([sheet(root)], [(evil, scores.model_copy(update={"judges": judges, "juries": juries}))]),
        [], ("x", 0, "–"),
    )  # fmt: skip
    assert "<img" not in text
    assert "\u202e" not in text


def test_judges_of_one_run_stand_beside_each_other(jury):
    scores = jury.scores()
    (row,) = beside_each_other([("mine", scores)])
    replies = scores.jury("reply")
    assert [judge for judge, _ in row.each] == list(replies.judges)
    known = [one.value for one in replies.agreement if one.value is not None]
    assert row.alpha == pytest.approx(sum(known) / len(known))
    own = {judge.judge: {e.metric: e.value for e in judge.estimates} for judge in scores.judges}
    assert row.each[0][1] == own[row.each[0][0]]["percent_cr"]


def test_self_preference_is_own_family_against_others_beside_the_other_judges(jury):
    scores = jury.scores()
    one, two = scores.jury("reply").judges

    def run(values, family):
        judges = tuple(
            entry.model_copy(
                update={
                    "estimates": tuple(
                        e.model_copy(update={"value": values[entry.judge]}) if e.metric == "percent_cr" else e
                        for e in entry.estimates
                    ),
                    "shared_family": family if entry.judge == two else None,
                }
            ) if entry.judge in values else entry
            for entry in scores.judges
        )  # fmt: skip
        return ("x", scores.model_copy(update={"judges": judges}))

    rows = [run({one: 50, two: 60}, "Qwen"), run({one: 50, two: 64}, "Qwen"), run({one: 50, two: 51}, None)]
    (found,) = favours(rows)
    assert (found.judge, found.own, found.own_runs, found.others, found.other_runs) == (two, 12, 2, 1, 1)
    assert favours(rows[:2]) == []  # nothing to hold it against


def test_the_same_input_gives_the_same_bytes(tmp_path, site):
    (tmp_path / "submissions").mkdir()
    build_site(tmp_path / "again", tmp_path / "submissions")
    for path in sorted(site.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(site)).read_bytes(), path.name
