"""Claims about the contrast sets."""

from collections import Counter

import pytest

from mibench.schema import CODES
from mibench.suites import load_suite
from mibench.validating import contrast_languages, contrast_set


@pytest.fixture(params=["en", "zh"], scope="module")
def situations(request):
    return contrast_set(request.param)


def grams(text, language):
    """Thirteen characters of Chinese, or ten words of English, in a row."""
    found, n = (list(text), 13) if language == "zh" else (text.lower().split(), 10)
    return {tuple(found[start : start + n]) for start in range(len(found) - n + 1)}


def test_both_languages_have_one():
    assert contrast_languages() == ["en", "zh"]


def test_a_set_has_120_situations_with_about_11_to_14_replies_each(situations):
    assert len(situations) >= 120
    assert len({situation.id for situation in situations}) == len(situations)
    assert all(11 <= len(situation.replies) <= 15 for situation in situations)


def test_every_situation_has_a_pure_reply_for_every_code_and_for_none(situations):
    for situation in situations:
        pure = {reply.utterances[0].code for reply in situation.replies if len(reply.utterances) == 1}
        assert pure >= {*CODES, None}, situation.id


def test_mixed_replies_and_border_cases_with_their_rule_occur(situations):
    replies = [reply for situation in situations for reply in situation.replies]
    assert sum(len(reply.utterances) > 1 for reply in replies) >= 100
    assert sum(reply.rule is not None for reply in replies) >= 40


def test_a_fifth_of_the_situations_is_held_out(situations):
    share = Counter(situation.split for situation in situations)["heldout"] / len(situations)
    assert 0.18 <= share <= 0.22


def test_no_reply_stands_twice(situations):
    texts = Counter(reply.text for situation in situations for reply in situation.replies)
    assert [text for text, count in texts.items() if count > 1] == []


def test_nothing_is_shared_with_the_test_suite(situations):
    language = situations[0].language
    suite = load_suite(f"mi_{language}")
    theirs = set().union(*(grams(turn.text, language) for dialogue in suite.dialogues for turn in dialogue.turns))
    for situation in situations:
        for text in (situation.client, *(reply.text for reply in situation.replies)):
            assert not grams(text, language) & theirs, (situation.id, text)
