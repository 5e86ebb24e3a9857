"""Train the coder: a sentence coder, and heads for whole volleys. scikit-learn lives here only.

Each step is fitted on what those before say of volleys they have not learned from: ridge regression on hashed n-grams,
of sentences and of volleys; boosted trees on evidence and ridge scores; a logistic mix a head, which calibrates.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mibench.judging.offline.coder import CLASSES, Coder, client_of
from mibench.judging.offline.evidence import evidence
from mibench.judging.offline.examples import Example, authored, coded_by_people
from mibench.judging.offline.features import SIZE, VOLLEY_BITS, features, volley_features
from mibench.judging.offline.heads import HEADS
from mibench.judging.offline.trees import trees_of
from mibench.schema import CodedItem, Dialogue, Situation

if TYPE_CHECKING:
    import numpy as np

PENALTY = 0.3
"""Ridge penalty λ; a bag has a squared length of about 2.5."""
SHARPNESS = tuple(range(2, 21))
"""Tried for the sentences' softmax."""
TREES: dict[str, Any] = {
    "max_iter": 120, "learning_rate": 0.07, "max_leaf_nodes": 8, "min_samples_leaf": 20, "l2_regularization": 5.0,
    "max_features": 0.3, "early_stopping": False, "random_state": 0,
}  # fmt: skip
TRACE = 1e-3
"""Next to no weight."""
FOLDS = 3
"""Group folds for the mix."""


def train(
    situations: Iterable[Situation], dialogues: Iterable[Dialogue], folder: Path, people: Iterable[CodedItem] = ()
) -> dict[str, int]:
    """Fit each language on its `train` situations, all its dialogues, and the items coded by `people` (AnnoMI).

    Writes `weights_<language>.npz` into `folder`; returns the number of volleys per language. The same content gives
    the same weights. Test suites must not be among the dialogues.
    """
    examples = [*authored(situations, dialogues), *coded_by_people(people)]
    volleys: dict[str, int] = {}
    for language in sorted({example.occasion.language for example in examples}):
        own = [example for example in examples if example.occasion.language == language]
        fit(own).save(folder / f"weights_{language}.npz")
        volleys[language] = len(own)
    return volleys


def fit(examples: Sequence[Example]) -> Coder:
    """A coder of one language."""
    import numpy as np

    rows = np.array([list(evidence(example.occasion, example.pieces).values()) for example in examples])
    bags = [volley_features(e.pieces, client_of(e.occasion), e.occasion.language) for e in examples]
    targets, weights = _targets(examples)
    groups = np.unique([example.group for example in examples], return_inverse=True)[1]

    words, word_bias, said, sharpness = _sentence_coder(examples, groups)
    grams, bias, scores = _ridge(_sparse(bags, 1 << VOLLEY_BITS), targets, weights, groups)
    columns = np.hstack([rows, said, scores])
    folds = _folds(groups)
    models, mix = [], np.zeros((len(HEADS), 3))
    for head in range(len(HEADS)):
        known = weights[:, head] > 0
        unseen = np.zeros(len(examples))
        for fold in range(FOLDS):
            away = folds == fold
            unseen[away] = _boosted(columns, targets[:, head], weights[:, head] * ~away).decision_function(
                columns[away]
            )
        mix[head] = _mixed(scores[known, head], unseen[known], targets[known, head], weights[known, head])
        models.append(_boosted(columns, targets[:, head], weights[:, head]))
    return Coder(words, word_bias, sharpness, grams, bias, mix, trees_of(models))


def _targets(examples: Sequence[Example]) -> "tuple[np.ndarray, np.ndarray]":
    """(examples, heads): shares, and weights that are 0 where nothing is known."""
    import numpy as np

    targets, weights = np.zeros((2, len(examples), len(HEADS)))
    for place, example in enumerate(examples):
        for head, (share, weight) in example.targets.items():
            targets[place, HEADS.index(head)], weights[place, HEADS.index(head)] = share, weight
    return targets, weights


def _folds(groups: "np.ndarray") -> "np.ndarray":
    """Fold of each example; a group is never split."""
    import numpy as np

    order = np.random.default_rng(0).permutation(groups.max() + 1)
    return np.asarray(order[groups] % FOLDS)


def _ridge(
    matrix: Any, targets: "np.ndarray", weights: "np.ndarray", groups: "np.ndarray"
) -> "tuple[np.ndarray, np.ndarray, np.ndarray]":
    """Weights (buckets, heads), bias (heads), and what each example's score is without its group (examples, heads).

    Solved in the dual, where leaving a group g out is exact: ŷ₋g = y_g − (G_gg)⁻¹ (G y)_g with G = (K + λI)⁻¹
    (the block form of the leave-one-out identity, e.g. Hastie, Tibshirani & Friedman 2009, §7.10).
    """
    import numpy as np

    width = targets.shape[1]
    grams, bias, scores = np.zeros((matrix.shape[1], width)), np.zeros(width), np.zeros(targets.shape)
    patterns: dict[bytes, list[int]] = {}
    for head in range(width):
        patterns.setdefault(weights[:, head].tobytes(), []).append(head)
    for heads in patterns.values():
        weight = weights[:, heads[0]]
        known = np.flatnonzero(weight)
        if not len(known):
            continue
        root = np.sqrt(weight[known])
        scaled = matrix[known].multiply(root[:, None]).tocsr()
        bias[heads] = np.average(targets[known][:, heads], axis=0, weights=weight[known])
        goal = root[:, None] * (targets[known][:, heads] - bias[heads])
        inverse = _inverse((scaled @ scaled.T).toarray() + PENALTY * np.eye(len(known)))
        dual = inverse @ goal
        grams[:, heads] = scaled.T @ dual
        scores[:, heads] = bias[heads] + matrix @ grams[:, heads]
        for group in np.unique(groups[known]):
            own = np.flatnonzero(groups[known] == group)
            without = goal[own] - np.linalg.solve(inverse[np.ix_(own, own)], dual[own])
            unknown = (groups == group) & (weight == 0)
            if unknown.any():  # the group's other volleys need the same hold-out
                rest = np.flatnonzero(groups[known] != group)
                shift = inverse[np.ix_(rest, own)] @ np.linalg.solve(inverse[np.ix_(own, own)], dual[own])
                scores[np.ix_(unknown, np.array(heads))] = bias[heads] + matrix[unknown] @ (
                    scaled[rest].T @ (dual[rest] - shift)
                )
            scores[np.ix_(known[own], np.array(heads))] = bias[heads] + without / root[own, None]
    return grams, bias, scores


def _inverse(matrix: "np.ndarray") -> "np.ndarray":
    """Of a symmetric positive definite matrix, by Cholesky, in single precision: some seconds for 5,000 rows."""
    import numpy as np
    from scipy.linalg.lapack import spotrf, spotri

    factor, _ = spotrf(matrix.astype(np.float32), overwrite_a=True)
    upper, _ = spotri(factor, overwrite_c=True)
    return np.asarray(np.triu(upper) + np.triu(upper, 1).T)


def _boosted(columns: "np.ndarray", share: "np.ndarray", weight: "np.ndarray") -> Any:
    """A binary classifier of shares: each example stands once as seen and once as not seen.

    A row of which nothing is known, of next to no weight, stands on both sides: a head may be all one or all the other.
    """
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingClassifier

    seen, unseen = np.flatnonzero(weight * share), np.flatnonzero(weight * (1 - share))
    rows = np.concatenate([seen, unseen])
    labels = np.repeat([1, 0, 1, 0], [len(seen), len(unseen), 1, 1])
    weights = np.concatenate([(weight * share)[seen], (weight * (1 - share))[unseen], [TRACE, TRACE]])
    blank = np.full((2, columns.shape[1]), np.nan)
    return HistGradientBoostingClassifier(**TREES).fit(np.vstack([columns[rows], blank]), labels, sample_weight=weights)


def _mixed(score: "np.ndarray", odds: "np.ndarray", share: "np.ndarray", weight: "np.ndarray") -> "np.ndarray":
    """Bias and weights of a logistic regression on ridge score and trees' log odds."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    inputs = np.vstack([np.tile(np.column_stack([score, odds]), (2, 1)), np.zeros((2, 2))])
    labels = np.repeat([1, 0, 1, 0], [len(share), len(share), 1, 1])
    weights = np.concatenate([weight * share, weight * (1 - share), [TRACE, TRACE]])
    model = LogisticRegression(C=10.0).fit(inputs, labels, sample_weight=weights)
    return np.array([model.intercept_[0], *model.coef_[0]])


def _sentence_coder(
    examples: Sequence[Example], groups: "np.ndarray"
) -> "tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]":
    """Weights (buckets, classes), bias (classes), highest score in each unseen volley (examples, classes), sharpness."""
    import numpy as np

    bags, labels, owner = [], [], []
    for number, example in enumerate(examples):
        occasion, client = example.occasion, client_of(example.occasion)
        for number_, piece in enumerate(example.pieces):
            bags.append(features(piece, example.pieces, number_, client, occasion.asks_advice, occasion.language))
            labels.append(CLASSES.index(example.codes[number_]) if example.codes else -1)
            owner.append(number)
    label, place = np.array(labels), np.array(owner)
    coded = label >= 0
    targets = (label[:, None] == np.arange(len(CLASSES))).astype(float)
    weights = np.tile(coded[:, None].astype(float), len(CLASSES))
    weights_, bias, scores = _ridge(_sparse(bags, SIZE), targets, weights, groups[place])
    said = np.full((len(examples), len(CLASSES)), -np.inf)
    np.maximum.at(said, place, scores)
    losses = [_log_loss(sharpness * scores[coded], label[coded]) for sharpness in SHARPNESS]
    return weights_, bias, said, np.array(SHARPNESS[int(np.argmin(losses))])


def _log_loss(logits: "np.ndarray", label: "np.ndarray") -> float:
    import numpy as np

    logits = logits - logits.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(label)), label]))


def _sparse(bags: Sequence[dict[int, float]], width: int) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(bag) for bag in bags)])
    buckets = np.concatenate([np.fromiter(bag.keys(), dtype=np.int64) for bag in bags])
    values = np.concatenate([np.fromiter(bag.values(), dtype=np.float64) for bag in bags])
    return csr_matrix((values, buckets, ends), shape=(len(bags), width))
