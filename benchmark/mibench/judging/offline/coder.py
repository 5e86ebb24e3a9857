"""Apply the trained coder: cut the volley, code each utterance, apply the volley rules."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mibench.errors import UsageError
from mibench.judging.offline.features import BITS, features
from mibench.judging.volley import VOLLEY_RULES, merged, own_volley, split_utterances, volley_codes
from mibench.records import digest_of, digest_of_files
from mibench.schema import CODES, Code, Occasion, Utterance, Verdict

if TYPE_CHECKING:
    import numpy as np

CLASSES: tuple[Code | None, ...] = (*CODES, None)
"""What an utterance can be, in the order of the weights' columns."""

LONGEST = 6000
"""Characters beyond which the rest of a reply is not coded; said in the rating."""


class OfflineJudge:
    """A multinomial logistic regression over hashed features; `judges/offline/README.md` has its measured agreement."""

    name = "offline"

    def __init__(self, folder: Path, version: str) -> None:
        self.folder = folder
        self.version = version
        self._loaded: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    @cached_property
    def digest(self) -> str:
        """Changes with version, weights and volley rules."""
        weights = digest_of_files(self.folder.glob("weights_*.npz"))
        return digest_of(["offline", self.version, weights, VOLLEY_RULES])

    def rate(self, occasion: Occasion, reply: str) -> Verdict:
        """Utterances with codes and probabilities, and the volley's codes."""
        volley, left_out = own_volley(reply)
        if not volley:
            return Verdict(status="unrated", reason="the reply holds no words of the counsellor", cost=0)
        if len(volley) > LONGEST:
            volley, left_out = volley[:LONGEST], f"only the first {LONGEST} characters were coded"
        pieces = split_utterances(volley)
        utterances = merged(self.code(pieces, occasion.client, occasion.language, asks=occasion.asks_advice))
        codes = volley_codes([utterance.code for utterance in utterances], asked=occasion.asks_advice)
        return Verdict(
            status="rated",
            reason=left_out,
            utterances=utterances,
            counts=dict.fromkeys(codes, 1.0),
            utterance_count=len(utterances),
            cost=0,
        )

    def code(self, pieces: Sequence[str], client: str, language: str, *, asks: bool = False) -> list[Utterance]:
        """Each piece of a volley with its likeliest code and that code's probability, 0–1."""
        shares = self.probabilities(pieces, client, language, asks=asks)
        best = shares.argmax(axis=1)
        return [
            Utterance(text=piece, code=CLASSES[column], probability=round(float(row[column]), 4))
            for piece, column, row in zip(pieces, best, shares, strict=True)
        ]

    def probabilities(self, pieces: Sequence[str], client: str, language: str, *, asks: bool = False) -> "np.ndarray":
        """Array (pieces, classes): probability of each of `CLASSES`, rows sum to 1."""
        import numpy as np

        weights, bias = self._weights(language)
        logits_P_C = np.tile(bias, (len(pieces), 1))
        for place, piece in enumerate(pieces):
            bag = features(piece, pieces, place, client, asks, language)
            buckets = np.fromiter(bag.keys(), dtype=np.int64, count=len(bag))
            values = np.fromiter(bag.values(), dtype=np.float64, count=len(bag))
            logits_P_C[place] += values @ weights[buckets]
        shares = np.exp(logits_P_C - logits_P_C.max(axis=1, keepdims=True))
        return cast("np.ndarray", shares / shares.sum(axis=1, keepdims=True))

    def _weights(self, language: str) -> "tuple[np.ndarray, np.ndarray]":
        if language not in self._loaded:
            self._loaded[language] = _read_weights(self.folder / f"weights_{language}.npz")
        return self._loaded[language]


def _read_weights(path: Path) -> "tuple[np.ndarray, np.ndarray]":
    import numpy as np

    if not path.is_file():
        raise UsageError(f"The offline judge has no {path}. `mibench judges train` makes it.")
    with np.load(path, allow_pickle=False) as stored:
        weights, bias = stored["weights"], stored["bias"]
    if weights.shape != (1 << BITS, len(CLASSES)):
        raise UsageError(f"{path} was made by another version. `mibench judges train` makes it anew.")
    return weights.astype(np.float64), bias.astype(np.float64)
