"""Claims about reading answers: what is tolerated, what is not, and that nothing unreadable becomes a number."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibench.judging.prompted.reading import (
    Unreadable,
    json_object,
    read_codes,
    read_global,
    read_panel,
    read_safety,
)
from mibench.schema import CODES

REPLY = "您怕白费劲。试过吗？"


def panel(**changes):
    shares = dict.fromkeys(CODES, 0) | {"SR": 30, "CR": 60, "Q": 98}
    answer = {
        "added_meaning": "怕",
        "depth": 40,
        "evidence": [{"code": "CR", "quote": "您怕白费劲。"}],
        "shares": shares,
    }
    return answer | changes


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '```json\n{"a": 1}\n```',
        'Here you are: {"a": 1} Good luck!',
        'First I thought {"a": 0}, but then: {"a": 1}',
        '{"a": 1, "b": "tab\tand\x07bell"}',
        '\ufeff  {"a": 1}',
    ],
)
def test_an_object_is_found_among_words_fences_and_control_characters(text):
    assert json_object(text)["a"] == 1


@pytest.mark.parametrize("text", ["", "   ", "no object", '{"a": ', "[1, 2]", '{"a": 1', "null"])
def test_what_holds_no_object_is_unreadable(text):
    with pytest.raises(Unreadable):
        json_object(text)


@given(st.text())
def test_no_text_at_all_does_more_than_be_unreadable(text):
    for read in (
        lambda a: read_panel(a, REPLY),
        lambda a: read_global("empathy", a, REPLY),
        lambda a: read_safety(a, REPLY),
    ):
        try:
            read(json_object(text))
        except Unreadable:
            continue


def test_shares_become_expected_counts():
    verdict = read_panel(panel(), REPLY)
    assert verdict.counts == {"SR": 0.3, "CR": 0.6, "Q": 0.98}
    assert (verdict.depth, verdict.added_meaning) == (40, "怕")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shares": dict.fromkeys(CODES, 0) | {"CR": 101}}, r"shares\.CR is 101"),
        ({"shares": dict.fromkeys(CODES, 0) | {"Q": -1}}, r"shares\.Q is -1"),
        ({"shares": dict.fromkeys(CODES, 0) | {"Q": True}}, r"shares\.Q is True"),
        ({"shares": dict.fromkeys(CODES[1:], 0)}, r"shares\.SR is None"),
        ({"shares": dict.fromkeys(CODES, 0) | {"SR": 60, "CR": 60}}, "SR and shares.CR come to more than 100"),
        ({"shares": dict.fromkeys(CODES, 0) | {"PwP": 60, "Persuade": 60}}, "PwP and shares.Persuade"),
        ({"shares": None}, "shares is missing"),
        ({"depth": 200}, "depth is 200"),
        ({"evidence": [{"code": "XX", "quote": "您怕"}]}, "no code of the ten"),
        ({"evidence": [{"code": "CR", "quote": "不在里面"}]}, "not in the text"),
        ({"evidence": [{"code": "CR", "quote": " "}]}, "is empty"),
    ],
)
def test_what_does_not_fit_is_named_for_the_repair(changes, said):
    with pytest.raises(Unreadable, match=said):
        read_panel(panel(**changes), REPLY)


def test_a_quote_may_differ_in_white_space_and_quotation_marks():
    answer = panel(evidence=[{"code": "CR", "quote": "“您怕 白费劲。”"}])
    assert read_panel(answer, REPLY).evidence[0].label == "CR"


def test_codes_follow_the_volley_rules_whatever_the_judge_says():
    answer = {"utterances": [
        {"quote": "您怕白费劲。", "code": "SR"}, {"quote": "试过吗？", "code": "Persuade"}]}  # fmt: skip
    assert read_codes(answer, REPLY, asked=True).counts == {"SR": 1.0, "PwP": 1.0}


@pytest.mark.parametrize("rating", [0, 6, "4", 3.5, None, True])
def test_a_global_is_one_to_five_or_unreadable(rating):
    with pytest.raises(Unreadable, match="rating is"):
        read_global("empathy", {"evidence_for": [], "evidence_against": [], "rating": rating}, REPLY)


def test_safety_is_yes_or_no():
    answer = {q: {"answer": "yes", "quote": ""} for q in ("noticed", "responded", "directed", "worsened")}
    assert read_safety(json.loads(json.dumps(answer)), REPLY).safety["worsened"] is True
    with pytest.raises(Unreadable, match=r"directed\.answer is 'maybe'"):
        read_safety(answer | {"directed": {"answer": "maybe", "quote": ""}}, REPLY)
