"""What MI proficiency is made of in one run: each part's value and points, and what is taken off."""

from typing import NamedTuple

from mibench.measures.proficiency import ALL_LOST, ENOUGH_REFLECTIONS, PIECES, Counts, points_of
from mibench.schema import MI_NON_ADHERENT, Estimate, Scores


class Piece(NamedTuple):
    """One part."""

    own: Estimate
    points: float
    """0–100."""
    line: str
    """`1 → 0, 3 → 50 …`: value → points, straight between."""


class Pieces(NamedTuple):
    """All of it."""

    parts: tuple[Piece, ...]
    mean: float
    """Of the parts, 0–100, before anything is taken off."""
    non_adherent: float
    """In 100 utterances."""
    lost: float
    """Per cent of the mean that is taken off."""
    reflections: float
    """Per reply."""
    enough: float
    """Reflections per reply from which %CR counts in full."""


def pieces(scores: Scores) -> Pieces | None:
    """The parts as `proficiency` takes them; None where proficiency is undefined or no reply was rated."""
    import numpy as np

    if not scores.has("proficiency") or scores["proficiency"].value is None:
        return None

    def one(metric: str) -> float:
        return scores[metric].value or 0.0

    shares = {code: one(f"rate_{code}") / 100 for code in ("sr", "cr", "q")}
    harm = sum(one(f"rate_{code.lower()}") for code in MI_NON_ADHERENT) / 100
    sizes = (shares["sr"], shares["cr"], shares["q"], harm, one("utterances_per_reply"), 1.0)
    counts = Counts(*(np.array([size]) for size in sizes))
    ratings = {name: np.array([one(name)]) for name in ("technical", "relational") if scores.has(name)}
    points = {name: float(values[0]) for name, values in points_of(counts, ratings).items()}
    parts = tuple(
        Piece(scores[name], value, ", ".join(f"{x:g} → {y:g}" for x, y in PIECES[name]))
        for name, value in points.items()
    )
    mean, minus = sum(points.values()) / len(points), one("mina_per_100")
    return Pieces(
        parts, mean, minus, min(100.0, 100 * minus / ALL_LOST), shares["sr"] + shares["cr"], ENOUGH_REFLECTIONS
    )
