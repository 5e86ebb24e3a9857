"""Claims about the judging stage."""

import json

import pytest

from mibench.errors import UnknownName, UsageError
from mibench.judging import judge_run, load_judge
from mibench.records import RunFolder
from mibench.schema import Reply
from mibench.suites import load_suite


@pytest.fixture
def answered(small_suite, tmp_path):
    """A suite of four rounds, answered: one of the replies is empty."""
    suite = load_suite(small_suite(2))
    folder = RunFolder(tmp_path / "run")
    with folder.append_replies() as file:
        for number, round_ in enumerate(suite.rounds):
            text = "" if number == 3 else f"您试过{number}回了。"
            file.append(Reply(round=round_.id, text=text, status="ok" if text else "empty", seconds=0))
    return folder, suite


def test_every_reply_is_rated_once_and_an_empty_one_unrated(answered):
    folder, suite = answered
    judge_run(folder, suite, load_judge("offline"))
    judge_run(folder, suite, load_judge("offline"))
    ratings = list(folder.ratings())
    assert [rating.subject for rating in ratings] == [round_.id for round_ in suite.rounds]
    assert [rating.status for rating in ratings] == ["rated"] * 3 + ["unrated"]
    assert ratings[3].reason == "the reply is empty"


def test_a_changed_reply_is_rated_anew(answered):
    folder, suite = answered
    judge_run(folder, suite, load_judge("offline"))
    lines = folder.replies_path.read_text(encoding="utf-8").splitlines()
    lines[0] = lines[0].replace("您试过0回了。", "您试过吗？")
    folder.replies_path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    judge_run(folder, suite, load_judge("offline"))
    assert [rating.subject for rating in folder.ratings()].count("zh-made-01/01") == 2


def test_a_scripted_judge_applies_the_volley_rules_and_leaves_gaps_unrated(answered, tmp_path):
    folder, suite = answered
    script = tmp_path / "codes.jsonl"
    rows = [
        {"round": "zh-made-01/01", "codes": ["SR", "CR", "Q", "Q"]},
        {"round": "zh-made-01/02", "codes": None, "reason": "coder unsure"},
    ]
    script.write_text("".join(json.dumps(row) + "\n" for row in rows))
    judge_run(folder, suite, load_judge(f"scripted:{script}"))
    ratings = list(folder.ratings())
    assert ratings[0].counts == {"CR": 1.0, "Q": 1.0}
    assert ratings[0].utterance_count == 4
    assert (ratings[1].status, ratings[1].reason) == ("unrated", "coder unsure")
    assert (ratings[2].status, ratings[2].reason) == ("unrated", "codes.jsonl has no line for it")


def test_unknown_judges_and_missing_files_are_sentences():
    with pytest.raises(UnknownName, match=r"No judge is called “oflfine”\. Did you mean offline\?"):
        load_judge("oflfine")
    with pytest.raises(UsageError, match=r"--judge scripted:FILE\.jsonl"):
        load_judge("scripted")
    with pytest.raises(UsageError, match="takes no argument"):
        load_judge("offline:large")
