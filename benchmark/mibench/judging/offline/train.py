"""Train the coder on the contrast sets' training situations. scikit-learn lives here only."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mibench.judging.offline.coder import CLASSES
from mibench.judging.offline.features import SIZE, features
from mibench.judging.volley import split_utterances
from mibench.schema import ContrastReply, Situation

if TYPE_CHECKING:
    import numpy as np

PENALTY = 12.0
"""scikit-learn's C, chosen by cross-validation over training situations (`docs/log.md`)."""


def train(situations: Iterable[Situation], path: Path) -> int:
    """Fit on the situations whose split is `train`, write the weights to `path`; returns the number of utterances.

    Deterministic: the same situations give the same weights.
    """
    import numpy as np

    bags, labels = training_rows([situation for situation in situations if situation.split == "train"])
    weights, bias = fit(bags, labels)
    np.savez_compressed(path, weights=weights.astype(np.float16), bias=bias.astype(np.float32))
    return len(labels)


def training_rows(situations: Sequence[Situation]) -> tuple[list[dict[int, float]], list[int]]:
    """Features and class numbers of every sentence of every reply; a sentence has the code of its utterance."""
    bags: list[dict[int, float]] = []
    labels: list[int] = []
    for situation in situations:
        for reply in situation.replies:
            pieces = list(_coded_sentences(reply))
            volley = [text for text, _ in pieces]
            for place, (text, label) in enumerate(pieces):
                bags.append(features(text, volley, place, situation.client, asks=False))
                labels.append(label)
    return bags, labels


def fit(bags: Sequence[dict[int, float]], labels: Sequence[int]) -> "tuple[np.ndarray, np.ndarray]":
    """Weights (buckets, classes) and bias (classes) of a multinomial logistic regression."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=2000)
    model.fit(_sparse(bags), labels)
    weights = np.zeros((SIZE, len(CLASSES)))
    bias = np.full(len(CLASSES), -30.0)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    return weights, bias


def _coded_sentences(reply: ContrastReply) -> Iterable[tuple[str, int]]:
    for utterance in reply.utterances:
        for sentence in split_utterances(utterance.text):
            yield sentence, CLASSES.index(utterance.code)


def _sparse(bags: Sequence[dict[int, float]]) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(bag) for bag in bags)])
    buckets = np.concatenate([np.fromiter(bag.keys(), dtype=np.int64) for bag in bags])
    values = np.concatenate([np.fromiter(bag.values(), dtype=np.float64) for bag in bags])
    return csr_matrix((values, buckets, ends), shape=(len(bags), SIZE))
