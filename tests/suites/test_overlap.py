"""Claims about BLEU and ROUGE: LLaMA-Factory's numbers, to four decimals."""

import math

import jieba
import pytest
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from rouge_chinese import Rouge

from mibench.suites.overlap import text_overlap

PAIRS = [
    ("您怕白费劲，其实心里是想戒的。", "您怕白费劲，心里还是想戒。"),
    ("我建议您每天少抽两根。", "那根烟像是您一天的开机键。"),
    ("嗯", "嗯，您接着说。"),
    ("**首先**，要少喝酒；其次，要多运动！😀", "酒桌上那几杯，您自己心里有数。"),
    ("I hear you. 您累了。", "您累了。"),
    ("同一句话。", "同一句话。"),
]


def llama_factory(prediction, label):
    """One sample as `src/llamafactory/train/sft/metric.py: ComputeSimilarity` scores it."""
    hypothesis, reference = list(jieba.cut(prediction)), list(jieba.cut(label))
    if len(" ".join(hypothesis).split()) == 0 or len(" ".join(reference).split()) == 0:
        result = {"rouge-1": {"f": 0.0}, "rouge-2": {"f": 0.0}, "rouge-l": {"f": 0.0}}
    else:
        result = Rouge().get_scores(" ".join(hypothesis), " ".join(reference))[0]
    scores = {key: round(value["f"] * 100, 4) for key, value in result.items()}
    bleu = sentence_bleu([list(label)], list(prediction), smoothing_function=SmoothingFunction().method3)
    return scores | {"bleu-4": round(bleu * 100, 4)}


@pytest.mark.parametrize(("reply", "reference"), PAIRS)
def test_every_score_equals_llama_factorys_to_four_decimals(reply, reference):
    ours, theirs = text_overlap(reply, reference), llama_factory(reply, reference)
    assert (ours.bleu_4, ours.rouge_1, ours.rouge_2, ours.rouge_l) == (
        theirs["bleu-4"], theirs["rouge-1"], theirs["rouge-2"], theirs["rouge-l"],
    )  # fmt: skip


def test_bleu_4_equals_the_value_worked_by_hand():
    # 想戒烟了 against 我想戒烟: characters 想 戒 烟 match of 4; 想戒, 戒烟 of 3; 想戒烟 of 2; no 4-gram of 1, which
    # smoothing method 3 sets to 1/2; lengths are equal, so no brevity penalty.
    by_hand = 100 * math.exp((math.log(3 / 4) + math.log(2 / 3) + math.log(1 / 2) + math.log(1 / 2)) / 4)
    assert text_overlap("想戒烟了", "我想戒烟").bleu_4 == pytest.approx(by_hand, abs=5e-5)


def test_rouge_equals_the_values_worked_by_hand():
    # jieba: 我 / 喜欢 / 喝茶 against 我 / 喜欢 / 喝酒: 2 of 3 words, 1 of 2 pairs, a common subsequence of 2 words.
    assert list(jieba.cut("我喜欢喝茶")) == ["我", "喜欢", "喝茶"]
    assert list(jieba.cut("我喜欢喝酒")) == ["我", "喜欢", "喝酒"]
    scores = text_overlap("我喜欢喝茶", "我喜欢喝酒")
    assert scores.rouge_1 == pytest.approx(200 / 3, abs=1e-4)
    assert scores.rouge_2 == pytest.approx(50, abs=1e-4)
    assert scores.rouge_l == pytest.approx(200 / 3, abs=1e-4)


@pytest.mark.parametrize("reply", ["", "   ", "\n\t"])
def test_an_empty_reply_scores_zero(reply):
    assert text_overlap(reply, "您接着说。") == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("reply", ["...", ".", "好" * 20_000, "他说好。" * 5_000, "\x00\x07", "好.坏.好"])
def test_no_reply_breaks_it(reply):
    assert all(0 <= score <= 100.0001 for score in text_overlap(reply, "您接着说，好吗？"))
