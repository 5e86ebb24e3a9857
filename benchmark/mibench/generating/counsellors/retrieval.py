"""Says what a counsellor of the training corpora said where the talk before was most like this one.

Nearest neighbour by TF-IDF over character n-grams (Salton & Buckley 1988: logarithmic counts, inverse document frequency,
cosine). It fits no reply to the client before it: what a model scores above it is more than knowing what a counsellor sounds like.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from mibench.content import room
from mibench.errors import UsageError
from mibench.generating.counsellors.counsellor import Counsellor
from mibench.records import digest_of_files
from mibench.suites import read_dialogues

GRAMS = {"zh": (2, 3), "en": (4, 5)}
"""Lengths of the n-grams. On held-out training dialogues other lengths find replies with the same codes about as often."""
FADE = 0.3
"""Weight of each turn beside the one after it: the client's last words count most."""
TURNS = 6
"""So many last turns are looked at; the seventh would weigh less than a thousandth."""


class Retrieval(Counsellor):
    """`--model retrieval`: no weights; reads `finetune/data/mi_<language>_train.jsonl` and never a suite."""

    def __init__(self) -> None:
        super().__init__()
        self._memories: dict[str, Memory] = {}
        self.revision = f"1-{digest_of_files([corpus(language) for language in sorted(GRAMS)])[:16]}"

    def answer(self, messages: list[dict[str, str]], doc: dict[str, Any]) -> str:
        """The counsellor's turn whose talk before is nearest; the same chat always gets the same one."""
        language = doc.get("language", "zh")
        if language not in self._memories:
            turns = [[turn.text for turn in dialogue.turns] for dialogue in read_dialogues(corpus(language))]
            said = [(talk[:place], talk[place]) for talk in turns for place in range(1, len(talk), 2)]
            self._memories[language] = Memory(said, GRAMS[language])
        return self._memories[language].nearest([m["content"] for m in messages if m["role"] != "system"])


def corpus(language: str) -> Path:
    """The training corpus of a language. Raises UsageError if it does not lie there."""
    path = room("finetune") / "data" / f"mi_{language}_train.jsonl"
    if not path.is_file():
        raise UsageError(f"The retrieval counsellor needs the training corpus {path}, which is not there.")
    return path


class Memory:
    """Replies, each to be found by the talk before it: `said` is pairs of such talk, oldest turn first, and the reply."""

    def __init__(self, said: Sequence[tuple[Sequence[str], str]], grams: tuple[int, ...], fade: float = FADE) -> None:
        from scipy.sparse import csr_array

        self.grams, self.fade = grams, fade
        self.replies = [reply for _, reply in said]
        counts_P = [self._counts(talk) for talk, _ in said]
        self._columns = {gram: column for column, gram in enumerate(dict.fromkeys(chain.from_iterable(counts_P)))}
        columns = [self._columns[gram] for counts in counts_P for gram in counts]
        starts = np.cumsum([0, *(len(counts) for counts in counts_P)])
        found_in_G = np.bincount(columns, minlength=len(self._columns))
        self._rarity_G = np.log((1 + len(self.replies)) / (1 + found_in_G))
        weights = np.log1p([count for counts in counts_P for count in counts.values()]) * self._rarity_G[columns]
        lengths_P = np.sqrt(np.add.reduceat(weights**2, starts[:-1]))
        weights /= np.repeat(lengths_P, np.diff(starts))
        self._weights_PG = csr_array((weights, columns, starts))

    def nearest(self, talk: Sequence[str]) -> str:
        """The reply whose talk before is most like `talk`, oldest turn first; of equal ones the first."""
        return self.replies[int(self.likeness(talk).argmax())]

    def likeness(self, talk: Sequence[str]) -> "np.ndarray":
        """Cosine of `talk` with the talk before each reply, to one factor that all share; rounded, so that equal ones are equal."""
        counts = {self._columns[gram]: count for gram, count in self._counts(talk).items() if gram in self._columns}
        talk_G = np.zeros(len(self._columns))
        talk_G[list(counts)] = np.log1p(list(counts.values()))
        likeness_P: np.ndarray = (self._weights_PG @ (talk_G * self._rarity_G)).round(9)
        return likeness_P

    def _counts(self, talk: Sequence[str]) -> dict[str, float]:
        """N-gram → how often it stands in the talk, a turn weighing `fade` times the one after it."""
        counts: dict[str, float] = defaultdict(float)
        for age, text in enumerate(reversed(talk[-TURNS:])):
            for gram in _grams(text, self.grams):
                counts[gram] += self.fade**age
        return counts


def _grams(text: str, lengths: tuple[int, ...]) -> Iterable[str]:
    plain = " ".join(text.lower().split())
    return (plain[start : start + n] for n in lengths for start in range(len(plain) - n + 1))
