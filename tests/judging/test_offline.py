"""Claims about the offline judge that ships."""

import sys

import numpy as np
import pytest

from mibench.judging import judge_names, load_judge
from mibench.judging.offline.coder import CLASSES, read_coder
from mibench.judging.offline.evidence import evidence
from mibench.judging.offline.train import _boosted, _ridge, _sparse, train
from mibench.judging.offline.trees import trees_of
from mibench.schema import CODES, NAMES, CodedItem, Coding, Occasion
from mibench.suites import read_dialogues
from mibench.validating import contrast_items, contrast_set, stored_agreement, suite_items, validate_judge

JUDGE = load_judge("offline")


def occasion(client="我想戒，又怕戒不掉。", **changes):
    return Occasion(id="x/01", language="zh", change_goal="戒烟", history=(("client", client),), **changes)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("您以前试过戒吗？", "Q"),
        ("您想戒，又怕戒不掉。", "SR"),
        ("戒不戒、什么时候戒，都由您自己决定。", "Emphasize"),
        ("你应该马上把烟全部扔掉。", "Persuade"),
        ("关于戒烟药，我这儿有点资料，您愿意听听吗？", "Seek"),
    ],
)
def test_plain_cases_are_coded_as_anyone_would(reply, code):
    counts = JUDGE.rate(occasion(), reply).counts
    assert {given for given, share in counts.items() if share >= 0.5} == {code}
    assert [utterance.code for utterance in JUDGE.rate(occasion(), reply).utterances] == [code]


def test_counts_are_shares_and_a_volley_is_never_both_simple_and_complex():
    counts = JUDGE.rate(occasion(), "您想戒，又怕戒不掉，试过吗？").counts
    assert all(0 < share <= 1 for share in counts.values())
    assert counts["SR"] + counts["CR"] <= 1.001


def test_advice_the_client_asked_for_is_with_permission():
    advice = "您每天出门前先把烟留在家里，一天少抽两根。"
    asked = JUDGE.rate(occasion(asks_advice=True), advice).counts
    assert "Persuade" not in asked
    assert asked["PwP"] > 0.3


def test_depth_is_said_of_reflections_only():
    assert JUDGE.rate(occasion(), "您以前试过戒吗？").depth is None
    assert 0 <= JUDGE.rate(occasion(), "您想戒，又怕戒不掉。").depth <= 100


def test_a_counsellor_may_open():
    opening = Occasion(id="x/01", language="en", change_goal="stop smoking", history=())
    assert JUDGE.rate(opening, "Hello, I'm Anna. What brings you here?").counts["Q"] > 0.5


def test_a_verdict_tiles_the_reply_and_every_utterance_has_a_probability():
    verdict = JUDGE.rate(occasion(), "您怕白费劲。试过吗？要不要先听听别人怎么戒的？")
    assert "".join(u.text for u in verdict.utterances) == "您怕白费劲。试过吗？要不要先听听别人怎么戒的？"
    assert all(0 < u.probability <= 1 for u in verdict.utterances)
    assert verdict.utterance_count == len(verdict.utterances)
    assert verdict.cost == 0


def test_probabilities_sum_to_one():
    coder = JUDGE.coder("zh")
    shares = coder.alone(coder.scores(occasion(), ["您怕白费劲。", "试过吗？"]))
    assert shares.shape == (2, len(CLASSES)) == (2, 11)
    assert np.allclose(shares.sum(axis=1), 1)


def test_the_same_reply_always_gets_the_same_verdict():
    assert JUDGE.rate(occasion(), "您怕白费劲。") == load_judge("offline").rate(occasion(), "您怕白费劲。")


@pytest.mark.parametrize(
    "reply", ["好" * 20_000, "\x00\x07您说", "🙂🙂🙂", "...", "NaN", "{{ code }}", "您说。" * 3000]
)
def test_no_reply_breaks_it(reply):
    verdict = JUDGE.rate(occasion(), reply)
    assert verdict.status in ("rated", "unrated")
    assert set(verdict.counts) <= set(CODES)


def test_a_very_long_reply_says_how_far_it_was_coded():
    assert "first 6000 characters" in JUDGE.rate(occasion(), "您说。" * 3000).reason


def test_a_reply_of_the_clients_words_only_is_unrated_with_a_reason():
    verdict = JUDGE.rate(occasion(), "来访者：我不想说。")
    assert (verdict.status, verdict.counts) == ("unrated", {})
    assert "no words of the counsellor" in verdict.reason


LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def agreement_on(items):
    return validate_judge([JUDGE.rate(item.occasion, item.reply) for item in items], items)


def stored(corpus):
    """What its card says of a trial: label → (support, κ, F1)."""
    spec = stored_agreement("offline").of("offline")
    trial = next(trial for trial in spec.trials if trial.corpus == corpus)
    return {entry.label: (entry.support, entry.kappa.value, entry.f1) for entry in trial.labels}


def shown(agreement):
    return {
        NAMES[c.code]: (c.support, pytest.approx(c.kappa, abs=1e-6), pytest.approx(c.f1, abs=1e-6))
        for c in agreement.codes
    }


@LANGUAGES
def test_it_agrees_with_held_out_codes_as_its_card_says(language):
    agreement = agreement_on(contrast_items(language, "heldout"))
    card = stored(f"contrast {language}")
    assert {label: card[label] for label in NAMES.values()} == shown(agreement)
    assert agreement.macro_f1 >= 0.70
    assert agreement.macro_kappa >= 0.65


@LANGUAGES
def test_it_agrees_with_the_suites_authored_codes_as_its_card_says(language):
    card = stored(f"suite:mi_{language}")
    assert {label: card[label] for label in NAMES.values()} == shown(agreement_on(suite_items(f"mi_{language}")))


def coded_by_two(number, reply, *labels):
    """As AnnoMI has it, in words of our own."""
    codings = tuple(
        Coding(coder=str(coder), labels=labels, main="question" if "question" in labels else "other")
        for coder in range(2)
    )
    history = (("client", f"I drink a bit, about {number} glasses."),)
    where = Occasion(id=f"annomi-{number:03d}/001", language="en", change_goal="drink less", history=history)
    return CodedItem(
        id=where.id, session=f"annomi-{number:03d}", group=f"video-{number}", quality="high", occasion=where, reply=reply,
        codings=codings,
    )  # fmt: skip


def test_training_twice_gives_equal_bytes_and_people_change_the_weights(root, tmp_path):
    dialogues = list(read_dialogues(root / "finetune/data/mi_en_train.jsonl"))[:2]
    people = [coded_by_two(n, f"And how was day {n}?", "question") for n in range(3)]
    situations = [s for s in contrast_set("en") if s.split == "train"][:3]
    for name, coded in (("one", people), ("two", people), ("without", ())):
        (tmp_path / name).mkdir()
        train(situations, dialogues, tmp_path / name, coded)
    one, two, without = ((tmp_path / name / "weights_en.npz").read_bytes() for name in ("one", "two", "without"))
    assert one == two
    assert one != without


def test_trees_walked_with_numpy_say_what_scikit_learn_says():
    rng = np.random.default_rng(0)
    columns = rng.normal(size=(400, 5)).astype(np.float32).astype(float)
    columns[rng.random(columns.shape) < 0.1] = np.nan
    share = (np.nan_to_num(columns[:, 0]) + np.nan_to_num(columns[:, 1]) ** 2 > 0.5).astype(float)
    models = [_boosted(columns, target, np.ones(400)) for target in (share, 1 - share)]
    trees = trees_of(models)
    mine = np.array([trees.log_odds(row.astype(np.float32)) for row in columns])
    theirs = np.column_stack([model.decision_function(columns) for model in models])
    assert np.allclose(mine, theirs, atol=1e-4)


def test_ridge_scores_of_a_group_are_those_of_a_fit_without_it():
    rng = np.random.default_rng(0)
    matrix = _sparse([{int(b): 1.0 for b in rng.choice(40, 6, replace=False)} for _ in range(30)], 40)
    groups = np.arange(30) // 5
    heads = read_coder(JUDGE.folder / "weights_en.npz").mix.shape[0]
    targets, weights = rng.random((30, heads)), np.ones((30, heads))
    scores = _ridge(matrix, targets, weights, groups)[2]
    away = groups == 2
    centre = targets.mean(axis=0)  # the bias is of all: one number a head, which no text can be read from
    dense = matrix.toarray()
    gram = dense[~away].T @ dense[~away] + 0.3 * np.eye(40)
    beta = np.linalg.solve(gram, dense[~away].T @ (targets - centre)[~away])
    assert np.allclose(scores[away], centre + dense[away] @ beta, atol=1e-3)


def test_evidence_has_the_same_names_for_every_volley():
    names = list(evidence(occasion(), ["您怕白费劲。"]))
    assert names == list(evidence(Occasion(id="x", language="zh", change_goal="戒烟", history=()), ["嗯。", "好？"]))


@LANGUAGES
def test_the_weights_are_small(root, language):
    assert (root / f"judges/offline/weights_{language}.npz").stat().st_size < 7_500_000


@LANGUAGES
def test_no_text_ships_in_the_weights(root, language):
    with np.load(root / f"judges/offline/weights_{language}.npz", allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} <= {"f", "i", "b"}


def test_using_it_needs_neither_sklearn_nor_torch(root):
    import subprocess

    code = (
        "import sys; from mibench.judging import load_judge; from mibench.schema import Occasion\n"
        "load_judge('offline').rate(Occasion(id='x', language='zh', change_goal='戒烟', history=(('client', '想戒。'),)), '您想戒。')\n"
        "heavy = {'sklearn', 'scipy', 'torch', 'lm_eval', 'datasets', 'pandas'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


def test_every_judge_folder_is_whole(root):
    assert judge_names() == ["codes", "globals", "offline", "panel", "safety", "scripted"]
    for name in judge_names():
        readme = (root / "judges" / name / "README.md").read_text(encoding="utf-8")
        assert "## How far to trust it" in readme
