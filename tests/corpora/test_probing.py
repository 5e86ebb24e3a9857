"""Claims about the probe: a model that knows a suite is found, one that does not is not."""

import json
import random
from itertools import pairwise

import pytest

from mibench.corpora.probing import probe
from mibench.suites import load_suite

SUITE = load_suite("mi_zh")
LINE = (SUITE.folder / "dialogues.jsonl").read_text(encoding="utf-8").split("\n", 1)[0]
TEXT = LINE + "\n" + "\n".join(turn.text for dialogue in SUITE.dialogues for turn in dialogue.turns)


def knows(texts):
    """Goes on with whatever stands in the suite's file."""
    return [TEXT[TEXT.index(text) + len(text) :][:64] if text in TEXT else "" for text in texts]


def stranger(texts):
    rng = random.Random(1)
    return ["".join(rng.choices("的一是了我不人在他有这个上们来到时大地为子中你说生国", k=64)) for _ in texts]


def likes_the_files_order(pairs):
    return [sum(1.0 for n in range(len(words) - 30) if words[n : n + 30] in TEXT) for _, words in pairs]


def likes_all_the_same(pairs):
    rng = random.Random(2)
    return [-float(len(words)) + rng.gauss(0, 0.01) for _, words in pairs]


def found(speak, likelihood, turns=60):
    return probe("mi_zh", "m", SUITE.dialogues, LINE, speak, likelihood, turns=turns, seed=0)


def test_a_model_that_knows_the_file_is_found_by_its_continuations_and_the_canary():
    result = found(knows, None)
    assert result.seen
    assert result.continuations.verbatim > 30
    assert result.continuations.true > 0.5 > result.continuations.other
    assert result.continuations.p < 0.01
    assert result.canary.completed
    assert result.order is None


def test_a_stranger_is_not():
    result = found(stranger, likes_all_the_same)
    assert not result.seen
    assert result.continuations.verbatim == 0
    assert result.continuations.p > 0.01
    assert result.order.p > 0.01
    assert not result.canary.completed


def test_a_model_that_likes_the_files_order_is_found_by_it():
    first = [dialogue.turns[0].text for dialogue in SUITE.dialogues]

    def order(pairs):
        rng = random.Random(3)

        def in_order(text):
            lines = text.split("\n")
            places = [first.index(line) for line in lines if line in first]
            return sum(b == a + 1 for a, b in pairwise(places))

        return [in_order(words) + rng.gauss(0, 0.1) for _, words in pairs]

    result = found(stranger, order)
    assert result.seen
    assert result.order.p < 0.01
    assert result.order.shards == 8


def test_a_stranger_is_rarely_accused():
    """Under no knowledge a look's p is below .003 three times in a thousand: over sixty seeds, hardly ever."""
    accused = 0
    for seed in range(60):
        rng = random.Random(seed)
        result = probe(
            "mi_zh", "m", SUITE.dialogues, LINE, lambda texts, rng=rng: ["".join(rng.choices("我的是不了他", k=40)) for _ in texts],
            lambda pairs, rng=rng: [rng.gauss(0, 1) for _ in pairs], turns=12, seed=seed,
        )  # fmt: skip
        accused += result.seen
    assert accused <= 2


def test_a_real_checkpoint_is_probed_with_likelihoods(mibench, tiny_checkpoint):
    done = mibench(
        "corpora", "probe", "--model", "hf", "--model-args", f"pretrained={tiny_checkpoint()},device=cpu", "--turns", 6,
        "--batch-size", 16, "--json", timeout=600
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    assert result["order"]["shards"] == 8
    assert 1 <= result["canary"]["rank"] <= 400
    assert not result["canary"]["completed"]


@pytest.mark.parametrize("model", ["reflector"])
def test_a_model_that_only_chats_gives_no_likelihoods_and_that_is_said(mibench, model):
    done = mibench("corpora", "probe", "--model", model, "--turns", 6)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "no likelihoods" in done.stdout
    assert "no proof" in done.stdout
