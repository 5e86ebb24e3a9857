"""Claims about the offline judge that ships."""

import sys

import numpy as np
import pytest

from mibench.judging import judge_names, load_judge
from mibench.judging.offline.coder import CLASSES
from mibench.judging.offline.train import train
from mibench.schema import CODES, NAMES, Occasion
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
    assert JUDGE.rate(occasion(), reply).counts == {code: 1.0}


def test_a_verdict_tiles_the_reply_and_every_utterance_has_a_probability():
    verdict = JUDGE.rate(occasion(), "您怕白费劲。试过吗？要不要先听听别人怎么戒的？")
    assert "".join(u.text for u in verdict.utterances) == "您怕白费劲。试过吗？要不要先听听别人怎么戒的？"
    assert all(0 < u.probability <= 1 for u in verdict.utterances)
    assert verdict.utterance_count == len(verdict.utterances)
    assert verdict.cost == 0


def test_probabilities_sum_to_one():
    shares = JUDGE.probabilities(["您怕白费劲。", "试过吗？"], "我想戒。", "zh")
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


def test_training_anew_gives_the_weights_that_ship(root, tmp_path):
    dialogues = [d for path in sorted((root / "finetune/data").glob("mi_*_train.jsonl")) for d in read_dialogues(path)]
    train([*contrast_set("zh"), *contrast_set("en")], dialogues, tmp_path)
    for name in ("weights_zh.npz", "weights_en.npz"):
        with np.load(tmp_path / name) as mine, np.load(root / "judges/offline" / name) as shipped:
            assert np.allclose(mine["weights"].astype(float), shipped["weights"].astype(float), atol=0.02)
            assert np.allclose(mine["bias"], shipped["bias"], atol=0.02)


@LANGUAGES
def test_no_text_ships_in_the_weights(root, language):
    with np.load(root / f"judges/offline/weights_{language}.npz", allow_pickle=False) as stored:
        assert {name: stored[name].dtype.kind for name in stored.files} == {"weights": "f", "bias": "f"}


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
