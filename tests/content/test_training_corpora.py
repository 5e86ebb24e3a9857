"""Claims about the training corpora: their size, their codes, and that they are disjoint from the test suites."""

from collections import Counter

import pytest

from mibench.suites import load_suite, read_dialogues

SIZES = {"en": 60, "zh": 160}


@pytest.fixture(params=SIZES, scope="module")
def corpus(request, root):
    return request.param, read_dialogues(root / f"finetune/data/mi_{request.param}_train.jsonl")


def grams(text, language):
    """Thirteen characters of Chinese, or ten words of English, in a row."""
    found, n = (list(text), 13) if language == "zh" else (text.lower().split(), 10)
    return {tuple(found[start : start + n]) for start in range(len(found) - n + 1)}


def counsellor_turns(dialogues):
    return [turn for dialogue in dialogues for turn in dialogue.turns[1::2]]


def test_it_is_large_enough_and_every_dialogue_has_8_to_16_rounds(corpus):
    language, dialogues = corpus
    assert len(dialogues) >= SIZES[language]
    assert all(8 <= len(dialogue.turns) // 2 <= 16 for dialogue in dialogues)
    assert all(dialogue.language == language for dialogue in dialogues)


def test_it_shares_no_wording_with_the_test_suite(corpus):
    language, dialogues = corpus
    suite = load_suite(f"mi_{language}")
    theirs = set().union(*(grams(turn.text, language) for dialogue in suite.dialogues for turn in dialogue.turns))
    shared = [
        (dialogue.id, turn.text)
        for dialogue in dialogues
        for turn in dialogue.turns
        if grams(turn.text, language) & theirs
    ]
    assert shared == []


def test_it_shares_no_client_with_the_test_suite(corpus):
    language, dialogues = corpus
    suite = load_suite(f"mi_{language}")
    assert not {dialogue.id for dialogue in dialogues} & {dialogue.id for dialogue in suite.dialogues}
    clients = {(dialogue.topic, dialogue.age, dialogue.sex) for dialogue in suite.dialogues}
    assert [d.id for d in dialogues if (d.topic, d.age, d.sex) in clients] == []


def test_every_code_and_every_stage_has_natural_examples(corpus):
    _, dialogues = corpus
    given = Counter(code for turn in counsellor_turns(dialogues) for code in turn.codes)
    assert min(given.values()) >= 20
    assert len(given) == 10
    assert 1 <= (given["SR"] + given["CR"]) / given["Q"] <= 2.5
    assert len({dialogue.stage for dialogue in dialogues}) == 5
    assert len({dialogue.resistance for dialogue in dialogues}) == 3


def test_no_counsellor_text_appears_twice_and_no_phrase_opens_more_than_four_percent(corpus):
    language, dialogues = corpus
    turns = counsellor_turns(dialogues)
    texts = Counter(turn.text for turn in turns)
    assert [text for text, count in texts.items() if count > 1] == []
    openings = Counter(turn.text[:3] if language == "zh" else tuple(turn.text.lower().split()[:2]) for turn in turns)
    assert openings.most_common(1)[0][1] <= 0.04 * len(turns)


def test_the_canary_is_in_the_first_line(corpus, root):
    first = (root / f"finetune/data/mi_{corpus[0]}_train.jsonl").read_text(encoding="utf-8").split("\n", 1)[0]
    assert "mibench-canary" in first
