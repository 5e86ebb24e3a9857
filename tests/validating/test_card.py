"""Claims about a judge's card: what was measured, where it is written, and what it does to scores."""

import json
import random
import re

import pytest

from mibench.errors import UsageError
from mibench.schema import NAMES, JudgeAgreement, SpecAgreement, Verdict
from mibench.validating import (
    Tried,
    agreement_of,
    hold_trial,
    injection_agreement,
    load_against,
    load_coded,
    save_agreement,
    stored_agreement,
)
from mibench.validating.card import with_block
from mibench.validating.probe import Moved

CODES = {"reflection": "SR", "question": "Q", "advice": "Persuade", "other": None}
OWN = SpecAgreement(judge="made", digest="d", version="1", rates="reply")


def trial_of(corpus, codes=lambda item: [CODES[item.reply.split()[0]]], judge="made", digest="d", **more):
    verdicts = {
        item.id: Verdict(status="rated", counts={code: 1.0 for code in codes(item) if code}, cost=0)
        for item in corpus.items
    }
    return hold_trial(Tried(judge, digest, "reply", "0"), corpus, "c", verdicts, draws=200, **more)


@pytest.fixture
def corpus(counselling):
    return load_coded(f"annomi:{counselling()}")


def script(path, corpus, codes, rounds=()):
    """A scripted judge's file: `codes` of an item of the corpus, and of the rounds of a run by its reply's own words."""
    rows = [{"round": item.id, "codes": codes(item.reply.split()[0])} for item in corpus.items]
    rows += [{"round": id_, "codes": ["SR", "Q"]} for id_ in rounds]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def english(small_suite, made):
    """A suite of three English dialogues."""
    return small_suite(lines=[made(n, id=f"en-made-{n:02d}", language="en") for n in (1, 2, 3)], name="made_en")


ROUNDS = [f"en-made-{n:02d}/{r:02d}" for n in (1, 2, 3) for r in (1, 2)]


def test_it_keeps_kappa_the_human_ceiling_support_and_outcome_of_each_label(corpus):
    trial = trial_of(corpus, seconds=5.76)
    (kept,) = agreement_of(OWN, None, [trial]).trials
    question = next(label for label in kept.labels if label.label == "question")
    held = trial.label("question")
    assert (question.kappa, question.support, question.met) == (held.kappa, held.support, "validated")
    assert (question.rest, question.pair, question.seat) == (held.people.rest, held.people.pairs, held.people.judge)
    assert (kept.language, kept.coded_by, kept.panel) == ("en", "people", 48)
    assert kept.seconds_per_100 == pytest.approx(576 / len(corpus.items), abs=1e-3)
    assert kept.dollars_per_100 == 0
    assert kept.main.kappa == trial.main.kappa
    auc = {entry.measure: entry.auc for entry in kept.per_session}
    assert auc["reflection"] == next(g.judge for g in trial.known_groups if g.measure == "reflection")
    assert kept.length_auc == trial.known_groups[0].judge.value


def test_a_trial_that_comes_out_the_same_changes_nothing_on_disk_and_words_around_stay(corpus, tmp_path):
    (tmp_path / "README.md").write_text(
        "# Made\n\n## How far to trust it\n\nBy hand, before.\n\n## Else\n\nBy hand, after.\n"
    )
    first = agreement_of(OWN, None, [trial_of(corpus, seconds=3)], [injection_agreement("en", [Moved("i", "x", 0.25)])])
    assert len(save_agreement(JudgeAgreement().having(first), tmp_path)) == 2
    readme = (tmp_path / "README.md").read_text()
    before = stored_agreement("made", tmp_path)
    again = trial_of(corpus, seconds=9).model_copy(update={"date": "2031-01-01T00:00:00+00:00"})
    second = agreement_of(OWN, before.of("made"), [again])
    assert second == first
    assert save_agreement(before.having(second), tmp_path) == []
    assert (tmp_path / "README.md").read_text() == readme
    opened, rest = readme.split("<!-- agreement", 1)
    assert opened == "# Made\n\n## How far to trust it\n\n"
    assert rest.partition("<!-- /agreement -->")[2] == "\n\nBy hand, before.\n\n## Else\n\nBy hand, after.\n"
    assert "mean shift .25, largest .25" in readme
    assert "In Chinese the judge is unvalidated." in readme


def test_marks_that_are_broken_are_refused_and_a_readme_without_heading_gets_one(tmp_path):
    where = tmp_path / "README.md"
    with pytest.raises(UsageError, match="has 1 marks “<!-- agreement …” and 0 marks"):
        with_block("# A\n<!-- agreement x -->\n", JudgeAgreement(), where)
    with pytest.raises(UsageError, match="Mend it, or delete them all"):
        with_block("<!-- /agreement --> <!-- agreement x -->", JudgeAgreement(), where)
    assert "## How far to trust it\n\n<!-- agreement" in with_block("# A\n", JudgeAgreement(), where)


def test_trials_of_others_of_other_versions_and_on_what_it_learned_from_are_refused(corpus):
    with pytest.raises(UsageError, match="A trial is of the judge other, and this is the card of made"):
        agreement_of(OWN, None, [trial_of(corpus, judge="other")])
    with pytest.raises(UsageError, match=r"is of another version of it than this one \(old, now d\)"):
        agreement_of(OWN, None, [trial_of(corpus, digest="old")])
    with pytest.raises(UsageError, match="was trained on annomi, so a trial there would flatter it"):
        agreement_of(OWN, None, [trial_of(corpus)], trained_on=["annomi"])
    folds = trial_of(corpus, judge="ratings:folds.jsonl", digest="f")
    (kept,) = agreement_of(OWN, None, [], folds=[folds], trained_on=["annomi"]).trials
    assert kept.cross_validated


def test_another_version_has_no_agreement_until_it_is_measured(corpus):
    before = agreement_of(OWN, None, [trial_of(corpus)])
    assert agreement_of(OWN, before, []).trials == before.trials
    assert agreement_of(OWN.model_copy(update={"digest": "new"}), before, []).trials == ()


def test_codes_of_the_author_are_no_codes_by_people():
    corpus, _ = load_against("contrast", "zh")
    trial = trial_of(corpus, codes=lambda item: [c for c in NAMES if NAMES[c] in item.codings[0].labels])
    assert (trial.coded_by, trial.language) == ("author", "zh")
    found = agreement_of(OWN, None, [trial])
    assert found.by_people("zh") == ()


def test_a_good_judge_is_validated_in_a_run_and_broken_ones_are_greyed(
    checkout, corpus, counselling, english, tmp_path
):
    draw = random.Random(4)
    codes = {
        "good": lambda kind: [CODES[kind]],
        "constant": lambda _: ["SR"],
        "random": lambda _: [draw.choice(["SR", "Q", "Persuade", None])],
    }
    outcomes = {}
    for name, how in codes.items():
        judge = f"scripted:{script(tmp_path / f'{name}.jsonl', corpus, how, ROUNDS)}"
        done = checkout.mibench("judges", "card", judge, "--against", f"annomi:{counselling()}")
        assert done.returncode == 0, done.stderr
        folder = tmp_path / f"run-{name}"
        done = checkout.mibench("run", "--model", "reference", "--suite", english, "--judge", judge, "--out", folder)
        assert done.returncode == 0, done.stderr
        scores = json.loads((folder / "scores.json").read_text())
        outcomes[name] = {e["metric"]: e["validated"] for e in scores["estimates"]}
        assert ("R:Q ↑ †" in done.stdout) == (name != "good")
        if name != "good":
            assert "† Unvalidated, below the bar against people: " in done.stdout
            assert re.search(r'<figure class="[a-z ]*unvalidated"', (folder / "report.html").read_text())
    assert {name: found["r_to_q"] for name, found in outcomes.items()} == {
        "good": "validated", "constant": "below", "random": "below",
    }  # fmt: skip
    assert outcomes["good"]["mia_per_dialogue"] == "unknown"
    assert outcomes["good"]["characters"] is None
    listed = json.loads(checkout.mibench("judges", "list", "--json").stdout)
    measured = next(judge for judge in listed if judge["judge"] == "scripted")["measured"]
    assert [spec["judge"] for spec in measured] == [f"scripted:{n}.jsonl" for n in ("constant", "good", "random")]


def test_a_judge_whose_version_was_raised_loses_its_agreement(checkout, counselling, english, tmp_path):
    against = ("judges", "card", "offline", "--against", f"annomi:{counselling()}")
    assert checkout.mibench(*against).returncode == 0
    card = checkout.path / "judges/offline"
    before = {name: (card / name).read_bytes() for name in ("agreement.json", "README.md")}
    assert checkout.mibench(*against).returncode == 0
    assert {name: (card / name).read_bytes() for name in before} == before

    def standing():
        folder = tmp_path / "run"
        done = checkout.mibench("run", "--model", "reference", "--suite", english, "--out", folder, "--no-anchors")
        assert done.returncode == 0, done.stderr
        scores = json.loads((folder / "scores.json").read_text())
        return next((e["validated"], e["validated_why"]) for e in scores["estimates"] if e["metric"] == "rate_q")

    assert standing()[0] in ("validated", "below")
    yaml = card / "judge.yaml"
    yaml.write_text(yaml.read_text().replace('version: "2"', 'version: "2.1"'))
    assert standing() == ("unknown", ["not held against people's codes in this version"])
    listed = checkout.mibench("judges", "list").stdout
    assert "Measured on version 2 (" in listed
    assert "not today's: unvalidated" in " ".join(listed.split())
    assert checkout.mibench("judges", "card", "offline", "--probe").returncode == 0
    (spec,) = json.loads((card / "agreement.json").read_text())["specs"]
    assert (spec["version"], spec["trials"], len(spec["injections"])) == ("2.1", [], 2)


def test_a_trial_file_is_read_and_a_wrong_one_is_a_sentence(checkout, counselling, tmp_path):
    done = checkout.mibench("judges", "validate", "offline", "--against", f"annomi:{counselling()}", "--json")
    (tmp_path / "trial.json").write_text(done.stdout)
    done = checkout.mibench("judges", "card", "offline", "--trial", tmp_path / "trial.json", "--out", tmp_path / "card")
    assert done.returncode == 0, done.stderr
    assert "| question |" in (tmp_path / "card/README.md").read_text()
    (tmp_path / "wrong.json").write_text('{"format": 1}')
    for args, said in (
        (("--trial", tmp_path / "wrong.json"), "is no trial of this version (judge: Field required)"),
        ((), "Say what to write: --trial FILE"),
        (("--against", "gold"), "“gold” is nothing to validate against"),
    ):
        done = checkout.mibench("judges", "card", "offline", *args)
        assert done.returncode == 2, done.stdout
        assert said in done.stderr
        assert "Traceback" not in done.stderr
