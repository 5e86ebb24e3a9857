"""An old judge and a new one on the same replies: how scores under the new are to be read against old ones."""

from typing import Literal

from mibench.schema.dialogue import Record
from mibench.schema.miti import Rates
from mibench.schema.trial import Figure


class ColumnBridge(Record):
    """One code, global or safety question."""

    of: str
    old: float | None
    """Mean share (codes, questions: 0–1) or rating (globals: 1–5) by the old judge."""
    new: float | None
    kappa: Figure
    """Cohen's κ of the two judges' decisions, a share of at least one half (of SR and CR, and of Persuade and PwP, the likelier once the two together reach one half); not for globals."""
    r: Figure
    """Pearson's correlation of their shares or ratings."""
    shift: Figure
    """Mean of new − old."""


class Reading(Record):
    """A score under the new judge, and what the old one would have given."""

    new: float
    old: float
    low: float | None
    """95 % interval of `old`, dialogues resampled."""
    high: float | None


class MetricBridge(Record):
    """old ≈ intercept + slope · new."""

    metric: str
    label: str
    unit: str
    better: Literal["higher", "lower", "neither"]
    old: float | None
    """The metric on the shared replies by the old judge."""
    new: float | None
    dialogues: int
    r: Figure
    """Correlation of what dialogues make of the metric by the two judges: how much the line is worth."""
    slope: Figure
    intercept: Figure
    readings: tuple[Reading, ...] = ()
    """At one standard deviation of dialogues below the metric's value, at the value, and above, none of them off the scale;
    empty where there is no line."""
    why_not: str = ""
    """Why there is no line."""


class Bridge(Record):
    """`mibench judges bridge --json`."""

    old: str
    """Judge name."""
    new: str
    old_digest: str
    new_digest: str
    suite: str
    runs: tuple[str, ...]
    """Names of the run folders; their dialogues are taken together."""
    rates: Rates
    subjects: int
    """Replies or dialogues that both have rated."""
    left_out: int
    """Those that one of the two has not."""
    dialogues: int
    """What is resampled: a dialogue with all runs' replies to it."""
    columns: tuple[ColumnBridge, ...]
    metrics: tuple[MetricBridge, ...]
    method: str
    """How the lines are drawn, in sentences."""
    draws: int
    seed: int
