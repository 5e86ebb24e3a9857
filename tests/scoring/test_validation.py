"""Claims about whether a score's judge meets its bar: which labels a metric needs, in which language, the worst of a jury."""

import pytest

from mibench.schema import Figure, GlobalAgreement, LabelAgreement, SpecAgreement, TrialAgreement
from mibench.scoring import METRICS, JudgeFacts, score_run
from mibench.scoring.needs import NEEDS
from mibench.scoring.validation import standing


def label(name, met="validated", kappa=0.9, support=99):
    return LabelAgreement(
        label=name, codes=("Q",), support=support, kappa=Figure(value=kappa), precision=None, recall=None, f1=None,
        bar=0.6, met=met, why="",
    )  # fmt: skip


def trial(*labels, language="en", coded_by="people", corpus="annomi", **more):
    return TrialAgreement(
        corpus=corpus, corpus_digest="c", language=language, coded_by=coded_by, date="2026-01-01", items=9, rated=9,
        sessions=1, groups=1, coders=1, panel=0, labels=labels, **more,
    )  # fmt: skip


def judge(*trials, digest="d", name="j", rates="reply"):
    measured = SpecAgreement(judge=name, digest=digest, version="1", rates=rates, trials=trials)
    return JudgeFacts(name, rates, "", measured)


ALL = ("reflection", "question", "simple reflection", "complex reflection", "affirm", "seek collaboration",
       "emphasize autonomy", "MI non-adherent", "persuade", "confront", "give information", "persuade with permission")  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "needed"),
    [
        ("r_to_q", {"reflection", "question"}),
        ("percent_cr", {"simple reflection", "complex reflection"}),
        ("mia_per_dialogue", {"affirm", "seek collaboration", "emphasize autonomy"}),
        ("mina_per_100", {"MI non-adherent"}),
        ("percent_mia", {"affirm", "seek collaboration", "emphasize autonomy", "MI non-adherent"}),
        ("proficiency", {"simple reflection", "complex reflection", "question", "MI non-adherent"}),
        ("rate_gi", {"give information"}),
        ("confront_per_100c", {"confront"}),
    ],
)
def test_a_metric_is_below_its_bar_exactly_when_a_label_it_needs_is(metric, needed):
    for name in ALL:
        facts = judge(trial(*(label(other, "below" if other == name else "validated", 0.25) for other in ALL)))
        found = standing(metric, facts, "d", ["en"])
        assert found.met == ("below" if name in needed else "validated"), name
        if name in needed:
            assert found.why == (f"{name} κ 0.25, bar 0.60 (annomi)",)


def test_every_metric_that_a_judge_has_a_say_in_has_needs_and_no_other():
    free = {m.name for m in METRICS} - set(NEEDS)
    assert free == {"utterances_per_reply", "characters", "bleu_4", "rouge_1", "rouge_2", "rouge_l", "chrf"}
    assert standing("bleu_4", judge(trial(label("question"))), "d", ["en"]) is None


def test_persuade_and_confront_stand_for_non_adherence_where_a_corpus_has_no_such_label():
    both = judge(trial(label("persuade"), label("confront", "below", 0.1)))
    assert standing("mina_per_100", both, "d", ["en"]).met == "below"
    one = judge(trial(label("persuade")))
    assert standing("mina_per_100", one, "d", ["en"]).met == "unknown"


def test_a_label_is_as_good_as_its_worst_corpus_and_one_too_small_says_nothing():
    question = ("en", label("question"))[1]
    bad, few = label("question", "below", 0.2), label("question", "unknown", 0.0, support=3)
    assert standing("rate_q", judge(trial(question), trial(few, corpus="small")), "d", ["en"]).met == "validated"
    assert standing("rate_q", judge(trial(question), trial(bad, corpus="misc-gold")), "d", ["en"]).met == "below"
    assert standing("rate_q", judge(trial(few)), "d", ["en"]).why == ("question: too few to tell (3 in annomi)",)


def test_english_trials_do_not_validate_chinese_scores():
    facts = judge(trial(label("question")), trial(label("question"), language="zh", coded_by="author"))
    assert standing("rate_q", facts, "d", ["en"]).met == "validated"
    found = standing("rate_q", facts, "d", ["zh"])
    assert found == ("unknown", ("not held against people's codes in Chinese, only in English",))
    assert standing("rate_q", facts, "d", ["en", "zh"]).met == "unknown"


def test_another_version_or_no_trial_is_unknown():
    assert standing("rate_q", judge(trial(label("question"))), "e", ["en"]).why == (
        "not held against people's codes in this version",
    )
    assert standing("rate_q", JudgeFacts("j", "reply"), "d", ["en"]).met == "unknown"


def test_globals_need_their_globals_and_safety_is_unknown():
    def one(name, met):
        return GlobalAgreement(
            name=name,
            sessions=40,
            icc=Figure(value=0.5),
            quadratic_kappa=None,
            within_one=None,
            bar=0.6,
            met=met,
            why="",
        )

    rows = (one("cultivating_change_talk", "validated"), one("softening_sustain_talk", "below"))
    facts = judge(trial(globals=rows), rates="dialogue")
    assert standing("technical", facts, "d", ["en"]) == (
        "below",
        ("softening sustain talk ICC 0.50, bar 0.60 (annomi)",),
    )
    assert standing("cultivating_change_talk", facts, "d", ["en"]).met == "validated"
    assert standing("relational", facts, "d", ["en"]).met == "unknown"
    assert standing("proficiency", facts, "d", ["en"]).met == "below"
    assert standing("worsened", judge(rates="risk"), "d", ["en"]).met == "unknown"


def test_a_jury_is_as_good_as_its_worst_judge_and_each_judge_stands_for_itself(small_run, tmp_path):
    from mibench.api import judge_stage

    folder, suite = small_run(4)
    (tmp_path / "again.jsonl").write_bytes((tmp_path / "codes.jsonl").read_bytes() + b"\n")
    judge_stage(folder, suite, f"scripted:{tmp_path / 'again.jsonl'}")
    digests = folder.manifest().judges
    good, bad = (
        judge(trial(label("question", met, 0.3), language="zh"), digest=digests[name], name=name)
        for name, met in zip(digests, ("validated", "below"), strict=True)
    )
    scores = score_run(folder, suite, [good, bad], draws=300)
    assert scores["rate_q"].validated == "below"
    assert scores["rate_q"].validated_why == ("scripted:again.jsonl: question κ 0.30, bar 0.60 (annomi)",)
    own = {j.judge: next(e for e in j.estimates if e.metric == "rate_q") for j in scores.judges}
    assert [entry.validated for entry in own.values()] == ["validated", "below"]
    without = {name: {e.metric: e.validated for e in left} for name, left in scores.jury("reply").without.items()}
    assert (without[good.name]["rate_q"], without[bad.name]["rate_q"]) == ("below", "validated")
    assert {e.validated for part in scores.slices for e in part.estimates if e.metric == "rate_q"} == {"below"}
    assert scores["rate_sr"].validated == "unknown"
    assert scores["characters"].validated is None
    assert "validated" in scores.to_frame().columns
