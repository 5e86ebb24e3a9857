"""Whether a judge's use of a label is good enough, and by what bar.

Bars are expert targets anchored in what people reach (Pérez-Rosas et al. 2016: κ .31–.64 per code on single utterances;
AnnoMI's ten coders: .87 for questions, .66 for reflections, .50 for their kind). No standard sets them.
"""

from mibench.schema import CODES, NAMES, LabelTrial, Met, People

BARS: dict[str, float] = {
    **dict.fromkeys((NAMES[code] for code in CODES), 0.60),
    "question": 0.80,
    "reflection": 0.65,
    "simple reflection": 0.50,
    "complex reflection": 0.50,
    "therapist input": 0.60,
    "information": 0.60,
    "advice": 0.60,
    "persuasion": 0.60,
    "MI non-adherent": 0.60,
}
"""Label → Cohen's κ to be reached."""

LEAST = 0.40
"""However little people agree, no bar is lower: below is no more than fair agreement (Landis & Koch 1977)."""

ENOUGH = 30
"""Items with the label, and items without it, below which nothing is said."""

ENOUGH_PANEL = 10
"""Items to which most of several coders gave the label, below which their agreement does not move the bar."""

GLOBAL_BAR = 0.60
"""ICC(2,1) of a global with people's rating to be reached: “good” by Cicchetti (1994), Psychological Assessment 6."""

ENOUGH_SESSIONS = 20
"""Rated sessions below which nothing is said of a global."""


def bar_of(label: str, people: People | None, *, panels: bool) -> float | None:
    """The κ to be reached: the target, or what people reach if that is lower, but LEAST at least; None without target.

    What people reach is one coder against the majority of the others where most items were coded by `panels`, else one
    coder against another: the judge was held against the like.
    """
    target = BARS.get(label)
    if target is None or people is None or people.support < ENOUGH_PANEL:
        return target
    reached = people.rest if panels else people.pairs
    return target if reached is None else round(min(target, max(reached, LEAST)), 4)


def outcome(
    bar: float | None, kappa: float | None, support: int, without: int, codes: tuple[str, ...]
) -> tuple[Met, str]:
    """Whether the bar is met, and why in a sentence."""
    if not codes:
        return "unknown", "MITI has no such code, so no judge can give it"
    if bar is None:
        return "unknown", "no bar is set for this label"
    few, kind = min((support, "with"), (without, "without"))
    if few < ENOUGH:
        return "unknown", f"only {few} items {kind} the label; {ENOUGH} are needed"
    if kappa is None:
        return "unknown", "κ is undefined"
    if kappa >= bar:
        return "validated", f"κ {kappa:.2f} reaches the bar of {bar:.2f}"
    return "below", f"κ {kappa:.2f} does not reach the bar of {bar:.2f}"


def global_outcome(icc: float | None, sessions: int) -> tuple[Met, str]:
    """Whether a global's ICC(2,1) meets its bar, and why in a sentence."""
    if sessions < ENOUGH_SESSIONS:
        return "unknown", f"only {sessions} rated sessions; {ENOUGH_SESSIONS} are needed"
    if icc is None:
        return "unknown", "ICC is undefined"
    if icc >= GLOBAL_BAR:
        return "validated", f"ICC {icc:.2f} reaches the bar of {GLOBAL_BAR:.2f}"
    return "below", f"ICC {icc:.2f} does not reach the bar of {GLOBAL_BAR:.2f}"


def validated(labels: tuple[LabelTrial, ...]) -> bool:
    """Whether every label that could be tried met its bar, and at least one could."""
    tried = [label.met for label in labels if label.met != "unknown"]
    return bool(tried) and all(met == "validated" for met in tried)
