"""Claims about two runs on one page."""

import json

import pytest

from mibench.api import compare_runs, side_by_side
from mibench.errors import RunConflict


@pytest.fixture(scope="module")
def page_path(runs):
    return side_by_side(runs["reference"].path, runs["adviser"].path, draws=200)


def shown(page):
    return page.locator(".round:not([hidden])")


def test_both_replies_to_a_round_stand_next_to_each_other_with_their_codes(opened, page_path, runs):
    page = opened(page_path, viewport={"width": 1280, "height": 900})
    assert page_path == runs["reference"].path / "compare.html"
    first = shown(page).first.locator(".answer")
    assert first.locator(".label").all_inner_texts() == ["reference", "adviser"]
    assert first.locator(".chip").count() >= 2
    left, right = (first.nth(n).bounding_box() for n in (0, 1))
    assert left["x"] + left["width"] <= right["x"]
    assert left["y"] == right["y"]
    assert page.faults == []


def test_different_only_leaves_out_rounds_where_both_replies_have_the_same_codes(opened, page_path):
    page = opened(page_path)
    page.locator("#different").focus()
    page.keyboard.press("Space")
    kept = shown(page).count()
    assert 0 < kept <= 24
    codes = """round => [...round.querySelectorAll('.answer')].map(answer => [...answer.querySelectorAll('.chip')]
        .filter(chip => +(chip.textContent.match(/\\d+/) || [100])[0] >= 50).map(chip => chip.classList[1]).sort().join())"""
    for round_ in page.locator(".round").all():
        first, second = round_.evaluate(codes)
        assert (first != second) == (not round_.evaluate("round => round.hidden"))
    assert "different=1" in page.url


def test_the_table_at_the_top_is_what_compare_says(opened, page_path, runs):
    found = compare_runs([runs["reference"].path, runs["adviser"].path], draws=200)[0]
    rows = opened(page_path, "#lang=en").locator("#differences ~ .scroll tbody tr")
    assert rows.count() == len(found.differences)
    mina = next(d for d in found.differences if d.metric == "mina_per_100")
    text = rows.filter(has_text="MINA / 100 utt.").inner_text().split("\t")
    assert text[3] == f"−{abs(mina.difference):.2f}"
    assert text[5] == "< .001" if mina.p_holm < 0.001 else f"{mina.p_holm:.3f}".removeprefix("0")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_axe_finds_nothing_and_nothing_runs_off_the_page(opened, axe_finds, page_path, width, scheme):
    page = opened(page_path, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert axe_finds(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_runs_of_different_suites_or_without_a_judge_in_common_are_refused_in_a_sentence(mibench, runs, jury, tmp_path):
    other = tmp_path / "english"
    other.mkdir()
    for name in ("run.json", "scores.json", "replies.jsonl", "ratings.jsonl"):
        text = (runs["adviser"].path / name).read_text(encoding="utf-8")
        (other / name).write_text(text.replace('"mi_zh"', '"mi_en"'), encoding="utf-8")
    done = mibench("report", runs["reference"].path, other)
    assert done.returncode == 2
    assert "two runs stand side by side on the rounds of one suite" in done.stderr
    assert "Traceback" not in done.stderr
    scores = json.loads((jury.path / "scores.json").read_text(encoding="utf-8"))
    for judge in scores["judges"]:
        judge["judge"] = f"other:{judge['judge']}"
    (other / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    (other / "run.json").write_text((jury.path / "run.json").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RunConflict, match="no judge rated both"):
        side_by_side(runs["reference"].path, other)


def test_the_command_writes_where_it_is_told(mibench, runs, tmp_path):
    out = tmp_path / "two models.html"
    done = mibench("report", runs["reference"].path, runs["adviser"].path, "--out", out)
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 20_000
    done = mibench("report", runs["reference"].path, "--out", out)
    assert done.returncode == 2
    assert "--out and --anyway are for two runs" in done.stderr
