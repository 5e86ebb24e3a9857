"""Train the coder on the contrast sets' training situations and on the training corpora. scikit-learn lives here only."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mibench.judging.offline.coder import CLASSES
from mibench.judging.offline.features import SIZE, features
from mibench.judging.volley import split_utterances
from mibench.schema import ClientTurn, Dialogue, Situation, Utterance

if TYPE_CHECKING:
    import numpy as np

PENALTY = 30.0
"""scikit-learn's C, chosen by cross-validation over situations and dialogues (`docs/log.md`)."""


class CodedVolley(NamedTuple):
    """A counsellor's volley with its codes, and the client's words before it."""

    language: str
    client: str
    asks_advice: bool
    utterances: tuple[Utterance, ...]


def train(situations: Iterable[Situation], dialogues: Iterable[Dialogue], folder: Path) -> dict[str, int]:
    """Fit each language on its `train` situations and all its dialogues; writes `weights_<language>.npz` into `folder`.

    Returns the number of sentences per language. Deterministic: the same content gives the same weights. Test suites
    must not be among the dialogues.
    """
    import numpy as np

    volleys = [*_from_situations(situations), *_from_dialogues(dialogues)]
    sentences = {}
    for language in sorted({volley.language for volley in volleys}):
        bags, labels = training_rows(volley for volley in volleys if volley.language == language)
        weights, bias = fit(bags, labels)
        path = folder / f"weights_{language}.npz"
        np.savez_compressed(path, weights=weights.astype(np.float16), bias=bias.astype(np.float32))
        sentences[language] = len(labels)
    return sentences


def _from_situations(situations: Iterable[Situation]) -> Iterator[CodedVolley]:
    for situation in situations:
        if situation.split == "train":
            yield from (
                CodedVolley(situation.language, situation.client, False, reply.utterances)
                for reply in situation.replies
            )


def _from_dialogues(dialogues: Iterable[Dialogue]) -> Iterator[CodedVolley]:
    for dialogue in dialogues:
        for client, counsellor in zip(dialogue.turns[::2], dialogue.turns[1::2], strict=True):
            assert isinstance(client, ClientTurn)
            assert not isinstance(counsellor, ClientTurn)
            yield CodedVolley(dialogue.language, client.text, client.asks_advice, counsellor.utterances)


def training_rows(volleys: Iterable[CodedVolley]) -> tuple[list[dict[int, float]], list[int]]:
    """Features and class numbers of every sentence; a sentence has the code of its utterance."""
    bags: list[dict[int, float]] = []
    labels: list[int] = []
    for volley in volleys:
        pieces = [
            (sentence, CLASSES.index(utterance.code))
            for utterance in volley.utterances
            for sentence in split_utterances(utterance.text)
        ]
        texts = [text for text, _ in pieces]
        for place, (text, label) in enumerate(pieces):
            bags.append(features(text, texts, place, volley.client, volley.asks_advice, volley.language))
            labels.append(label)
    return bags, labels


def fit(bags: Sequence[dict[int, float]], labels: Sequence[int]) -> "tuple[np.ndarray, np.ndarray]":
    """Weights (buckets, classes) and bias (classes) of a multinomial logistic regression."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=PENALTY, max_iter=2000)
    model.fit(_sparse(bags), labels)
    weights = np.zeros((SIZE, len(CLASSES)))
    bias = np.full(len(CLASSES), -30.0)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    return weights, bias


def _sparse(bags: Sequence[dict[int, float]]) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(bag) for bag in bags)])
    buckets = np.concatenate([np.fromiter(bag.keys(), dtype=np.int64) for bag in bags])
    values = np.concatenate([np.fromiter(bag.values(), dtype=np.float64) for bag in bags])
    return csr_matrix((values, buckets, ends), shape=(len(bags), SIZE))
