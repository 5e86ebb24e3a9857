"""How well people agree with each other on what the judge was tried on: the yardstick beside every κ."""

from itertools import combinations
from typing import TYPE_CHECKING

from mibench.measures.agreement import fleiss_kappa
from mibench.measures.confusion import cells_of, kappa_of
from mibench.schema import People
from mibench.validating.trials.sheet import rounded

if TYPE_CHECKING:
    import numpy as np


def people(votes_C_I: "np.ndarray", judge_I: "np.ndarray", classes: int = 2) -> People | None:
    """The row of people for votes (coders, items), each a class from 0 or NaN; None where no item has two votes."""
    import numpy as np

    panel = (~np.isnan(votes_C_I)).sum(axis=0) >= 2
    votes, judge = votes_C_I[:, panel], judge_I[panel]
    coders = [row for row in range(len(votes)) if not np.isnan(votes[row]).all()]
    if not coders:
        return None
    votes = votes[coders]
    rest, place = [], []
    for row, own in enumerate(votes):
        others = np.where(np.isnan(own), np.nan, majority(np.delete(votes, row, axis=0), classes))
        rest.append(kappa(others, own, classes))
        place.append(kappa(others, judge, classes))
    pairs = [kappa(votes[one], votes[other], classes) for one, other in combinations(range(len(votes)), 2)]
    known_rest, known_pairs = _known(rest), _known(pairs)
    return People(
        items=int(panel.sum()),
        support=int((majority(votes, classes) == 1).sum()) if classes == 2 else int(panel.sum()),
        coders=len(coders),
        fleiss=rounded(fleiss_kappa(vote_counts(votes, classes))),
        rest=_mean(known_rest),
        rest_low=rounded(min(known_rest, default=None)),
        rest_high=rounded(max(known_rest, default=None)),
        pairs=_mean(known_pairs),
        pairs_low=rounded(min(known_pairs, default=None)),
        pairs_high=rounded(max(known_pairs, default=None)),
        judge=_mean(_known(place)),
    )


def majority(votes_C_I: "np.ndarray", classes: int = 2) -> "np.ndarray":
    """The class most coders gave each item; NaN where two classes have equally many, or nobody voted."""
    import numpy as np

    counts_I_C = vote_counts(votes_C_I, classes)
    most = counts_I_C.max(axis=1)
    alone = ((counts_I_C == most[:, None]).sum(axis=1) == 1) & (most > 0)
    return np.where(alone, counts_I_C.argmax(axis=1), np.nan)


def vote_counts(votes_C_I: "np.ndarray", classes: int = 2) -> "np.ndarray":
    """Array (items, classes): how many coders gave each class."""
    import numpy as np

    return np.stack([(votes_C_I == number).sum(axis=0) for number in range(classes)], axis=1).astype(float)


def kappa(first_I: "np.ndarray", second_I: "np.ndarray", classes: int = 2) -> float | None:
    """Cohen's κ on items where both are known; None where undefined."""
    return rounded(kappa_of(cells_of(first_I, second_I, classes).sum(axis=0, keepdims=True))[0])


def _known(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _mean(values: list[float]) -> float | None:
    return rounded(sum(values) / len(values)) if values else None
