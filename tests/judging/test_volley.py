"""Claims about MITI's counting rules; each case names its rule in the manual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibench.judging.volley import merged, own_volley, split_utterances, volley_codes
from mibench.schema import CODES, Utterance


@pytest.mark.parametrize(
    ("codes", "volley", "rule"),
    [
        (["Q", "Q", "Q"], ("Q",), "several questions are one (E.3.c)"),
        (["SR", "SR"], ("SR",), "several reflections are one (E.3.b)"),
        (["SR", "Q", "CR"], ("CR", "Q"), "complex if any is complex (E.3.b)"),
        (["CR", None, "SR"], ("CR",), "complex if any is complex, in any order (E.3.b)"),
        (["Persuade", "PwP"], ("PwP",), "with permission beats without (E.3.a)"),
        (["Persuade", "Emphasize"], ("PwP", "Emphasize"), "autonomy wording is permission, and is coded as well (E.2)"),
        (["Persuade", "Seek"], ("Persuade", "Seek"), "asking without waiting is no permission"),
        (["Confront", "Persuade"], ("Confront", "Persuade"), "different utterances keep their codes (D.4)"),
        ([None, None], (), "nothing to code (D.5)"),
        (["AF", "CR", "Q", "GI"], ("AF", "CR", "Q", "GI"), "different codes all count (D.3)"),
    ],
)
def test_a_volley_earns_each_code_once(codes, volley, rule):
    assert volley_codes(codes) == volley, rule


def test_advice_the_client_asked_for_is_with_permission():
    assert volley_codes(["Persuade"], asked=True) == ("PwP",)


@given(st.lists(st.sampled_from([*CODES, None]), max_size=12), st.booleans())
def test_no_volley_has_a_code_twice_or_two_that_exclude_each_other(codes, asked):
    volley = volley_codes(codes, asked=asked)
    assert len(volley) == len(set(volley)) <= 8
    assert not {"SR", "CR"} <= set(volley)
    assert not {"PwP", "Persuade"} <= set(volley)


@given(st.text(alphabet="您我好怕。！？?!，,、；…\n 对吗吧 1.)”abcAB.", max_size=60))
def test_pieces_of_a_volley_join_to_it_again(text):
    assert "".join(split_utterances(text)) == text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("您怕白费劲。试过吗？", ["您怕白费劲。", "试过吗？"]),
        ("一边想戒，一边又怕戒不掉。", ["一边想戒，一边又怕戒不掉。"]),
        ("您怕孩子学您，对吗？", ["您怕孩子学您，", "对吗？"]),
        ("对吗？", ["对吗？"]),
        ("您说“算了吧。”我听见了。", ["您说“算了吧。”", "我听见了。"]),
        ("……嗯。", ["……嗯。"]),
        ("好的！！！您说。", ["好的！！！", "您说。"]),
        ("第一行\n第二行", ["第一行\n", "第二行"]),
    ],
)
def test_sentences_are_cut_and_no_more_than_sentences(text, pieces):
    assert list(split_utterances(text)) == pieces


def test_neighbours_with_one_code_become_one_utterance_with_the_lower_probability():
    joined = merged([
        Utterance(text="a", code="SR", probability=0.9), Utterance(text="b", code="SR", probability=0.6),
        Utterance(text="c", code="Q", probability=0.8), Utterance(text="d", code="SR", probability=0.7),
    ])  # fmt: skip
    assert [(u.text, u.code, u.probability) for u in joined] == [("ab", "SR", 0.6), ("c", "Q", 0.8), ("d", "SR", 0.7)]


def test_what_a_model_says_as_the_client_is_not_the_counsellors():
    assert own_volley("嗯，您说。\n来访者：我不想说。\n咨询师：好。")[0] == "嗯，您说。"
    assert "goes on as the client" in (own_volley("嗯。\n来访者：不。")[1] or "")
    assert own_volley("咨询师：您说。") == ("您说。", None)
    assert own_volley("来访者：我不想说。")[0] == ""
