"""MI proficiency, 0–100: one number to sort by, made of MITI's own thresholds. The profile beside it is what to read.

Each part is a line through points that the manual's expert thresholds set (4.2.1, section H): 0 where the skill is absent,
50 at Fair (basic competence), 100 at Good (proficiency). The parts that were rated are averaged with equal weights, then the
mean is scaled down for MI non-adherent behaviour. No norm stands behind it: thresholds are expert opinion, the rest is ours.
"""

from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.bootstrap import ratio_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

PIECES: dict[str, tuple[tuple[float, float], ...]] = {
    "technical": ((1, 0), (3, 50), (4, 100)),
    "relational": ((1, 0), (3.5, 50), (4, 100)),
    "percent_cr": ((0, 0), (40, 50), (50, 100)),
    "r_to_q": ((0, 0), (1, 50), (2, 100), (4, 100), (10, 25)),
}
"""Part → (value, points). People practise MI at R:Q 1–2; beyond 4 a reply is an echo that leads nowhere, so points fall."""

ENOUGH_REFLECTIONS = 0.3
"""Reflections per reply from which %CR counts in full, in proportion below: one complex reflection among many questions is
no skill. In AnnoMI good sessions have .34 reflections per counsellor utterance, bad ones .08."""

ALL_LOST = 40.0
"""MINA in 100 utterances at which nothing is left; each one below costs 2.5 %."""


class Counts(NamedTuple):
    """Behaviour counts that proficiency is made of, each an array (n)."""

    simple: "np.ndarray"
    complex: "np.ndarray"
    questions: "np.ndarray"
    non_adherent: "np.ndarray"
    utterances: "np.ndarray"
    replies: "np.ndarray"


def proficiency(
    counts: Counts, ratings: "Mapping[str, np.ndarray]", weights: "Mapping[str, float] | None" = None
) -> "np.ndarray":
    """Points, 0–100, an array (n); NaN where nothing was said. `ratings`: technical and relational, 1–5, if rated.

    Without a reflection %CR has no value and earns 0. Without a question R:Q has none: 25 as for an echo if there are
    reflections (infinite), 0 if there are none either. `weights`: part → weight; equal if not given.
    """
    import numpy as np

    points = points_of(counts, ratings)
    weight = np.array([1.0 if weights is None else weights[part] for part in points])
    lost = np.clip(100 * ratio_of(counts.non_adherent, counts.utterances) / ALL_LOST, 0, 1)
    return np.asarray(weight / weight.sum() @ np.stack(list(points.values())) * (1 - lost))


def points_of(counts: Counts, ratings: "Mapping[str, np.ndarray]") -> "dict[str, np.ndarray]":
    """Part → points before MINA is counted, 0–100, an array (n)."""
    import numpy as np

    reflections = counts.simple + counts.complex
    r_to_q = ratio_of(reflections, counts.questions)
    r_to_q = np.where(np.isnan(r_to_q) & (reflections > 0), np.inf, r_to_q)
    enough = np.clip(ratio_of(reflections, counts.replies) / ENOUGH_REFLECTIONS, 0, 1)
    points = {name: _points(values, PIECES[name]) for name, values in ratings.items()}
    points["percent_cr"] = _points(100 * ratio_of(counts.complex, reflections), PIECES["percent_cr"]) * enough
    points["r_to_q"] = _points(r_to_q, PIECES["r_to_q"])
    return points


def _points(values: "np.ndarray", pieces: tuple[tuple[float, float], ...]) -> "np.ndarray":
    import numpy as np

    xs, ys = zip(*pieces, strict=True)
    return np.where(np.isnan(values), 0.0, np.interp(values, xs, ys))
