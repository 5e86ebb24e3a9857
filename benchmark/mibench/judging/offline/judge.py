"""Apply the trained coder: cut the volley, estimate the share of coders for each code, code the sentences."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mibench.judging.offline.coder import CLASSES, Coder, read_coder
from mibench.judging.offline.heads import counts_of
from mibench.judging.volley import VOLLEY_RULES, merged, own_volley, split_utterances
from mibench.records import digest_of, digest_of_files
from mibench.schema import CODES, Code, Occasion, Utterance, Verdict

if TYPE_CHECKING:
    import numpy as np

LONGEST = 6000
"""Characters beyond which the rest of a reply is not coded; said in the rating."""

FARTHEST = 20.0
"""How far the whole volley may move a sentence's odds."""


class OfflineJudge:
    """Shares of trained coders from hashed n-grams and boosted trees; `judges/offline/README.md` has its agreement."""

    name = "offline"

    def __init__(self, folder: Path, version: str) -> None:
        self.folder = folder
        self.version = version
        self._loaded: dict[str, Coder] = {}

    @cached_property
    def digest(self) -> str:
        """Changes with version, weights and volley rules."""
        weights = digest_of_files(self.folder.glob("weights_*.npz"))
        return digest_of(["offline", self.version, weights, VOLLEY_RULES])

    def rate(self, occasion: Occasion, reply: str) -> Verdict:
        """Calibrated shares of the ten codes, the likeliest code of each utterance, and the depth of a reflection."""
        volley, left_out = own_volley(reply)
        if not volley:
            return Verdict(status="unrated", reason="the reply holds no words of the counsellor", cost=0)
        if len(volley) > LONGEST:
            volley, left_out = volley[:LONGEST], f"only the first {LONGEST} characters were coded"
        pieces = split_utterances(volley)
        coder = self.coder(occasion.language)
        scores = coder.scores(occasion, pieces)
        shares = coder.shares(occasion, pieces, scores)
        counts = counts_of(shares, asked=occasion.asks_advice)
        utterances = merged(_utterances(pieces, coder.alone(scores), counts))
        return Verdict(
            status="rated",
            reason=left_out,
            utterances=utterances,
            counts=counts,
            utterance_count=len(utterances),
            depth=round(100 * shares["complex"], 1) if shares["reflection"] >= 0.5 else None,
            cost=0,
        )

    def coder(self, language: str) -> Coder:
        """The weights of a language. Raises UsageError where there are none."""
        if language not in self._loaded:
            self._loaded[language] = read_coder(self.folder / f"weights_{language}.npz")
        return self._loaded[language]


def _utterances(pieces: Sequence[str], shares_P_C: "np.ndarray", counts: dict[Code, float]) -> list[Utterance]:
    """Each sentence with its likeliest code: what it says by itself, moved to where the whole volley's shares are."""
    import numpy as np

    alone_C = 1 - np.prod(1 - shares_P_C[:, :-1], axis=0)
    wanted_C = np.array([counts.get(code, 0.0) for code in CODES])
    moved = shares_P_C.copy()
    moved[:, :-1] *= np.clip(wanted_C / np.maximum(alone_C, 1e-3), 1 / FARTHEST, FARTHEST)
    moved /= moved.sum(axis=1, keepdims=True)
    return [
        Utterance(text=piece, code=CLASSES[column], probability=round(float(row[column]), 4))
        for piece, column, row in zip(pieces, moved.argmax(axis=1), moved, strict=True)
    ]
