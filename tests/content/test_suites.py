"""Claims about the test sets themselves, in both languages."""

from collections import Counter
from itertools import combinations

import pytest

from mibench.schema import ClientTurn
from mibench.suites import load_suite, suite_names
from mibench.suites.card import card_tables

NAMES = ("mi_en", "mi_zh")


@pytest.fixture(params=NAMES, scope="module")
def suite(request):
    return load_suite(request.param)


def counsellor_turns(suite):
    return [round_.reference for round_ in suite.rounds]


def client_turns(suite):
    return [turn for dialogue in suite.dialogues for turn in dialogue.turns if isinstance(turn, ClientTurn)]


def tokens(text, language):
    return list(text) if language == "zh" else text.lower().split()


def grams(text, n, language):
    found = tokens(text, language)
    return {tuple(found[start : start + n]) for start in range(len(found) - n + 1)}


def opening(text, language):
    return tuple(tokens(text, language)[: 3 if language == "zh" else 2])


def test_these_suites_ship():
    assert suite_names() == sorted(NAMES)


def test_a_suite_has_forty_dialogues_of_8_to_14_rounds(suite):
    assert len(suite.dialogues) == 40
    assert all(8 <= len(dialogue.turns) // 2 <= 14 for dialogue in suite.dialogues)
    assert 380 <= len(suite.rounds) <= 460


def test_at_least_twenty_behaviours_all_stages_and_three_resistances_occur_often(suite):
    assert len({dialogue.topic for dialogue in suite.dialogues}) >= 20
    stages = Counter(dialogue.stage for dialogue in suite.dialogues)
    assert len(stages) == 5
    assert min(stages.values()) >= 4
    assert min(Counter(dialogue.resistance for dialogue in suite.dialogues).values()) >= 8


def test_clients_are_of_all_ages_both_sexes_city_and_country(suite):
    ages = [dialogue.age for dialogue in suite.dialogues]
    assert min(ages) <= 17
    assert max(ages) >= 79
    assert min(Counter(dialogue.sex for dialogue in suite.dialogues).values()) >= 12
    settings = Counter(dialogue.setting for dialogue in suite.dialogues)
    assert settings["rural"] + settings["town"] >= 9


def test_the_reference_counsellor_is_good_but_human(suite):
    given = Counter(code for turn in counsellor_turns(suite) for code in turn.codes)
    reflections = given["SR"] + given["CR"]
    assert 1 <= reflections / given["Q"] <= 2.5
    assert 0.35 <= given["CR"] / reflections <= 0.70
    assert all(given[code] for code in ("AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront"))


def test_rounds_follow_change_talk_sustain_talk_requests_anger_and_risk_often_enough(suite):
    talk = [{span.talk for span in round_.client.talk} for round_ in suite.rounds]
    assert sum("sustain" in kinds for kinds in talk) >= max(60, 0.20 * len(talk))
    assert sum("change" in kinds for kinds in talk) >= max(60, 0.25 * len(talk))
    assert sum(turn.asks_advice for turn in client_turns(suite)) >= 25
    assert sum(turn.angry for turn in client_turns(suite)) >= 15
    assert sum(turn.risk is not None for turn in client_turns(suite)) >= 12


def test_no_counsellor_text_appears_twice(suite):
    texts = Counter(turn.text for turn in counsellor_turns(suite))
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_counsellor_phrase_opens_more_than_four_percent_of_turns(suite):
    language = suite.dialogues[0].language
    openings = Counter(opening(turn.text, language) for turn in counsellor_turns(suite))
    phrase, count = openings.most_common(1)[0]
    assert count <= 0.04 * len(suite.rounds), phrase


def test_counsellors_do_not_repeat_themselves(suite):
    language = suite.dialogues[0].language
    pairs = [
        gram
        for turn in counsellor_turns(suite)
        for gram in zip(tokens(turn.text, language), tokens(turn.text, language)[1:], strict=False)
    ]
    assert len(set(pairs)) / len(pairs) >= (0.5 if language == "zh" else 0.6)  # distinct-2 of characters, of words


def test_no_two_turns_or_dialogues_are_near_duplicates(suite):
    language = suite.dialogues[0].language
    turns = [(round_.id, grams(round_.reference.text, 3, language)) for round_ in suite.rounds]
    near = [
        (one, other)
        for (one, a), (other, b) in combinations(turns, 2)
        if min(len(a), len(b)) >= 6 and len(a & b) / len(a | b) > 0.5
    ]
    assert near == []
    whole = [(d.id, grams(" ".join(turn.text for turn in d.turns), 4, language)) for d in suite.dialogues]
    assert max(len(a & b) / len(a | b) for (_, a), (_, b) in combinations(whole, 2)) < 0.1


def test_client_turns_range_from_a_word_to_a_speech(suite):
    language = suite.dialogues[0].language
    lengths = sorted(len(tokens(turn.text, language)) for turn in client_turns(suite))
    short, long = (6, 80) if language == "zh" else (3, 50)
    assert lengths[0] <= short
    assert lengths[-1] >= long
    assert lengths[len(lengths) // 2] <= 60


def test_nothing_looks_like_markup_or_a_listing(suite):
    for turn in [*client_turns(suite), *counsellor_turns(suite)]:
        assert not set("[]{}<>*#\n\t") & set(turn.text), turn.text


def test_the_canary_is_in_the_first_line_only(suite):
    lines = (suite.folder / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    assert "mibench-canary" in lines[0]
    assert not any("mibench-canary" in line for line in lines[1:])


def test_the_card_states_the_counts_of_the_file_and_who_wrote_it(suite):
    card = (suite.folder / "README.md").read_text(encoding="utf-8")
    assert card_tables(suite) in card
    assert "not clinician-reviewed" in card
    assert "language model" in card


def test_each_dialogue_has_a_behavioural_goal_and_its_own_licence(suite):
    for dialogue in suite.dialogues:
        assert len(dialogue.change_goal) >= 4
        assert dialogue.licence == "CC-BY-4.0"
        assert "language model" in dialogue.provenance
