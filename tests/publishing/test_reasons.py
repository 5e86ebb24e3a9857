"""Claims about why a metric is not validated: each reason that scoring gives is said in Chinese too."""

import re

import pytest

from mibench.publishing.page import SHARED, Word, text_of
from mibench.publishing.reasons import reason_of
from mibench.schema import Figure, LabelAgreement, SpecAgreement, TrialAgreement
from mibench.scoring import METRICS, JudgeFacts
from mibench.scoring.validation import standing


def judge(trials=(), rates="reply", measured=True):
    return JudgeFacts(
        "j",
        rates,
        "",
        SpecAgreement(judge="j", digest="d", version="1", rates=rates, trials=trials) if measured else None,
    )


def trial(met, support, **more):
    label = LabelAgreement(label="question", codes=("Q",), support=support, kappa=Figure(value=0.25), precision=None,
                           recall=None, f1=None, bar=0.6, met=met, why="")  # fmt: skip
    return TrialAgreement(corpus="annomi", corpus_digest="c", language="en", coded_by="people", date="2026-01-01", items=9,
                          rated=9, sessions=1, groups=1, coders=1, panel=0, labels=(label,), **more)  # fmt: skip


JUDGES = {
    "never tried": (judge(measured=False), "d"),
    "tried in another version": (judge([trial("validated", 99)]), "other"),
    "of globals, tried on replies": (judge([trial("validated", 99)], "dialogue"), "d"),
    "of dangers": (judge(rates="risk"), "d"),
    "with too few": (judge([trial("unknown", 3)]), "d"),
    "below its bar": (judge([trial("below", 99)]), "d"),
    "without a trial": (judge(), "d"),
}


@pytest.mark.parametrize("name", JUDGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_of_every_metric_is_said_in_chinese_and_back_in_the_same_english(name, language):
    facts, digest = JUDGES[name]
    found = [standing(metric.name, facts, digest, [language]) for metric in METRICS]
    reasons = {why for one in found if one for why in one.why}
    assert reasons
    for why in reasons:
        reason = reason_of(why)
        assert reason, why
        assert text_of(reason.key, "en", *reason.filled, lexicon=SHARED) == why
        chinese = text_of(reason.key, "zh", *reason.filled, lexicon=SHARED)
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert not re.search("[a-z]{3}", chinese.replace("annomi", "")), "an English word is left"


def test_names_of_languages_change_with_the_language():
    reason = reason_of("not held against people's codes in Chinese, only in English")
    assert text_of(reason.key, "zh", *reason.filled, lexicon=SHARED) == "没有同中文的真人编码对照过，只对照过英文的"
    assert all(isinstance(part, Word) for part in reason.filled)


def test_what_a_stranger_writes_is_no_reason_of_ours():
    assert reason_of("<script>alert(1)</script>") is None
    assert reason_of("judge two: question κ 0.25, bar 0.60 (annomi)") is None
