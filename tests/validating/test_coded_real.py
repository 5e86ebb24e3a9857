"""Claims about the real corpora, where a copy lies at MIBENCH_DATA (default: shared/data beside the project)."""

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from mibench.validating.coded import load_coded

DATA = Path(os.environ.get("MIBENCH_DATA") or Path(__file__).resolve().parents[2].parent / "shared/data")


def corpus(name, folder):
    if not (DATA / folder).is_dir():
        pytest.skip(f"no {folder} at {DATA}; set MIBENCH_DATA to a folder with a copy of the human-coded corpora")
    return load_coded(f"{name}:{DATA / folder}")


@pytest.fixture(scope="module")
def annomi():
    return corpus("annomi", "annomi")


def fleiss(items, given):
    """Fleiss' κ (1971) of what `given` makes of each coding."""
    values = sorted({given(coding) for item in items for coding in item.codings}, key=str)
    table = np.array(
        [[sum(given(c) == value for c in item.codings) for value in values] for item in items], dtype=float
    )
    raters = table[0].sum()
    agree = ((table**2).sum(axis=1) - raters) / (raters * (raters - 1))
    chance = ((table.sum(axis=0) / table.sum()) ** 2).sum()
    return (agree.mean() - chance) / (1 - chance)


def test_annomi_has_its_sessions_coders_and_corrections(annomi):
    sessions = Counter(session.quality for session in annomi.sessions)
    if len(annomi.sessions) == 81:
        assert sessions == {"high": 67, "low": 14}
        assert len(annomi.items) == 2910
        assert len(annomi.pairs) == 9
        assert {item.session for item in annomi.items if len(item.codings) == 10} == {
            "annomi-007",
            "annomi-027",
            "annomi-109",
        }
    assert annomi.coders == tuple("0123456789")
    assert {len(item.codings) for item in annomi.items} == {1, 10}
    counts = {note.what: note for note in annomi.notes}
    assert {"annomi-012/011", "annomi-117/083"} <= set(
        counts["speaker labels corrected, the codes given under them dropped"].places
    )
    assert counts["topics that differ from another by outer white space only, merged"].count == 1


def test_annomis_coders_agree_as_published(annomi):
    """Reference over all seven transcripts: main .737, question .869, reflection .660, input .644, talk .467."""
    ten = [item for item in annomi.items if len(item.codings) == 10]
    talk = [item for item in annomi.client_items if len(item.codings) == 10]
    assert fleiss(ten, lambda c: c.main) == pytest.approx(0.737, abs=0.03)
    assert fleiss(ten, lambda c: "question" in c.labels) == pytest.approx(0.869, abs=0.03)
    assert fleiss(ten, lambda c: "reflection" in c.labels) == pytest.approx(0.660, abs=0.03)
    assert fleiss(ten, lambda c: "therapist input" in c.labels) == pytest.approx(0.644, abs=0.04)
    assert fleiss(talk, lambda c: c.talk) == pytest.approx(0.467, abs=0.1)


def test_the_simple_table_is_the_coders_majority(annomi):
    simple = load_coded(f"annomi:{DATA / 'annomi/AnnoMI-simple.csv'}")
    assert [item.id for item in simple.items] == [item.id for item in annomi.items]
    for one, many in zip(simple.items, annomi.items, strict=True):
        votes = Counter(coding.main for coding in many.codings)
        assert votes[one.codings[0].main] == max(votes.values())


def test_good_sessions_reflect_more_and_advise_less(annomi):
    def mean(label, quality):
        return np.mean([item.share(label) for item in annomi.items if item.quality == quality])

    assert mean("reflection", "high") > 2 * mean("reflection", "low")
    assert mean("advice", "low") > 5 * mean("advice", "high")


def test_no_occasion_tells_the_video_or_the_quality(annomi):
    topics = {session.id: session.topic for session in annomi.sessions}
    for item in (*annomi.items, *annomi.client_items):
        assert item.occasion.change_goal in (topics[item.session], "not stated")
        told = item.occasion.model_dump(exclude={"history", "change_goal"})
        assert told == {"id": item.id, "language": "en", "asks_advice": False, "risk": None}


def test_misc_gold_has_affirm_and_confront_and_a_published_models_codes():
    misc = corpus("misc-gold", "misc_gold")
    given = Counter(label for item in misc.items for label in item.codings[0].labels)
    assert given["affirm"] >= 21
    assert given["confront"] >= 22
    assert {coding.coder for item in misc.items for coding in item.machine} == {"published LLM"}
    assert {item.session.partition("-")[0] for item in misc.items if item.machine} == {"mibot"}


def test_mi_tags_sample_has_two_sessions_with_globals():
    tags = corpus("mi-tags", "mi_tags")
    assert [session.id for session in tags.sessions] == ["mi-tags-067", "mi-tags-175"]
    assert [sorted(session.globals.values()) for session in tags.sessions] == [[1, 2, 3, 3], [1, 1, 1, 2]]
    assert sum(len(item.utterances) for item in tags.items) == 75
