"""Scores as claimed against scores computed again from the ratings."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from mibench.schema import Scores
from mibench.submitting.findings import Findings
from mibench.submitting.reading import ReadRun

ALIKE = 1e-6
"""Largest relative difference that rounding on another machine may cause."""
TODAY = {"evidence", "validated", "validated_why", "shared_family"}
"""What is said of a judge today may have been said otherwise when the run was scored."""
NAMED = {"metric": "metric", "judge": "judge", "rates": "rates", "of": "of"}
FEWEST, MOST = 200, 20_000
"""Resamples with which intervals are drawn again."""
NUMBER_NAMES = {
    "value": "", "low": "lower end of ", "high": "upper end of ", "standard_error": "standard error of ",
    "detectable": "detectable difference of ",
}  # fmt: skip


def check_scores(run: ReadRun, found: Scores, findings: Findings) -> None:
    """`found`, from the ratings with the claimed seed and draws, equals the claimed scores; each difference is named."""
    file = f"{run.suite}/scores.json"
    wrong = []
    for place, name, claimed, true in differences(run.scores, found):
        metric = place[-1] if place and place[0] == "estimates" else ""
        line = run.score_line(metric) if metric else 1
        wrong.append(
            (
                f"{file}:{line}",
                f"{_said(place, name)} is claimed to be {_number(claimed)}; the ratings give {_number(true)}.",
            )
        )
    findings.several("error", wrong, "numbers that the ratings do not give")


def can_be_drawn(run: ReadRun, findings: Findings) -> bool:
    """Whether the claimed number of resamples and their seed can be drawn here."""
    if FEWEST <= run.scores.draws <= MOST and run.scores.seed >= 0:
        return True
    findings.error(
        f"{run.suite}/scores.json:1",
        f"its intervals are from {run.scores.draws} resamples by the seed {run.scores.seed}; {FEWEST} to {MOST:,} by a seed of 0 or more are taken (`mibench score RUN`).",
    )
    return False


def differences(claimed: Scores, found: Scores) -> Iterator[tuple[tuple[str, ...], str, Any, Any]]:
    """(place, field, claimed, found) of everything that differs, the whole run's metrics first; words on judges left out."""
    one, other = claimed.model_dump(mode="json"), found.model_dump(mode="json")
    first = ("estimates", "juries", "judges", "statuses")
    for key in (*first, *(key for key in one if key not in first)):
        yield from _compare(one[key], other[key], (key,), key)


def _compare(
    one: Any, other: Any, place: tuple[str, ...], name: str
) -> Iterator[tuple[tuple[str, ...], str, Any, Any]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*one, *other]):
            if key not in TODAY:
                yield from _compare(one.get(key), other.get(key), place, key)
    elif isinstance(one, list) and isinstance(other, list):
        names = [_name(entry) for entry in other]
        if len(one) != len(other) or [_name(entry) for entry in one] != names:
            yield place, f"list of {name}", len(one), len(other)
            return
        for label, mine, theirs in zip(names, one, other, strict=True):
            yield from _compare(mine, theirs, (*place, label) if label else place, name)
    elif not _alike(one, other):
        yield place, name, one, other


def _alike(one: Any, other: Any) -> bool:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other))
    return math.isclose(one, other, rel_tol=ALIKE, abs_tol=ALIKE) if numbers else bool(one == other)


def _name(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    if "by" in entry:
        return f"{entry['by']}: {entry['value']}"
    return next((str(entry[key]) for key in NAMED if key in entry), "")


def _said(place: Sequence[str], name: str) -> str:
    what = f"the {NUMBER_NAMES[name]}{place[-1]}" if name in NUMBER_NAMES and len(place) > 1 else f"“{name}”"
    inside = " of ".join(reversed(place[1:-1] if name in NUMBER_NAMES else place[1:]))
    return f"{what} ({inside})" if inside else what


def _number(value: Any) -> str:
    if value is None:
        return "undefined"
    return (
        f"{value:.6g}"
        if isinstance(value, float)
        else f"“{str(value)[:80]}”"
        if isinstance(value, str)
        else str(value)[:80]
    )
