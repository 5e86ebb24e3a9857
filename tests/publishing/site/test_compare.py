"""Claims about the page that compares two models: it says what `mibench compare` says."""

import json

import pytest

from mibench.api import compare_runs

PAIRS = {
    "whole runs": ("alpha_lab_2026-11-01", "beta_lab_2026-11-02", "mi_zh-reference", "hostile"),
    "with holes": ("delta_lab_2026-11-04", "beta_lab_2026-11-02", "holes", "hostile"),
    "a jury": ("epsilon_lab_2026-11-05", "zeta_lab_2026-11-05", "jury-reference", "jury-reflector"),
}


def board_of(page, one):
    return page.evaluate(
        "one => JSON.parse(document.getElementById('listed').textContent).boards.find(b => b.suite === 'mi_zh' && b.rows.some(r => r[0] === one)).id",
        one,
    )


def until(page, holds):
    """Waits; the page's own policy lets Playwright's waiting evaluate nothing."""
    for _ in range(200):
        if page.evaluate(f"!!({holds})"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(holds)


def computed(page, one, other):
    page.evaluate(
        "hash => { mibench.compared = null; location.hash = hash; }", f"board={board_of(page, one)}&a={one}&b={other}"
    )
    until(page, "mibench.compared && !document.getElementById('result').hidden")
    found = page.evaluate(
        "mibench.compared.found.map(f => [f.metric.name, f.first, f.second, f.difference, f.interval, f.p, f.holm])"
    )
    return {name: rest for name, *rest in found}


@pytest.fixture(scope="module")
def expected(counsellors):
    """Pair → what `compare` finds; before the browser starts."""
    return {name: compare_runs([counsellors[a], counsellors[b]])[0].differences for name, (_, _, a, b) in PAIRS.items()}


@pytest.mark.parametrize("pair", PAIRS)
def test_values_intervals_and_p_are_those_of_compare_to_a_billionth(expected, page_of, pair):
    one, other, _, _ = PAIRS[pair]
    page = page_of("compare.html")
    found = computed(page, one, other)
    assert list(found) == [d.metric for d in expected[pair]]
    for d in expected[pair]:
        first, second, difference, interval, p, holm = found[d.metric]
        ours = (first, second, difference, *(interval or (None, None)), p, holm)
        theirs = (d.first_value, d.second_value, d.difference, d.low, d.high, d.p, d.p_holm)
        assert [x is None for x in ours] == [x is None for x in theirs], d.metric
        assert [x for x in ours if x is not None] == pytest.approx(
            [x for x in theirs if x is not None], rel=1e-9, abs=1e-9
        )
    assert page.faults == []


def test_the_command_line_prints_the_interval_that_the_page_shows(mibench, counsellors, page_of):
    done = mibench("compare", counsellors["mi_zh-reference"], counsellors["hostile"], "--json")
    told = next(d for d in json.loads(done.stdout)[0]["differences"] if d["metric"] == "percent_cr")
    page = page_of("compare.html")
    computed(page, "alpha_lab_2026-11-01", "beta_lab_2026-11-02")
    cells = page.locator("tr[data-metric=percent_cr] td").all_inner_texts()
    assert cells[3] == f"{told['low']:.1f} … {told['high']:.1f}"


def test_swapping_turns_the_sign_and_one_model_is_not_compared_with_itself(page_of):
    page = page_of("compare.html")
    before = computed(page, "alpha_lab_2026-11-01", "beta_lab_2026-11-02")["percent_cr"][2]
    page.evaluate("mibench.compared = null")
    page.locator("#swap").click()
    until(page, "mibench.compared !== null")
    assert page.evaluate("mibench.compared.found.find(f => f.metric.name === 'percent_cr').difference") == -before
    page.select_option("#other", page.input_value("#one"))
    assert page.locator("#message").inner_text() == "Choose two different models."
