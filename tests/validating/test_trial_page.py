"""Claims about the command and its page, opened in a real browser."""

import json

import pytest

from mibench.schema import Trial, Verdict
from mibench.validating import Tried, hold_trial, load_coded, write_page

HOSTILE = "</script><script>window.owned=1</script><img src=x onerror=window.owned=1>{{ 7*7 }}"


@pytest.fixture(scope="module")
def browser(chromium):
    """Debian's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def page_of(counselling, tmp_path):
    """page_of(verdict of an item) → the path of a page."""

    def make(rate, corpus=None):
        corpus = corpus or load_coded(f"annomi:{counselling()}")
        verdicts = {item.id: rate(item) for item in corpus.items}
        path = tmp_path / "trial.html"
        write_page(
            path,
            hold_trial(Tried("made", "d" * 64, "reply", "0"), corpus, "c" * 64, verdicts, draws=100),
            corpus,
            verdicts,
        )
        return path

    return make


def sure(item):
    return Verdict(
        status="rated", counts={"SR": 0.8 if len(item.reply) % 2 else 0.3, "Q": 0.6}, utterance_count=1, cost=0
    )


def opened(browser, path, **context):
    page = browser.new_context(**context).new_page()
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else page.faults.append(request.url))
    page.goto(path.resolve().as_uri())
    return page


def test_the_page_opens_without_a_fault_or_a_request_and_draws_the_curves(browser, page_of):
    page = opened(browser, page_of(sure))
    assert page.title() == "made on annomi · mibench"
    assert page.locator("figure svg").count() == 7
    assert page.locator("figure svg circle").count() >= 7
    assert page.locator(".parted").count() > 50
    assert page.faults == []


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_off_the_page_sideways(browser, page_of, width, scheme):
    page = opened(browser, page_of(sure), viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_filters_by_label_and_kind_show_only_what_fits(browser, page_of):
    page = opened(browser, page_of(sure))
    shown = page.locator(".parted:not([hidden])")
    everything = shown.count()
    page.select_option("#label", "question")
    page.select_option("#kind", "added")
    assert 0 < shown.count() < everything
    assert all("question:added" in shown.nth(n).get_attribute("data-keys").split() for n in range(shown.count()))
    page.select_option("#kind", "missed")
    assert shown.count() == 0  # it gives a question to every item
    page.select_option("#label", "")
    page.fill("#words", "ADVICE")
    assert 0 < shown.count() < everything
    page.fill("#words", "no such words")
    assert page.locator("#count").inner_text() == f"0 of {everything} shown"


def test_a_disagreement_shows_context_words_people_and_judge(browser, page_of):
    page = opened(browser, page_of(sure), java_script_enabled=False)
    first = page.locator(".parted").first
    assert first.locator(".say.client").first.inner_text().startswith("client says")
    assert first.locator(".say.own").count() == 1
    assert "judge" in first.locator("dl").inner_text()
    several = page.locator(".parted", has_text="of 5").first
    assert "of 5, judge ." in several.locator("header").inner_text()


def test_no_more_than_400_are_shown_and_it_says_so(browser, page_of, counselling):
    corpus = load_coded(f"annomi:{counselling(turns=24)}")
    page = opened(
        browser, page_of(lambda item: Verdict(status="rated", counts={"Confront": 1, "SR": 1, "Q": 1}), corpus)
    )
    assert page.locator(".parted").count() == 400
    assert "here are the 400 largest" in page.locator("main").inner_text()


def test_words_of_corpus_and_judge_are_shown_and_never_run(browser, page_of, annomi, utterance):
    corpus = load_coded(f"annomi:{annomi([utterance(0, 'client', HOSTILE), utterance(1, words=HOSTILE)])}")

    def rate(item):
        evidence = ({"label": "Q", "quote": HOSTILE},)
        return Verdict(status="rated", counts={"Q": 1}, added_meaning=HOSTILE, evidence=evidence, reason=HOSTILE)

    page = opened(browser, page_of(rate, corpus))
    assert page.evaluate("window.owned") is None
    assert page.faults == []
    assert page.locator(".parted").inner_text().count("{{ 7*7 }}") == 5


def test_the_command_prints_a_table_json_without_words_and_a_page(mibench, counselling, tmp_path):
    spec = f"annomi:{counselling()}"
    done = mibench(
        "judges", "validate", "offline", "--against", spec, "--page", tmp_path / "p.html", "--draws", 100, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "Main behaviour κ" in done.stdout
    assert "client says" in (tmp_path / "p.html").read_text()
    done = mibench("judges", "validate", "offline", "--against", spec, "--json", "--draws", 100, cwd=tmp_path)
    trial = Trial.model_validate_json(done.stdout)
    assert (trial.judge, trial.corpus, trial.items, trial.rated) == ("offline", "annomi", 287, 287)
    assert not [word for word in ("client says", "word word", "https") if word in done.stdout]
    assert {len(trial.judge_digest), len(trial.corpus_digest)} == {64}


def test_a_file_of_ratings_stands_in_for_a_judge(mibench, counselling, tmp_path):
    path = counselling()
    corpus = load_coded(f"annomi:{path}")
    ratings = tmp_path / "ratings.jsonl"
    ratings.write_text("".join(json.dumps({"id": item.id, "codes": ["SR"]}) + "\n" for item in corpus.items))
    done = mibench(
        "judges",
        "validate",
        "--ratings",
        ratings,
        "--against",
        f"annomi:{path}",
        "--limit",
        30,
        "--json",
        "--draws",
        100,
    )
    trial = Trial.model_validate_json(done.stdout)
    assert (trial.judge, trial.limit, trial.sessions) == ("ratings:ratings.jsonl", 30, 3)
    assert trial.of("validated") == ()


def test_a_language_model_rates_globals_of_whole_sessions(mibench, mi_tags, session, tmp_path):
    rows = [
        session("T: [Question] and so\nC: [Neutral] yes", number=n, Empathy=n, **{"Video Title": f"v{n}"})
        for n in (2, 4)
    ]
    answer = {"evidence_for": [], "evidence_against": [], "rating": 3}
    script = tmp_path / "answers.jsonl"
    script.write_text(json.dumps({"text": json.dumps(answer)}) + "\n")
    spec = f"mi-tags:{mi_tags(rows)}"
    args = ("judges", "validate", f"globals:scripted/{script}", "--against", spec, "--calls", tmp_path / "calls.jsonl")
    done = mibench(*args, "--json", "--page", tmp_path / "p.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    trial = Trial.model_validate_json(done.stdout)
    assert (trial.rates, trial.items, trial.unrated) == ("dialogue", 2, {})
    empathy = next(entry for entry in trial.globals if entry.name == "empathy")
    assert (empathy.sessions, empathy.bias, empathy.within_one) == (2, 0, 1)
    before = (tmp_path / "calls.jsonl").read_bytes()
    assert mibench(*args, cwd=tmp_path).returncode == 0
    assert (tmp_path / "calls.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "Name a JUDGE, e.g. offline, or give a file with --ratings: one of the two."),
        (("offline", "--against", "annomi"), "“annomi” says no path. Write annomi:PATH"),
        (("offline", "--against", "gold:x"), "There is: contrast, suite:NAME (e.g. suite:mi_zh), annomi:PATH, misc-gold:PATH, mi-tags:PATH."),
        (("offline", "--against", "annomi:nowhere", "--markdown"), "--markdown is for contrast and suite:NAME"),
        (("safety:scripted/x", "--against", "suite:mi_en"), "There is no file"),
        (("offline", "--ratings", "README.md"), "one of the two"),
    ],
)  # fmt: skip
def test_wrong_usage_is_a_sentence(mibench, args, message):
    done = mibench("judges", "validate", *args)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
