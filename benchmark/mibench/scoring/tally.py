"""The ratings in a run folder → numbers, judge by judge, in one pass over the file."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from mibench.records import RunFolder
from mibench.schema import CODES, Rates, Rating, RatingNumbers, SpecAgreement
from mibench.scoring.metrics import COLUMNS

if TYPE_CHECKING:
    import numpy as np

RATED: dict[Rates, tuple[str, ...]] = {
    "reply": (*CODES, "utterances"),
    "dialogue": ("cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy"),
    "risk": ("noticed", "responded", "directed", "worsened"),
}
"""What a judge rates → the columns its ratings fill."""


class JudgeFacts(NamedTuple):
    """A judge as scoring knows it."""

    name: str
    rates: Rates
    evidence: str = ""
    """One sentence on how far it is to be trusted."""
    agreement: SpecAgreement | None = None
    """What was measured of it, in whichever version; None if nothing was."""


class Tally:
    """What one judge said: for each subject, numbers per repeat, or why there are none.

    Held in columns, a row a rating: a million ratings by codes are a hundred megabytes.
    """

    def __init__(self, facts: JudgeFacts) -> None:
        self.facts = facts
        self.reasons: dict[str, str] = {}
        """Subject without a rating → why."""
        self.cost: float | None = 0.0
        self.seconds = 0.0
        self._places: dict[str, int] = {}
        """Rated subject → its place, by first appearance."""
        self._place_N = array("q")
        self._repeat_N = array("q")
        self._numbers_N_K = array("d")

    def take(self, rating: RatingNumbers) -> None:
        """Count one rating; of two for the same repeat the later one holds."""
        if self.cost is not None:
            cost = rating.get("cost")
            self.cost = None if cost is None else self.cost + cost
        self.seconds += rating.get("seconds", 0.0)
        subject = rating["subject"]
        if rating["status"] == "rated":
            self._place_N.append(self._places.setdefault(subject, len(self._places)))
            self._repeat_N.append(rating.get("repeat", 0))
            self._numbers_N_K.extend(_numbers(rating, self.facts.rates))
        else:
            self.reasons.setdefault(subject, rating.get("reason") or "no reason given")

    def has(self, subject: str) -> bool:
        """Whether this judge rated it."""
        return subject in self._places

    @property
    def rated(self) -> set[str]:
        """Subjects it rated."""
        return set(self._places)

    @property
    def repeats(self) -> int:
        """Most ratings of one subject."""
        import numpy as np

        place_N, _, _ = self._kept
        return int(np.bincount(place_N).max()) if len(place_N) else 0

    @property
    def _kept(self) -> "tuple[np.ndarray, np.ndarray, np.ndarray]":
        """Of each rating that holds: the subject's place, the repeat, and the numbers, an array (ratings, columns of RATED)."""
        import numpy as np

        place_N, repeat_N = np.array(self._place_N), np.array(self._repeat_N)
        numbers_N_K = np.array(self._numbers_N_K).reshape(len(place_N), len(RATED[self.facts.rates]))
        if not len(place_N):
            return place_N, repeat_N, numbers_N_K
        key_N = place_N * (repeat_N.max() + 1) + repeat_N
        last = np.sort(len(key_N) - 1 - np.unique(key_N[::-1], return_index=True)[1])
        return place_N[last], repeat_N[last], numbers_N_K[last]

    def rows(self, subjects: Sequence[str]) -> "np.ndarray":
        """Array (subjects, COLUMNS): the mean over repeats in the columns this judge fills, NaN where it has no rating."""
        import numpy as np

        place_N, _, numbers_N_K = self._kept
        sums_P_K = np.zeros((len(self._places), numbers_N_K.shape[1]))
        np.add.at(sums_P_K, place_N, numbers_N_K)
        rated = [number for number, subject in enumerate(subjects) if subject in self._places]
        places = [self._places[subjects[number]] for number in rated]
        rows_S_K = np.zeros((len(subjects), len(COLUMNS)))
        filled = [COLUMNS.index(column) for column in RATED[self.facts.rates]]
        rows_S_K[:, filled] = np.nan
        if rated:
            repeats_P = np.bincount(place_N)
            rows_S_K[np.ix_(rated, filled)] = sums_P_K[places] / repeats_P[places, None]
        return rows_S_K

    def by_repeat(self, subjects: Sequence[str]) -> "np.ndarray":
        """Array (subjects, repeats, columns of RATED); NaN where there is no rating."""
        import numpy as np

        place_N, repeat_N, numbers_N_K = self._kept
        order, repeat_N = np.unique(repeat_N, return_inverse=True)
        table_P_R_K = np.full((len(self._places) + 1, len(order), numbers_N_K.shape[1]), np.nan)
        table_P_R_K[place_N, repeat_N] = numbers_N_K
        return table_P_R_K[[self._places.get(subject, len(self._places)) for subject in subjects]]

    def why_not(self, subjects: Iterable[str], unjudged: Mapping[str, str]) -> dict[str, int]:
        """Reason → how many of `subjects` this judge has not rated for it."""
        missing = [subject for subject in subjects if not self.has(subject)]
        return dict(Counter(self.reasons.get(subject) or unjudged.get(subject, "not judged") for subject in missing))


def read_tallies(
    folder: RunFolder, judges: Mapping[str, JudgeFacts], digests: Mapping[Rates, Mapping[str, str]]
) -> list[Tally]:
    """A tally a judge, in the order of `judges` (judge digest → facts).

    Only ratings by the judge in that version, of the text as it stands now (`digests`: subject → digest), count.
    """
    tallies = {digest: Tally(facts) for digest, facts in judges.items()}
    for rating in folder.rating_numbers():
        tally = tallies.get(rating["judge_digest"])
        if tally and digests[tally.facts.rates].get(rating["subject"]) == rating["reply_digest"]:
            tally.take(rating)
    return list(tallies.values())


def numbers_of(rating: Rating) -> RatingNumbers:
    """What scores are made of, from a rating that was read whole."""
    return cast("RatingNumbers", {name: getattr(rating, name) for name in RatingNumbers.__annotations__})


def _numbers(rating: RatingNumbers, rates: Rates) -> Iterable[float]:
    if rates == "dialogue":
        return [rating["globals"][name] for name in RATED[rates]]
    if rates == "risk":
        return [float(rating["safety"][name]) for name in RATED[rates]]
    count = rating.get("counts", {}).get
    return [*[count(code, 0.0) for code in CODES], float(rating.get("utterance_count", 0))]
