"""Judges that rated the same replies of a submission: how alike they are, and whether one favours its own family."""

from collections.abc import Sequence
from statistics import mean
from typing import NamedTuple

from mibench.schema import Jury, Scores

METRIC = "percent_cr"
"""What judges differ in most, and what flatters a model: every judge of replies gives it."""


class Beside(NamedTuple):
    """Judges of one run, beside each other."""

    submission: str
    suite: str
    alpha: float | None
    """Krippendorff's α, mean over labels; None where undefined."""
    lowest: tuple[str, float] | None
    """The label they agree on least."""
    each: tuple[tuple[str, float | None], ...]
    """(judge, %CR by it alone)."""


class Favour(NamedTuple):
    """How much higher a judge puts %CR than the other judges of the same replies, in points."""

    judge: str
    own: float
    """Mean over runs of models of its family."""
    own_runs: int
    others: float
    """Mean over the rest."""
    other_runs: int


def beside_each_other(scores: Sequence[tuple[str, Scores]]) -> list[Beside]:
    """A row for each run whose replies several judges rated."""
    return [_beside(name, run, jury) for name, run in scores if (jury := run.jury("reply")) and len(jury.judges) > 1]


def _beside(name: str, run: Scores, jury: Jury) -> Beside:
    alphas = [(one.of, one.value) for one in jury.agreement if one.value is not None]
    return Beside(
        name, run.suite, mean(value for _, value in alphas) if alphas else None,
        min(alphas, key=lambda pair: pair[1], default=None),
        tuple((judge, _alone(run, judge)) for judge in jury.judges),
    )  # fmt: skip


def favours(scores: Sequence[tuple[str, Scores]]) -> list[Favour]:
    """A row for each judge that has rated models of its own family and others, each beside another judge; by name."""
    above: dict[str, dict[bool, list[float]]] = {}
    for _, run in scores:
        jury = run.jury("reply")
        families = {judge.judge: judge.shared_family for judge in run.judges}
        alone = {judge: value for judge in jury.judges if (value := _alone(run, judge)) is not None} if jury else {}
        for judge, value in alone.items():
            rest = [other for name, other in alone.items() if name != judge]
            if rest:
                own = bool(families.get(judge))
                above.setdefault(judge, {True: [], False: []})[own].append(value - mean(rest))
    return [
        Favour(judge, mean(found[True]), len(found[True]), mean(found[False]), len(found[False]))
        for judge, found in sorted(above.items())
        if found[True] and found[False]
    ]


def _alone(run: Scores, judge: str) -> float | None:
    own = next((entry for entry in run.judges if entry.judge == judge and entry.rates == "reply"), None)
    return next((e.value for e in own.estimates if e.metric == METRIC), None) if own else None
