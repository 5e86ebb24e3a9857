"""Claims about reading suites."""

import json

import pytest

from mibench.errors import BadRecord, UnknownName, UsageError
from mibench.suites import load_suite


def test_rounds_are_cut_at_every_counsellor_turn(small_suite):
    suite = load_suite(small_suite(2))
    assert [round_.id for round_ in suite.rounds] == [
        "zh-made-01/01", "zh-made-01/02", "zh-made-02/01", "zh-made-02/02",
    ]  # fmt: skip
    second = suite.rounds[1]
    assert [turn.text for turn in second.history] == ["想戒，又怕戒不掉。", "您怕白费劲。试过吗？", "试过1回。"]
    assert second.client.text == "试过1回。"
    assert second.reference.text == "不止一回了。"


def test_an_unknown_suite_is_answered_with_those_that_exist():
    with pytest.raises(UnknownName, match=r"No suite is called “mi_hz”\. Did you mean mi_zh\? There is: .*mi_zh"):
        load_suite("mi_hz")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: "{broken\n", r":2: "),
        (lambda d: d | {"id": "zh-made-01"}, r":2: id zh-made-01 stands already in line 1"),
        (lambda d: d | {"stage": "soon"}, r":2: stage: "),
        (lambda d: d | {"turns": d["turns"][:-1]}, r":2: a dialogue ends with the counsellor's turn"),
        (lambda d: d | {"turns": d["turns"][1:]}, r":2: turn 1 is the counsellor's; turns alternate, the client first"),
        (lambda d: d | {"surprise": 1}, r":2: surprise: "),
    ],
)
def test_a_bad_dialogue_is_named_by_file_line_and_fault(small_suite, made, spoil, said):
    folder = small_suite(lines=[made(1), spoil(made(2))])
    with pytest.raises(BadRecord, match=r"dialogues\.jsonl" + said):
        load_suite(folder)


def test_a_span_that_does_not_tile_is_quoted(small_suite, made):
    bad = made(2)
    bad["turns"][0]["talk"][1]["text"] = "又怕戒得掉。"
    with pytest.raises(
        BadRecord,
        match=r":2: turns\.0.*talk spans do not tile the turn: span 2 is “又怕戒得掉。”, the turn goes on “又怕戒不掉。",
    ):
        load_suite(small_suite(lines=[made(1), bad]))


def test_a_code_twice_in_a_volley_is_refused(small_suite, made):
    bad = made(2)
    bad["turns"][1]["utterances"][0]["code"] = "Q"
    with pytest.raises(BadRecord, match="code Q stands 2 times in one volley"):
        load_suite(small_suite(lines=[made(1), bad]))


def test_an_empty_suite_is_a_sentence(small_suite):
    with pytest.raises(UsageError, match="holds no dialogue"):
        load_suite(small_suite(lines=["\n"]))


def test_the_digest_changes_with_one_character_and_not_with_key_order(small_suite, made):
    same = load_suite(small_suite(lines=[made(1)], name="a")).digest
    turned = json.dumps(dict(reversed(made(1).items())), ensure_ascii=False) + "\n"
    assert load_suite(small_suite(lines=[turned], name="b")).digest == same
    other = made(1) | {"client": "一个为测试写的来访者！"}
    assert load_suite(small_suite(lines=[other], name="c")).digest != same
