"""Claims about the contrast set."""

from collections import Counter

from mibench.schema import CODES
from mibench.suites import load_suite
from mibench.validating import contrast_set

SITUATIONS = contrast_set("zh")


def grams(text, n):
    return {text[start : start + n] for start in range(len(text) - n + 1)}


def test_it_has_eighty_situations_and_a_thousand_replies_or_more():
    assert len(SITUATIONS) >= 80
    assert len({situation.id for situation in SITUATIONS}) == len(SITUATIONS)
    assert sum(len(situation.replies) for situation in SITUATIONS) >= 1000


def test_every_situation_has_a_pure_reply_for_every_code_and_for_none():
    for situation in SITUATIONS:
        pure = {reply.utterances[0].code for reply in situation.replies if len(reply.utterances) == 1}
        assert pure >= {*CODES, None}, situation.id


def test_mixed_replies_and_border_cases_with_their_rule_occur():
    replies = [reply for situation in SITUATIONS for reply in situation.replies]
    assert sum(len(reply.utterances) > 1 for reply in replies) >= 100
    assert sum(reply.rule is not None for reply in replies) >= 40


def test_a_fifth_of_the_situations_is_held_out():
    splits = Counter(situation.split for situation in SITUATIONS)
    assert splits["heldout"] * 4 == splits["train"]


def test_no_reply_stands_twice_and_none_in_both_splits():
    texts = Counter(reply.text for situation in SITUATIONS for reply in situation.replies)
    assert [text for text, count in texts.items() if count > 1] == []


def test_nothing_is_shared_with_the_test_suite():
    suite = set().union(
        *(grams(turn.text, 13) for dialogue in load_suite("mi_zh").dialogues for turn in dialogue.turns)
    )
    for situation in SITUATIONS:
        for text in (situation.client, *(reply.text for reply in situation.replies)):
            assert not grams(text, 13) & suite, (situation.id, text)
