"""Likeness of whole dialogues without a language model: TF-IDF of characters, cosine."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def nearest(texts: Sequence[str], others: Sequence[str]) -> "tuple[np.ndarray, np.ndarray]":
    """For each of `texts`: the index of the most similar of `others`, and the cosine, 0–1; others must not be empty.

    Runs of two to four characters, sublinear counts, idf over both sides (scikit-learn's TfidfVectorizer).
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not texts:
        return np.empty(0, dtype=np.int64), np.empty(0)
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
    table = vectors.fit_transform([*texts, *others])
    mine, theirs = table[: len(texts)], table[len(texts) :].T.tocsc()
    best, cosine = [], []
    for start in range(0, len(texts), 256):
        block = (mine[start : start + 256] @ theirs).toarray()
        best.append(block.argmax(axis=1))
        cosine.append(block.max(axis=1))
    return np.concatenate(best), np.concatenate(cosine)
