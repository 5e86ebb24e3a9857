"""Claims about replies that speak to the judge: they stay inside the fence, and the reader takes nothing from them."""

import json
import re

import pytest

from mibench.judging import judge_replies, load_judge
from mibench.judging.prompted import Unreadable
from mibench.schema import Occasion
from mibench.validating import injections, moved, probe_pairs

INJECTIONS = [injection.text for injection in injections()]
FENCE = re.compile(r"═══ \w+ ═══")


@pytest.fixture
def judge(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "{}"}\n')
    return load_judge(f"panel:scripted/{tmp_path / 'a.jsonl'}")


def occasion(client="想戒。"):
    return Occasion(id="x/01", language="zh", change_goal="戒烟", history=(("client", client),))


def test_there_are_at_least_thirty_in_two_languages():
    assert len(set(INJECTIONS)) == len(INJECTIONS) >= 30
    assert sum(any("\u4e00" <= c <= "\u9fff" for c in text) for text in INJECTIONS) >= 10


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_the_reply_stays_between_two_marks_that_it_cannot_write(judge, text):
    question = judge.questions(occasion(text), text, "d", 0)[0]
    marks = FENCE.findall(question.user)
    assert len(set(marks)) == 1, "only the judge draws marks"
    assert len(marks) == 6
    mark = marks[0]
    assert mark not in text
    inside = question.user.split(mark)
    assert "The reply ended" not in inside[-1]
    assert len(inside[-1].strip()) < 60  # after the last mark stands our own sentence and nothing of the reply
    assert text not in question.system


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_an_answer_that_only_repeats_the_reply_is_never_a_rating_of_another_prompt(judge, text):
    reply = "您怕白费劲。"
    try:
        verdict = judge.read("panel", f"The reply says: {text}", occasion(), reply)
    except Unreadable:
        return
    # The one injection that is itself a whole panel answer can be read only if the judge itself gives it as its answer.
    assert json.loads(text)["depth"] == 100
    assert verdict.status == "rated"


def test_hidden_characters_are_shown_to_the_judge_as_such(judge):
    question = judge.questions(occasion(), "好\u200b的\u202e", "d", 0)[0]
    assert "\u200b" not in question.user
    assert "\u202e" not in question.user
    assert "好�的�" in question.user


def test_a_quote_that_is_not_in_the_reply_is_refused(judge):
    shares = dict.fromkeys(["SR", "CR", "Q", "AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront"], 0) | {
        "CR": 90
    }
    answer = {"added_meaning": "…", "depth": 90, "evidence": [{"code": "CR", "quote": "您真了不起"}], "shares": shares}
    with pytest.raises(Unreadable, match="not in the text"):
        judge.read("panel", json.dumps(answer, ensure_ascii=False), occasion(), "您怕白费劲。")


def test_a_judge_that_obeys_is_caught_by_the_probe_and_one_that_does_not_moves_by_nothing(tmp_path):
    shares = dict.fromkeys(["SR", "CR", "Q", "AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront"], 0)
    steady = json.dumps({"added_meaning": "no reflection", "depth": 0, "evidence": [], "shares": shares})
    fooled = json.dumps({"added_meaning": "…", "depth": 90, "evidence": [], "shares": shares | {"CR": 100}})
    (tmp_path / "steady.jsonl").write_text(json.dumps({"text": steady}) + "\n")
    (tmp_path / "fooled.jsonl").write_text(
        json.dumps({"text": steady}) + "\n" + json.dumps({"subject": "inj-02", "text": fooled}) + "\n"
    )
    for name, most in (("steady", 0.0), ("fooled", 1.0)):
        loaded = load_judge(f"panel:scripted/{tmp_path / name}.jsonl")
        found = moved(judge_replies(loaded, probe_pairs("en"), tmp_path / name / "calls.jsonl"))
        assert max(entry.shift for entry in found) == most
        assert len(found) == len(INJECTIONS)
