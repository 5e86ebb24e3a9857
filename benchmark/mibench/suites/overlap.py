"""BLEU-4 and ROUGE as LLaMA-Factory computes them, chrF beside them: weak evidence, for comparison with papers.

LLaMA-Factory, `src/llamafactory/train/sft/metric.py`: ROUGE is rouge_chinese's F on jieba words, BLEU-4 is NLTK's
sentence BLEU on characters with smoothing method 3, each ×100 and rounded to four places per reply, then averaged.
lm-eval's and sacrebleu's defaults score Chinese 0.0, since they split at spaces.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, NamedTuple

from mibench.suites.words import chinese_words

OVERLAP_METRICS = ("bleu_4", "rouge_1", "rouge_2", "rouge_l", "chrf")


class Overlap(NamedTuple):
    """Likeness of one reply to its reference, each 0–100."""

    bleu_4: float
    rouge_1: float
    rouge_2: float
    rouge_l: float
    chrf: float


@lru_cache(maxsize=8192)  # the same replies are scored under one judge after the other
def text_overlap(reply: str, reference: str) -> Overlap:
    """BLEU-4, ROUGE-1/2/L (LLaMA-Factory's definition) and chrF (sacrebleu's default) of a reply, 0–100.

    An empty reply scores 0 throughout, as it does there.
    """
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    if not reply.strip():
        return Overlap(0.0, 0.0, 0.0, 0.0, 0.0)
    rouge = _rouge(reply, reference)
    bleu = sentence_bleu([list(reference)], list(reply), smoothing_function=SmoothingFunction().method3)
    return Overlap(
        bleu_4=round(float(bleu) * 100, 4),
        rouge_1=round(rouge["rouge-1"]["f"] * 100, 4),
        rouge_2=round(rouge["rouge-2"]["f"] * 100, 4),
        rouge_l=round(rouge["rouge-l"]["f"] * 100, 4),
        chrf=round(_chrf().sentence_score(reply, [reference]).score, 4),
    )


def process_results(doc: dict[str, Any], results: list[str]) -> dict[str, float]:
    """lm-eval's hook: metric → score of one round. `tasks/*/*.yaml` name it."""
    return text_overlap(results[0], doc["reference"])._asdict()


def _rouge(reply: str, reference: str) -> dict[str, dict[str, float]]:
    from rouge_chinese import Rouge

    hypothesis, target = " ".join(chinese_words(reply)), " ".join(chinese_words(reference))
    words = len(hypothesis.split()) + len(target.split())
    if not hypothesis.replace(".", "").strip() or not target.strip():
        return {name: {"f": 0.0} for name in ("rouge-1", "rouge-2", "rouge-l")}
    with _recursion_for(words):  # rouge_chinese walks the longest common subsequence by recursion, a step a word
        scores: dict[str, dict[str, float]] = Rouge().get_scores(hypothesis, target)[0]
    return scores


@contextmanager
def _recursion_for(words: int) -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, words + 2000))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


@cache
def _chrf() -> Any:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF()
