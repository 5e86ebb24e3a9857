"""The judge that a submission claims beside the offline judge on the same replies: an alarm, never a verdict.

Nobody knows the truth about a model's replies, but both judges look at the same ones, and how the offline judge stands to
known codes was measured (`judges/offline/agreement.json`). From that, for reflections and for questions:

- **κ, reply by reply.** A judge about as good as the coders that offline was held against agrees with it about as well. The
  floor is half of the lowest lower end of κ's 95 % interval over the trials in the suite's language. Ratings that were made up
  or belong to other replies have κ near 0.
- **How often.** Against known codes offline gives a label recall / precision times too often. The claimed judge may give it
  as often as offline divided by the smallest and the largest such ratio over the trials, and twice beyond that.

For MI proficiency by behaviour counts, the headline, nothing was measured: HEADLINE points are a wide choice. Each label is looked at only with FEW replies that have the label and FEW that
have not, by the claimed judge or by offline, as in the trials.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.proficiency import Counts, proficiency
from mibench.schema import MI_NON_ADHERENT, Code, Rating, SpecAgreement, Verdict
from mibench.submitting.findings import Findings

if TYPE_CHECKING:
    from mibench.schema import LabelAgreement

LABELS = ("reflection", "question")
FEW = 30
BEYOND = 2.0
"""How far beyond the measured ratios is still no alarm."""
HALF = 0.5
"""Part of the measured κ that is asked for."""
HEADLINE = 30.0
"""Points of MI proficiency, 0–100."""
EXACT = 2e-3
"""Largest difference of two shares by one and the same judge on two machines."""


class Bounds(NamedTuple):
    """What the trials of the offline judge allow for one label."""

    codes: tuple[Code, ...]
    kappa: float
    """Floor."""
    least: float
    """Smallest claimed / offline count."""
    most: float


def bounds_of(label: str, measured: SpecAgreement, language: str) -> Bounds | None:
    """From every trial in the language, by people or by the text's author; None where none could tell."""
    entries: list[LabelAgreement] = [
        entry
        for trial in measured.trials
        if trial.language == language
        for entry in trial.labels
        if entry.label == label and entry.support >= FEW and entry.precision and entry.recall
    ]
    lows = [entry.kappa.low for entry in entries if entry.kappa.low is not None]
    ratios = [entry.recall / entry.precision for entry in entries if entry.recall and entry.precision]
    if not entries or not lows:
        return None
    return Bounds(entries[0].codes, HALF * min(lows), 1 / (BEYOND * max(ratios)), BEYOND / min(ratios))


def check_same_judge(
    file: str, ratings: Sequence[tuple[int, Rating]], own: Mapping[str, Verdict], findings: Findings
) -> None:
    """Ratings said to be by a judge that runs here, against what it says here: they must be equal."""
    wrong = []
    for line, rating in ratings:
        true = own[rating.subject]
        codes = {*rating.counts, *true.counts}
        far = max((abs(rating.counts.get(code, 0.0) - true.counts.get(code, 0.0)) for code in codes), default=0.0)
        if rating.status != true.status or far > EXACT or rating.utterance_count != true.utterance_count:
            code = max(
                codes, key=lambda one: abs(rating.counts.get(one, 0.0) - true.counts.get(one, 0.0)), default=None
            )
            what = (
                f"{code} {rating.counts.get(code, 0.0):.3f}, it gives {true.counts.get(code, 0.0):.3f}"
                if code
                else f"“{rating.status}”, it says “{true.status}”"
            )
            wrong.append(
                (
                    f"{file}:{line}",
                    f"{rating.subject} is said to have from {rating.judge} {what} when it judges here: ratings are not written by hand.",
                )
            )
    findings.several("error", wrong, f"ratings that {ratings[0][1].judge if ratings else 'the judge'} does not give")


def check_other_judge(
    file: str, judge: str, ratings: Sequence[tuple[int, Rating]], own: Mapping[str, Verdict], bounds: Mapping[str, Bounds], findings: Findings
) -> None:  # fmt: skip
    """Ratings by another judge beside the offline judge's verdicts, subject by subject."""
    pairs = [
        (rating, own[rating.subject])
        for _, rating in ratings
        if rating.status == "rated" and own[rating.subject].status == "rated"
    ]
    _check_headline(file, judge, pairs, findings)
    for label, bound in bounds.items():
        claimed = [_given(rating, bound.codes) for rating, _ in pairs]
        offline = [_given(verdict, bound.codes) for _, verdict in pairs]
        if min(sum(offline), len(pairs) - sum(offline)) >= FEW and min(sum(claimed), len(pairs) - sum(claimed)) >= FEW:
            kappa = cohen_kappa(claimed, offline)
            if kappa is not None and kappa < bound.kappa:
                findings.alarm(
                    file,
                    f"{judge} and the offline judge agree on which replies have a {label} with κ {kappa:.2f}; what was measured of the offline judge lets expect {bound.kappa:.2f} at least. Are these ratings of these replies?",
                )
        if (
            max(sum(claimed), sum(offline)) >= FEW
            and not bound.least <= sum(claimed) / max(1, sum(offline)) <= bound.most
        ):
            findings.alarm(
                file,
                f"{judge} gives a {label} in {sum(claimed)} of {len(pairs)} replies, the offline judge in {sum(offline)}; {math.floor(bound.least * sum(offline))} to {math.ceil(bound.most * sum(offline))} would be no surprise.",
            )


def _check_headline(file: str, judge: str, pairs: Sequence[tuple[Rating, Verdict]], findings: Findings) -> None:
    if len(pairs) < FEW:
        return
    claimed, offline = (_proficiency([pair[side] for pair in pairs]) for side in (0, 1))
    if abs(claimed - offline) > HEADLINE:
        findings.alarm(
            file,
            f"MI proficiency of the behaviour counts is {claimed:.1f} by {judge} and {offline:.1f} by the offline judge, more than {HEADLINE:.0f} points apart.",
        )


def _proficiency(verdicts: Sequence[Verdict]) -> float:
    import numpy as np

    def total(*codes: Code) -> "np.ndarray":
        return np.array([sum(verdict.counts.get(code, 0.0) for verdict in verdicts for code in codes)])

    utterances = np.array([float(sum(verdict.utterance_count for verdict in verdicts))])
    counts = Counts(
        total("SR"), total("CR"), total("Q"), total(*MI_NON_ADHERENT), utterances, np.array([len(verdicts)])
    )
    return float(np.nan_to_num(proficiency(counts, {}))[0])


def cohen_kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Cohen's κ of two codings as given or not; None where nothing varies."""
    total = len(one)
    if not total:
        return None
    a, b = sum(one) / total, sum(other) / total
    agree = sum(x == y for x, y in zip(one, other, strict=True)) / total
    chance = a * b + (1 - a) * (1 - b)
    return (agree - chance) / (1 - chance) if chance < 1 else None


def _given(verdict: Verdict, codes: Sequence[Code]) -> bool:
    """From one half of the coders on, taken together, as in the trials."""
    return sum(verdict.counts.get(code, 0.0) for code in codes) >= 0.5
