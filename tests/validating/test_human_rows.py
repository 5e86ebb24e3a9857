"""Claims about people's reference rows: by hand on a made table, equal to the file that ships, no words in them."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import bootstrap

from mibench.errors import UsageError
from mibench.measures.bootstrap import expanded_tail
from mibench.suites import human_rows as shipped
from mibench.validating import human_rows, load_coded

DATA = Path(os.environ.get("MIBENCH_DATA") or Path(__file__).resolve().parents[2].parent / "shared/data")

QUESTION = {
    "reflection_exists": "False", "reflection_subtype": "n/a", "question_exists": "True",
    "main_therapist_behaviour": "question",
}  # fmt: skip
ADVICE = {
    "reflection_exists": "False", "reflection_subtype": "n/a", "therapist_input_exists": "True",
    "therapist_input_subtype": "advice", "main_therapist_behaviour": "therapist_input",
}  # fmt: skip
COMPLEX = {"reflection_subtype": "complex"}


def rows_of(path, draws=300):
    return human_rows(load_coded(f"annomi:{path}"), "d" * 64, version="0", draws=draws)


def test_figures_are_ratios_of_sums_with_each_coder_counting_alike(annomi, utterance):
    good = {"transcript_id": 1, "mi_quality": "high", "video_url": "https://v/1"}
    bad = {"transcript_id": 2, "mi_quality": "low", "video_url": "https://v/2"}
    rows = [
        utterance(0, **good, annotator_id=1), utterance(0, **good, annotator_id=2, **COMPLEX),
        utterance(1, **good, annotator_id=1, **QUESTION), utterance(1, **good, annotator_id=2),
        utterance(2, **good, annotator_id=1, **QUESTION), utterance(2, **good, annotator_id=2, **QUESTION),
        utterance(0, **bad, **ADVICE), utterance(1, **bad, **QUESTION),
    ]  # fmt: skip
    high, low = rows_of(annomi(rows)).rows
    assert (high.quality, high.sessions, high.groups, high.utterances) == ("high", 1, 1, 3)
    # Reflections 1 + ½, half of the first complex; questions ½ + 1.
    assert high.get("r_to_q").value == pytest.approx(1.5 / 1.5)
    assert high.get("percent_cr").value == pytest.approx(100 * 0.5 / 1.5, abs=1e-4)
    assert high.get("reflection_per_100").value == pytest.approx(50)
    assert high.get("advice_per_100").value == 0
    assert low.get("advice_per_100").value == pytest.approx(50)
    assert low.get("percent_cr") is None
    undefined = next(one for one in low.estimates if one.metric == "percent_cr")
    assert "undefined" in undefined.note
    assert all(one.low is None and "two groups" in one.note for one in high.estimates)


def test_intervals_resample_videos_as_scipys_bca_does(counselling):
    path = counselling()
    corpus = load_coded(f"annomi:{path}")
    high = rows_of(path, draws=20_000).rows[0].get("q_per_100")
    items = [item for item in corpus.items if item.quality == "high"]
    groups = sorted({item.group for item in items})
    asked = np.array([sum(i.share("question") for i in items if i.group == group) for group in groups])
    spoken = np.array([sum(i.group == group for i in items) for group in groups], dtype=float)
    theirs = bootstrap(
        (asked, spoken), lambda a, s, axis: 100 * a.sum(axis=axis) / s.sum(axis=axis), paired=True, vectorized=True,
        n_resamples=20_000, method="BCa", confidence_level=1 - 2 * expanded_tail(len(groups)),
        rng=np.random.default_rng(1),
    ).confidence_interval  # fmt: skip
    assert high.low == pytest.approx(theirs.low, abs=0.5)
    assert high.high == pytest.approx(theirs.high, abs=0.5)


def test_a_corpus_without_good_and_bad_sessions_is_refused(annomi, utterance):
    with pytest.raises(UsageError, match="no sessions known to be good or bad"):
        rows_of(annomi([utterance(0), utterance(1)]))


def test_the_file_that_ships_is_what_the_command_gives(mibench, tmp_path):
    if not (DATA / "annomi").is_dir():
        pytest.skip(f"no annomi at {DATA}; set MIBENCH_DATA to a folder with a copy")
    ours = shipped()
    done = mibench("corpora", "human", f"annomi:{DATA / 'annomi'}", "--json", "--out", tmp_path / "rows.json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    if found["corpus_digest"] != ours.corpus_digest:
        pytest.skip("another copy of AnnoMI than the one that ships in numbers")
    assert {**found, "version": ""} == {**ours.model_dump(mode="json"), "version": ""}
    assert json.loads((tmp_path / "rows.json").read_text(encoding="utf-8")) == found


def test_what_ships_says_what_it_is_and_holds_no_words_of_a_session():
    rows = shipped()
    assert rows.about.startswith("AnnoMI, English, demonstration videos, coded by people")
    assert (rows.command, rows.sessions) == ("mibench corpora human annomi:PATH", 81)
    assert [row.sessions for row in rows.rows] == [67, 14]
    assert all(len(text) < 100 for text in _texts(rows.model_dump(mode="json")))
    good, bad = rows.rows
    for metric in ("proficiency", "r_to_q", "reflection_per_100"):
        assert good.get(metric).low > bad.get(metric).high, metric
    assert good.get("advice_per_100").high < bad.get("advice_per_100").low


def _texts(value):
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in inside for text in _texts(part)]


def test_a_runs_table_shows_people_below_and_calls_the_reference_authored(mibench, tmp_path):
    done = mibench("run", "--limit", "12", "--out", tmp_path / "run")
    shown = " ".join(done.stdout.split())
    good = shipped().rows[0]
    assert f"people, AnnoMI good sessions: MI proficiency {good.get('proficiency').value:.1f}, R:Q" in shown
    assert "another instrument than a suite" in shown
    assert "(authored)" in shown
