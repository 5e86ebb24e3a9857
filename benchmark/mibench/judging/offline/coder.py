"""What the weights of a language say: codes of sentences, and shares of coders for a whole volley."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from mibench.errors import UsageError
from mibench.judging.offline.evidence import evidence
from mibench.judging.offline.features import SIZE, VOLLEY_BITS, features, volley_features
from mibench.judging.offline.heads import HEADS
from mibench.judging.offline.trees import Trees
from mibench.schema import CODES, Code, Occasion

if TYPE_CHECKING:
    import numpy as np

CLASSES: tuple[Code | None, ...] = (*CODES, None)
"""What a sentence can be, in the order of the weights' columns."""


def client_of(occasion: Occasion) -> str:
    """The client's last words; empty where the counsellor opens."""
    return next((words for who, words in reversed(occasion.history) if who == "client"), "")


class Coder(NamedTuple):
    """The weights of one language."""

    words: "np.ndarray"
    """(buckets, classes) of the sentence coder."""
    word_bias: "np.ndarray"
    """(classes)"""
    sharpness: "np.ndarray"
    """() what the sentences' scores are multiplied with before the softmax."""
    grams: "np.ndarray"
    """(volley buckets, heads) of the ridge regression."""
    gram_bias: "np.ndarray"
    """(heads)"""
    mix: "np.ndarray"
    """(heads, 3): bias, weight of the ridge score, weight of the trees' log odds."""
    trees: Trees

    def scores(self, occasion: Occasion, pieces: Sequence[str]) -> "np.ndarray":
        """Array (pieces, classes): the sentence coder's score of each of `CLASSES`, about 0–1."""
        import numpy as np

        client, asks, language = client_of(occasion), occasion.asks_advice, occasion.language
        scores_P_C = np.tile(self.word_bias, (len(pieces), 1))
        for place, piece in enumerate(pieces):
            buckets, values = _arrays(features(piece, pieces, place, client, asks, language))
            scores_P_C[place] += values @ self.words[buckets]
        return scores_P_C

    def alone(self, scores_P_C: "np.ndarray") -> "np.ndarray":
        """Array (pieces, classes): probability of each class for each sentence alone, rows sum to 1."""
        import numpy as np

        logits_P_C = self.sharpness * scores_P_C
        shares_P_C = np.exp(logits_P_C - logits_P_C.max(axis=1, keepdims=True))
        return cast("np.ndarray", shares_P_C / shares_P_C.sum(axis=1, keepdims=True))

    def shares(self, occasion: Occasion, pieces: Sequence[str], scores_P_C: "np.ndarray") -> dict[str, float]:
        """Head → calibrated probability, 0–1, that a trained coder sees it in the volley of these sentences."""
        import numpy as np

        buckets, values = _arrays(volley_features(pieces, client_of(occasion), occasion.language))
        volley = self.gram_bias + values @ self.grams[buckets]
        row = np.concatenate([list(evidence(occasion, pieces).values()), scores_P_C.max(axis=0), volley])
        odds = self.mix[:, 0] + self.mix[:, 1] * volley + self.mix[:, 2] * self.trees.log_odds(row.astype(np.float32))
        return dict(zip(HEADS, (1 / (1 + np.exp(-odds))).tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write one compressed file; the same weights give the same bytes."""
        import numpy as np

        named: dict[str, Any] = {f"trees_{name}": array for name, array in self.trees._asdict().items()}
        np.savez_compressed(
            path, words=self.words.astype(np.float16), word_bias=self.word_bias.astype(np.float32),
            sharpness=self.sharpness.astype(np.float32), grams=self.grams.astype(np.float16), gram_bias=self.gram_bias.astype(np.float32),
            mix=self.mix.astype(np.float32), **named,
        )  # fmt: skip


def read_coder(path: Path) -> Coder:
    """The weights in a file. Raises UsageError where it is missing or was made by another version."""
    import numpy as np

    if not path.is_file():
        raise UsageError(f"The offline judge has no {path}. `mibench judges train` makes it.")
    with np.load(path, allow_pickle=False) as stored:
        found = {name: stored[name] for name in stored.files}
    shapes = {"words": (SIZE, len(CLASSES)), "grams": (1 << VOLLEY_BITS, len(HEADS)), "mix": (len(HEADS), 3)}
    if any(name not in found or found[name].shape != shape for name, shape in shapes.items()):
        raise UsageError(f"{path} was made by another version. `mibench judges train` makes it anew.")
    return Coder(
        found["words"].astype(np.float32), found["word_bias"].astype(np.float64),
        found["sharpness"].astype(np.float64), found["grams"].astype(np.float32),
        found["gram_bias"].astype(np.float64), found["mix"].astype(np.float64),
        Trees(*(found[f"trees_{name}"] for name in Trees._fields)),
    )  # fmt: skip


def _arrays(bag: dict[int, float]) -> "tuple[np.ndarray, np.ndarray]":
    import numpy as np

    return (
        np.fromiter(bag.keys(), dtype=np.int64, count=len(bag)),
        np.fromiter(bag.values(), dtype=np.float64, count=len(bag)),
    )
