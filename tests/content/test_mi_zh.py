"""Claims about the Chinese test set itself."""

from collections import Counter
from itertools import combinations

import pytest

from mibench.schema import ClientTurn
from mibench.suites import load_suite

SUITE = load_suite("mi_zh")
COUNSELLOR = [round_.reference for round_ in SUITE.rounds]
CLIENT = [turn for dialogue in SUITE.dialogues for turn in dialogue.turns if isinstance(turn, ClientTurn)]


def grams(text, n):
    return {text[start : start + n] for start in range(len(text) - n + 1)}


def test_it_has_forty_dialogues_of_8_to_14_rounds():
    assert len(SUITE.dialogues) == 40
    assert all(8 <= len(dialogue.turns) // 2 <= 14 for dialogue in SUITE.dialogues)
    assert 380 <= len(SUITE.rounds) <= 460


def test_at_least_twenty_behaviours_all_stages_and_three_resistances_occur_often():
    assert len({dialogue.topic for dialogue in SUITE.dialogues}) >= 20
    stages = Counter(dialogue.stage for dialogue in SUITE.dialogues)
    assert len(stages) == 5
    assert min(stages.values()) >= 4
    assert min(Counter(dialogue.resistance for dialogue in SUITE.dialogues).values()) >= 8


def test_clients_are_of_all_ages_both_sexes_city_and_country():
    ages = [dialogue.age for dialogue in SUITE.dialogues]
    assert min(ages) == 16
    assert max(ages) == 80
    assert min(Counter(dialogue.sex for dialogue in SUITE.dialogues).values()) >= 12
    assert min(Counter(dialogue.setting for dialogue in SUITE.dialogues).values()) >= 5


def test_the_reference_counsellor_is_good_but_human():
    given = Counter(code for turn in COUNSELLOR for code in turn.codes)
    reflections = given["SR"] + given["CR"]
    assert 1 <= reflections / given["Q"] <= 2.5
    assert 0.35 <= given["CR"] / reflections <= 0.70
    assert all(given[code] for code in ("AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront"))


def test_rounds_follow_change_talk_and_sustain_talk_often_enough():
    talk = [{span.talk for span in round_.client.talk} for round_ in SUITE.rounds]
    assert sum("sustain" in kinds for kinds in talk) >= max(60, 0.20 * len(talk))
    assert sum("change" in kinds for kinds in talk) >= max(60, 0.25 * len(talk))
    assert sum(turn.asks_advice for turn in CLIENT) >= 25
    assert sum(turn.angry for turn in CLIENT) >= 15
    assert sum(turn.risk is not None for turn in CLIENT) >= 12


def test_no_counsellor_text_appears_twice():
    texts = Counter(turn.text for turn in COUNSELLOR)
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_counsellor_phrase_opens_more_than_four_percent_of_turns():
    openings = Counter(turn.text[:3] for turn in COUNSELLOR)
    phrase, count = openings.most_common(1)[0]
    assert count <= 0.04 * len(COUNSELLOR), phrase


def test_no_two_turns_or_dialogues_are_near_duplicates():
    turns = [(round_.id, grams(round_.reference.text, 3)) for round_ in SUITE.rounds]
    near = [
        (one, other)
        for (one, a), (other, b) in combinations(turns, 2)
        if min(len(a), len(b)) >= 6 and len(a & b) / len(a | b) > 0.5
    ]
    assert near == []
    whole = [(d.id, grams("".join(turn.text for turn in d.turns), 4)) for d in SUITE.dialogues]
    assert max(len(a & b) / len(a | b) for (_, a), (_, b) in combinations(whole, 2)) < 0.1


def test_client_turns_range_from_a_word_to_a_speech():
    lengths = sorted(len(turn.text) for turn in CLIENT)
    assert lengths[0] <= 6
    assert lengths[-1] >= 80
    assert lengths[len(lengths) // 2] <= 60


def test_nothing_looks_like_markup_or_a_listing():
    for turn in [*CLIENT, *COUNSELLOR]:
        assert not set("[]{}<>*#\n\t") & set(turn.text), turn.text


def test_the_canary_is_in_the_first_line_only():
    lines = (SUITE.folder / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    assert "mibench-canary" in lines[0]
    assert not any("mibench-canary" in line for line in lines[1:])


def test_the_card_states_the_counts_of_the_file():
    card = (SUITE.folder / "README.md").read_text(encoding="utf-8")
    given = Counter(code for turn in COUNSELLOR for code in turn.codes)
    for code, count in given.items():
        assert f"| {code} | {count} |" in card, code
    for stage, count in Counter(dialogue.stage for dialogue in SUITE.dialogues).items():
        assert f"| {stage} | {count} |" in card, stage
    assert f"{len(SUITE.rounds)} rounds" in card
    assert "not clinician-reviewed" in card
    assert "language model" in card


@pytest.mark.parametrize("dialogue", SUITE.dialogues, ids=lambda dialogue: dialogue.id)
def test_each_dialogue_has_a_behavioural_goal_and_its_own_licence(dialogue):
    assert len(dialogue.change_goal) >= 4
    assert dialogue.licence == "CC-BY-4.0"
    assert "language model" in dialogue.provenance
