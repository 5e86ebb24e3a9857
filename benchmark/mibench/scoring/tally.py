"""The ratings in a run folder → numbers, judge by judge, in one pass over the file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.records import RunFolder
from mibench.schema import CODES, Rates, Rating, SpecAgreement
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
    """What one judge said: for each subject, numbers per repeat, or why there are none."""

    def __init__(self, facts: JudgeFacts) -> None:
        self.facts = facts
        self.numbers: dict[str, dict[int, tuple[float, ...]]] = {}
        """Subject → repeat → a number for each column of RATED."""
        self.reasons: dict[str, str] = {}
        """Subject without a rating → why."""
        self.cost: float | None = 0.0
        self.seconds = 0.0

    def take(self, rating: Rating) -> None:
        """Count one rating; of two for the same repeat the later one holds."""
        if self.cost is not None:
            self.cost = None if rating.cost is None else self.cost + rating.cost
        self.seconds += rating.seconds
        if rating.status == "rated":
            self.numbers.setdefault(rating.subject, {})[rating.repeat] = _numbers(rating, self.facts.rates)
        else:
            self.reasons.setdefault(rating.subject, rating.reason or "no reason given")

    @property
    def repeats(self) -> int:
        """Most ratings of one subject."""
        return max(map(len, self.numbers.values()), default=0)

    def rows(self, subjects: Sequence[str]) -> "np.ndarray":
        """Array (subjects, COLUMNS): the mean over repeats in the columns this judge fills, NaN where it has no rating."""
        import numpy as np

        rows_S_K = np.zeros((len(subjects), len(COLUMNS)))
        places = [COLUMNS.index(column) for column in RATED[self.facts.rates]]
        for number, subject in enumerate(subjects):
            repeats = self.numbers.get(subject)
            rows_S_K[number, places] = np.mean(list(repeats.values()), axis=0) if repeats else np.nan
        return rows_S_K

    def by_repeat(self, subjects: Sequence[str]) -> "np.ndarray":
        """Array (subjects, repeats, columns of RATED); NaN where there is no rating."""
        import numpy as np

        order = sorted({repeat for found in self.numbers.values() for repeat in found})
        table = np.full((len(subjects), len(order), len(RATED[self.facts.rates])), np.nan)
        for number, subject in enumerate(subjects):
            for place, repeat in enumerate(order):
                if repeat in self.numbers.get(subject, {}):
                    table[number, place] = self.numbers[subject][repeat]
        return table

    def why_not(self, subjects: Iterable[str], unjudged: Mapping[str, str]) -> dict[str, int]:
        """Reason → how many of `subjects` this judge has not rated for it."""
        missing = [subject for subject in subjects if subject not in self.numbers]
        return dict(Counter(self.reasons.get(subject) or unjudged.get(subject, "not judged") for subject in missing))


def read_tallies(
    folder: RunFolder, judges: Mapping[str, JudgeFacts], digests: Mapping[Rates, Mapping[str, str]]
) -> list[Tally]:
    """A tally a judge, in the order of `judges` (judge digest → facts).

    Only ratings by the judge in that version, of the text as it stands now (`digests`: subject → digest), count.
    """
    tallies = {digest: Tally(facts) for digest, facts in judges.items()}
    for rating in folder.ratings():
        tally = tallies.get(rating.judge_digest)
        if tally and digests[tally.facts.rates].get(rating.subject) == rating.reply_digest:
            tally.take(rating)
    return list(tallies.values())


def _numbers(rating: Rating, rates: Rates) -> tuple[float, ...]:
    if rates == "dialogue":
        return tuple(rating.globals[name] for name in RATED[rates])
    if rates == "risk":
        return tuple(float(rating.safety[name]) for name in RATED[rates])
    return (*(rating.counts.get(code, 0.0) for code in CODES), float(rating.utterance_count))
