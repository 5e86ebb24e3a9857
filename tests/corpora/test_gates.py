"""Claims about gates: each stops what it is there to stop, and nothing else."""

import json

import pytest

from mibench.corpora.licences import strictest
from mibench.corpora.transcribing.coding import coded_turns, miti_gate, occasions
from mibench.corpora.transcribing.drafts import AREAS, Draft, read_draft
from mibench.corpora.transcribing.facts import facts_of, missing, numbers
from mibench.corpora.transcribing.gates import Bars, Failure, reasons, text_gates
from mibench.judging.stage import JudgeSettings, open_judge
from mibench.schema import Call, SourceDialogue, SourceTurn, Utterance, Verdict
from mibench.suites import load_suite


def turns(*texts):
    return tuple(SourceTurn(speaker="counsellor" if n % 2 else "client", text=text) for n, text in enumerate(texts))


SOURCE = SourceDialogue(
    id="made/1", corpus="made", language="zh", group="made/1", licence="CC0-1.0",
    turns=turns(
        "我今年35岁，和丈夫结婚八年了，他一回家就打游戏。", "这种情况很常见，您可以试着和他多沟通，多理解他的压力。",
        "试过三回，女儿都看不下去了。", "建议您每天抽出时间陪伴对方，关心彼此的工作和生活。",
    ),
)  # fmt: skip
CLIENT = ("我35了，跟丈夫结婚8年，他进门就打游戏。", "说过，没用。", "女儿都替我难受。", "那咋办。", "嗯。", "我想想。")
COUNSELLOR = (
    "一屋子人，您还是一个人。", "话递过去，总落在地上。", "您难受，还让孩子也跟着揪心。", "您舍不得这个家，也舍不得自己就这么耗着。",
    "有句话您在心里憋了很久。", "不急，路是您的，您慢慢定。",
)  # fmt: skip


def draft(client=CLIENT, counsellor=COUNSELLOR, **changes):
    said = [text for pair in zip(client, counsellor, strict=True) for text in pair]
    return Draft(**({"change_goal": "每周和丈夫好好谈一次", "client": "妻子", "turns": turns(*said)} | changes))


def failed(found, bars=None):
    return text_gates(found, SOURCE, bars or Bars(), {})


def replaced(texts, place, text):
    return tuple(text if n == place else words for n, words in enumerate(texts))


def test_a_good_draft_passes_and_is_measured():
    measures = {}
    assert text_gates(draft(), SOURCE, Bars(), measures) is None
    assert measures["rounds"] == 6
    assert measures["facts_kept"] == 1
    assert measures["copied"] == 0


@pytest.mark.parametrize(
    ("spoiled", "gate"),
    [
        (draft(turns=draft().turns[1:]), "alternation"),
        (draft(turns=draft().turns[:-1]), "alternation"),
        (draft(turns=[]), "alternation"),
        (draft(turns=draft().turns[:6]), "rounds"),
        (draft(counsellor=replaced(COUNSELLOR, 1, "长" * 201)), "length"),
        (draft(client=("他老这样。", *CLIENT[1:2], "嗯。", *CLIENT[3:])), "facts"),
        (draft(counsellor=("这种情况很常见，您可以试着和他多沟通，多理解他的压力。",) * 6), "source copy"),
        (draft(counsellor=replaced(COUNSELLOR, 2, "建议您直接停药算了。")), "unsafe advice"),
        (draft(client=replaced(CLIENT, 4, "电话13800138000。")), "personal data"),
        (draft(client_="x", client=CLIENT, counsellor=replaced(COUNSELLOR, 2, load_suite("mi_zh").rounds[0].client.text)), "suite copy"),
    ],
)  # fmt: skip
def test_each_gate_stops_its_own_fault(spoiled, gate):
    failure = failed(spoiled)
    assert failure is not None
    assert failure.gate == gate
    assert failure.detail in failure.told("zh")
    assert failure.detail in failure.said()


def test_every_gate_has_its_words_in_both_languages():
    assert reasons()["zh"].keys() == reasons()["en"].keys()


@pytest.fixture(scope="module")
def offline():
    return open_judge("offline", JudgeSettings())


def verdicts(judge, found):
    return [judge.rate(occasion, reply) for occasion, reply in occasions(found, SOURCE)]


def test_the_miti_gate_passes_reflections_and_stops_questions_advice_and_echoes(offline):
    assert miti_gate(verdicts(offline, draft()), Bars(percent_cr=40), {}) is None
    asking = draft(counsellor=("您怎么看？",) * 6)
    assert miti_gate(verdicts(offline, asking), Bars(), {}).gate == "MITI R:Q"
    echo = [Verdict(status="rated", counts={"SR": 1.0})] * 6
    assert miti_gate(echo, Bars(), {}).gate == "MITI %CR"
    pushing = [Verdict(status="rated", counts={"CR": 1.0, "Persuade": 1.0})] * 2
    assert miti_gate(pushing, Bars(), {}).gate == "MITI MINA"
    assert miti_gate([Verdict(status="unrated", reason="why")], Bars(), {}) == Failure("MITI uncoded", "1: why")


def test_shares_of_a_panel_are_summed_not_counted():
    measures = {}
    shares = [Verdict(status="rated", counts={"CR": 0.6, "SR": 0.2, "Q": 0.4})] * 10
    assert miti_gate(shares, Bars(), measures) is None
    assert (measures["r_to_q"], measures["percent_cr"]) == (2.0, 75.0)


def test_coded_turns_obey_the_volley_rules_and_a_quoting_judge_leaves_them_uncoded():
    found = draft()
    text = found.turns[1].text
    twice = Verdict(
        status="rated", utterances=(Utterance(text=text[:4], code="CR"), Utterance(text=text[4:], code="SR"))
    )
    coded = coded_turns(found, [twice, *[Verdict(status="rated", utterances=(Utterance(text="别的", code="Q"),))] * 5])
    assert [u.code for u in coded[1].utterances] == ["CR", None]
    assert coded[3].utterances == ()
    assert all(turn.talk == () for turn in coded[::2])


def test_numbers_are_facts_in_whatever_digits_and_vague_ones_are_none():
    assert numbers("结婚八年，孩子12岁，一次二十五片", "zh") == {"8年", "12岁"} | numbers("", "zh")
    assert numbers("等了三四年，一个人", "zh") == set()
    assert numbers("smoked 20 years, 10 cigarettes", "en") == {"20 year", "10 cigarette"}


def test_a_fact_in_other_words_is_kept_and_a_lost_one_is_named():
    facts = facts_of("我老公出轨三年了，女儿在读高二。", "zh")
    assert set(facts) == {"3年", "丈夫", "女儿", "孩子", "高中", "出轨"} & set(facts)
    assert missing(facts, "我爱人外遇3年，闺女上高二", "zh") == []
    assert missing({"35岁": ("35岁",), "3次": ("3次",)}, "我三十五了，三个孩子", "zh") == ["3次"]
    assert "女儿" in missing(facts, "丈夫出轨3年，高中", "zh")


def answer(text, finish="stop"):
    return Call(key="00", subject="s", text=text, finish=finish)


def test_what_a_model_does_not_know_is_null_and_what_it_must_say_it_must_say():
    found = {"change_goal": "x", "area": "sleep", "stage": "soon", "age": 5, "sex": "?", "turns": [], "new": 1}
    read = read_draft(answer(json.dumps(found)))
    assert (read.area, read.stage, read.age, read.sex) == (None, None, None, None)
    assert read_draft(answer(json.dumps(found | {"area": AREAS[0]}))).area == AREAS[0]
    assert "change_goal" in read_draft(answer("{}"))
    assert read_draft(answer("no")) == "no JSON object"
    assert "turns.0" in read_draft(answer(json.dumps(found | {"turns": [{"speaker": "dog", "text": "w"}]})))
    assert read_draft(answer("{", "length")) == "cut at the token limit"


def test_the_licence_of_a_mixture_is_the_strictest_and_what_is_unknown_stays_unknown():
    assert strictest(["CC0-1.0", "Apache-2.0"]) == "Apache-2.0"
    assert strictest(["CC-BY-SA-4.0", "CC0-1.0", "CC-BY-4.0"]) == "CC-BY-SA-4.0"
    assert strictest(["CC0-1.0", "not stated"]) == "ask first: not stated"
