"""Claims about a judge on trial, on invented counselling."""

import itertools
import random

import numpy as np
import pytest
from scipy.stats import binomtest, pearsonr
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from mibench.measures.agreement import krippendorff_alpha
from mibench.schema import NAMES, Verdict
from mibench.validating import BARS, Tried, drawn, hold_trial, load_against, load_coded
from mibench.validating.trials.bars import bar_of

WHO = Tried("made", "d", "reply", "0")
CODES = {"reflection": "SR", "question": "Q", "advice": "Persuade"}


def tried(corpus, verdicts, **more):
    return hold_trial(WHO, corpus, "c", verdicts, draws=200, **more)


def rated(**counts):
    return Verdict(status="rated", counts=counts, utterance_count=1, cost=0)


@pytest.fixture
def corpus(counselling):
    return load_coded(f"annomi:{counselling()}")


def knowing(corpus):
    """A judge that reads the kind off the invented words, and is wrong on every ninth item."""
    wrong = itertools.cycle([False] * 8 + [True])
    return {
        item.id: rated(**{code: 1.0 for kind, code in CODES.items() if item.reply.startswith(kind) != next(wrong)})
        for item in corpus.items
    }


def truth(corpus, label):
    return {item.id: share > 0.5 for item in corpus.items if (share := item.share(label)) not in (None, 0.5)}


def test_kappa_and_f1_are_of_the_judges_decision_against_the_majority(corpus):
    verdicts = knowing(corpus)
    trial = tried(corpus, verdicts)
    for label in ("reflection", "question", "advice"):
        known = truth(corpus, label)
        given = {id_: corpus.label(label).share(verdicts[id_].counts) >= 0.5 for id_ in known}
        found = trial.label(label)
        assert found.kappa.value == pytest.approx(
            cohen_kappa_score(list(known.values()), list(given.values())), abs=1e-6
        )
        assert found.kappa.low < found.kappa.value < found.kappa.high
        assert (found.support, found.given) == (sum(known.values()), sum(given.values()))
        assert found.support + found.without + found.undecided == len(corpus.items)


def test_alpha_takes_the_judge_as_one_more_coder(corpus):
    verdicts = knowing(corpus)
    votes = np.full((6, len(corpus.items)), np.nan)
    for place, item in enumerate(corpus.items):
        for coding in item.codings:
            votes[int(coding.coder), place] = "question" in coding.labels
        votes[5, place] = verdicts[item.id].counts.get("Q", 0)
    assert tried(corpus, verdicts).label("question").alpha.value == pytest.approx(
        krippendorff_alpha(votes, "nominal"), abs=1e-6
    )


def test_people_stand_beside_the_judge_on_the_same_items(corpus):
    panel = [item for item in corpus.items if len(item.codings) > 1]
    votes = np.array([["question" in coding.labels for coding in item.codings] for item in panel]).T
    rest = [
        cohen_kappa_score(np.delete(votes, row, axis=0).sum(axis=0)[keep] > 2, votes[row][keep])
        for row in range(5)
        for keep in [np.delete(votes, row, axis=0).sum(axis=0) != 2]
    ]
    pairs = [cohen_kappa_score(votes[one], votes[other]) for one, other in itertools.combinations(range(5), 2)]
    people = tried(corpus, knowing(corpus)).label("question").people
    assert (people.items, people.coders) == (48, 5)
    assert (people.rest, people.rest_low, people.rest_high) == pytest.approx(
        (np.mean(rest), min(rest), max(rest)), abs=1e-6
    )
    assert (people.pairs, people.pairs_low) == pytest.approx((np.mean(pairs), min(pairs)), abs=1e-6)


def test_main_behaviour_is_the_largest_share_or_other(corpus):
    main = tried(corpus, {item.id: rated(SR=0.4, Q=0.45, GI=0.2) for item in corpus.items}).main
    assert [sum(column) for column in zip(*main.table, strict=True)] == [0, 0, 0, main.items]
    main = tried(corpus, {item.id: rated(SR=0.7, Q=0.7) for item in corpus.items}).main
    assert [sum(column) for column in zip(*main.table, strict=True)] == [0, main.items, 0, 0]
    assert main.kappa.value == 0
    assert "of equal ones the first" in main.rule


@pytest.mark.parametrize("broken", ["constant", "random", "length"])
def test_a_broken_judge_is_never_validated(corpus, broken):
    draw = random.Random(1)
    codes = {
        "constant": lambda item: {"SR": 1.0},
        "random": lambda item: {code: 1.0 for code in ("SR", "Q", "Persuade") if draw.random() < 0.4},
        "length": lambda item: {"SR" if len(item.reply) < 60 else "Q" if len(item.reply) < 110 else "Persuade": 1.0},
    }[broken]
    trial = tried(corpus, {item.id: rated(**codes(item)) for item in corpus.items})
    assert trial.of("validated") == ()
    assert {"reflection", "question", "advice"} <= set(trial.of("below"))


def test_a_good_judge_is_validated_and_a_rare_label_is_unknown(corpus):
    trial = tried(
        corpus, {i.id: rated(**{c: 1.0 for k, c in CODES.items() if (i.share(k) or 0) > 0.5}) for i in corpus.items}
    )
    assert {"reflection", "question", "advice"} <= set(trial.of("validated"))
    assert trial.label("information").met == "unknown"
    assert "only 0 items with the label; 30 are needed" in trial.label("information").why
    assert trial.label("options").why == "MITI has no such code, so no judge can give it"


def test_a_bar_falls_to_what_people_reach_but_not_below_fair_agreement(corpus):
    people = tried(corpus, knowing(corpus)).label("reflection").people
    assert bar_of("reflection", None, panels=False) == BARS["reflection"] == 0.65
    assert bar_of("reflection", people.model_copy(update={"pairs": 0.55}), panels=False) == 0.55
    assert bar_of("reflection", people.model_copy(update={"rest": 0.1}), panels=True) == 0.40
    assert bar_of("reflection", people.model_copy(update={"pairs": 0.55, "support": 9}), panels=False) == 0.65
    assert bar_of("options", None, panels=False) is None


def test_a_constant_judge_has_no_correlation_rather_than_0(corpus):
    trial = tried(corpus, {item.id: rated(SR=1.0) for item in corpus.items})
    by_name = {entry.measure: entry for entry in trial.per_session}
    assert by_name["reflection"].r.value is None
    assert by_name["reflection"].r.why_not == "needs three sessions that differ, by judge and people"
    assert (by_name["R:Q"].sessions, by_name["R:Q"].left_out) == (0, 24)
    assert trial.label("question").precision.why_not == "the judge never gives it"
    assert trial.complex_share.spearman is None


def test_kappa_is_undefined_and_says_why_where_all_say_the_same(annomi, utterance):
    corpus = load_coded(f"annomi:{annomi([utterance(number) for number in range(4)])}")
    found = tried(corpus, {item.id: rated(SR=1.0) for item in corpus.items}).label("reflection")
    assert found.kappa.value is None
    assert found.kappa.why_not == "judge and people say one and the same of every item"
    assert (found.f1.value, found.met) == (1.0, "unknown")


def test_a_coder_with_one_code_only_agrees_no_better_than_chance(annomi, utterance):
    rows = [
        utterance(number, annotator_id=coder, question_exists=str(bool(coder and number % 2)))
        for number in range(8)
        for coder in range(4)
    ]
    corpus = load_coded(f"annomi:{annomi(rows)}")
    people = tried(corpus, {item.id: rated(Q=1.0) for item in corpus.items}).label("question").people
    assert (people.rest_low, people.rest_high, people.pairs_low) == (0, 1, 0)


def test_shares_are_held_against_the_coders_shares(corpus):
    draw = random.Random(2)
    shares = {item.id: round(draw.random(), 3) for item in corpus.items}
    found = tried(corpus, {item.id: rated(Q=shares[item.id]) for item in corpus.items}).label("question").calibration
    votes = [["question" in c.labels for c in item.codings] for item in corpus.items]
    judge = np.array(list(shares.values()))
    people = np.array([np.mean(row) for row in votes])
    several = np.array([len(row) > 1 for row in votes])
    assert found.mae == pytest.approx(np.abs(judge - people)[several].mean(), abs=1e-6)
    assert found.brier == pytest.approx(
        np.mean([np.mean([(s - v) ** 2 for v in row]) for s, row in zip(judge, votes, strict=True)]), abs=1e-6
    )
    assert sum(b.items for b in found.curve) == len(corpus.items)
    tenth = found.curve[3]
    here = (judge >= 0.3) & (judge < 0.4)
    assert (tenth.items, tenth.people) == (here.sum(), pytest.approx(people[here].mean(), abs=1e-6))


def test_a_judge_that_copies_the_shares_of_complex_ones_beats_half_a_panel(corpus):
    verdicts = {
        item.id: rated(SR=item.share("simple reflection") or 0, CR=item.share("complex reflection") or 0)
        for item in corpus.items
    }
    found = tried(corpus, verdicts).complex_share
    assert found.spearman == pytest.approx(1)
    assert found.mae == pytest.approx(0)
    assert found.halves < 1
    assert found == tried(corpus, verdicts).complex_share


def test_sessions_are_counted_on_the_same_items_by_judge_and_people(corpus):
    verdicts = knowing(corpus)
    del verdicts[corpus.items[0].id]
    trial = tried(corpus, verdicts)
    assert trial.unrated == {"no rating": 1}
    judge, people = [], []
    for session in corpus.sessions:
        items = [item for item in corpus.items if item.session == session.id and item.id in verdicts]
        judge.append(np.mean([corpus.label("reflection").share(verdicts[item.id].counts) for item in items]))
        people.append(np.mean([item.share("reflection") for item in items]))
    entry = next(entry for entry in trial.per_session if entry.measure == "reflection")
    assert entry.r.value == pytest.approx(pearsonr(judge, people).statistic, abs=1e-6)
    assert entry.bias.value == pytest.approx(np.mean(judge) - np.mean(people), abs=1e-6)
    group = next(entry for entry in trial.known_groups if entry.measure == "reflection")
    high = [session.quality == "high" for session in corpus.sessions]
    assert group.judge.value == pytest.approx(roc_auc_score(high, judge), abs=1e-6)
    assert group.people.value == pytest.approx(roc_auc_score(high, people), abs=1e-6)
    assert trial.known_groups[0].measure == "length alone"
    assert "does not part advice" in trial.non_adherent


def test_matched_pairs_are_a_sign_test_without_the_ties(corpus):
    trial = tried(corpus, knowing(corpus))
    pair = next(p for p in trial.matched_pairs if (p.measure, p.by) == ("reflection", "people"))
    assert pair.pairs == 12
    assert pair.p == pytest.approx(binomtest(pair.preferred, pair.pairs - pair.ties).pvalue)
    length = trial.matched_pairs[0]
    assert (length.measure, length.ties, length.p) == (
        "length alone",
        11,
        1.0,
    )  # the corrected speaker of annomi-012 makes one pair differ


def test_a_published_models_codes_are_a_row_of_their_own(misc_gold, volleys):
    rows = volleys(
        [
            ("client", [("hm", "N", "N")]),
            *[("counsellor", [(f"w {n}", "OQ" if n % 2 else "SR", "OQ" if n % 3 else "SR")]) for n in range(30)],
        ]
    )
    corpus = load_coded(f"misc-gold:{misc_gold(rows, 'mibot_misc_gold.csv')}")
    trial = tried(corpus, {item.id: rated(Q=1.0) for item in corpus.items})
    (machine,) = trial.label("question").machine
    assert (machine.coder, machine.items, machine.judge) == ("published LLM", 30, 0)
    assert machine.kappa.value == pytest.approx(
        cohen_kappa_score([n % 2 for n in range(30)], [n % 3 > 0 for n in range(30)]), abs=1e-6
    )


@pytest.mark.parametrize("sessions", [1, 2, 8])
def test_globals_work_from_one_session_on_and_say_what_is_undefined(mi_tags, session, sessions):
    rows = [
        session(
            "T: [Question] and so\nC: [Neutral] yes",
            number=n,
            Empathy=1 + n % 5,
            Partnership=3,
            **{"Video Title": f"v{n}"},
        )
        for n in range(sessions)
    ]
    corpus = load_coded(f"mi-tags:{mi_tags(rows)}")
    verdicts = {
        s.id: Verdict(status="rated", globals={"empathy": min(5, s.globals["empathy"] + 0.5), "partnership": 3})
        for s in corpus.sessions
    }
    trial = hold_trial(WHO._replace(rates="dialogue"), corpus, "c", verdicts, draws=100)
    by_name = {entry.name: entry for entry in trial.globals}
    empathy, partnership = by_name["empathy"], by_name["partnership"]
    assert (trial.rated, empathy.sessions, empathy.within_one) == (sessions, sessions, 1)
    assert empathy.exact == pytest.approx(np.mean([n % 5 == 4 for n in range(sessions)]))
    assert (empathy.icc.value is None) == (sessions < 2)
    assert (empathy.icc.low is None) == (sessions < 5)
    assert partnership.icc.value is None
    assert partnership.icc.why_not in ("nothing varies", "needs two sessions")
    assert partnership.quadratic_kappa is None
    assert by_name["softening_sustain_talk"].icc.why_not == "no session has both ratings"


def test_authored_codes_are_a_corpus_like_any_other():
    corpus, digest = load_against("contrast", "en")
    verdicts = {i.id: rated(**{c: 1.0 for c, n in NAMES.items() if n in i.codings[0].labels}) for i in corpus.items}
    assert len(verdicts) == len(corpus.items)
    trial = tried(corpus, verdicts)
    assert {label.kappa.value for label in trial.labels if label.support} == {1.0}
    assert (trial.per_session, trial.known_groups) == ((), ())
    suite, _ = load_against("suite:mi_en")
    assert len(suite.sessions) == 40
    assert [id_ for session in suite.sessions for id_ in session.items] == [item.id for item in suite.items]
    assert digest != load_against("contrast", "zh")[1]


def test_a_limit_draws_whole_sessions_by_seed(corpus):
    some = drawn(corpus, 30, 4)
    assert len(some.sessions) == 3
    assert {item.session for item in some.items} == {session.id for session in some.sessions}
    assert sum(len(session.items) for session in some.sessions) == len(some.items) == 36
    assert drawn(corpus, 30, 4) == some
    assert drawn(corpus, 30, 5).sessions != some.sessions
    assert len(drawn(corpus, 2, 4, sessions=True).sessions) == 2


def test_reasons_are_kept_only_up_to_what_may_quote_the_corpus(corpus):
    verdict = Verdict(
        status="unrated", reason="the judge's answer cannot be used: the quote is not in the text: “client says”"
    )
    trial = tried(corpus, dict.fromkeys([item.id for item in corpus.items], verdict))
    assert trial.unrated == {"the judge's answer cannot be used": len(corpus.items)}
    assert (trial.rated, trial.labels) == (0, ())
