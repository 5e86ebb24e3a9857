"""What a suite of this size can show."""

from typing import Literal

from pydantic import Field

from mibench.schema.dialogue import Record


class Detectable(Record):
    """One metric: its variance components and the smallest difference that would be found."""

    metric: str
    label: str
    unit: str
    better: Literal["higher", "lower", "neither"]
    value: float | None
    """The run's own value; null when undefined."""
    between_dialogues: float | None = Field(default=None, ge=0)
    """Variance between dialogues of the difference of two runs (of one run, doubled, where there is one only)."""
    between_rounds: float | None = Field(default=None, ge=0)
    """Variance between rounds of a dialogue of the same, the judge's own included; null for what is no ratio of sums."""
    of_judge: float | None = Field(default=None, ge=0)
    """Of this, what a judge's repeats differ by; null where each reply was rated once."""
    detectable: float | None = Field(default=None, ge=0)
    """Smallest difference found with the wished probability at 5 %, on the metric's scale."""
    dialogues_needed: int | None = None
    """Dialogues needed to find the difference that was asked for, with as many rounds each."""
    note: str = ""
    """Why something is undefined."""


class Power(Record):
    """What can be shown with so many dialogues, rounds and repeats."""

    suite: str
    runs: tuple[str, ...]
    """Labels of the runs that the variances come from: one, or two that are differenced."""
    dialogues: int
    rounds: float
    """Rounds in a dialogue, on average."""
    repeats: int
    """Ratings of each reply."""
    power: float = Field(gt=0, lt=1)
    """Probability of finding the difference."""
    difference: float | None = None
    """The difference that was asked for."""
    metrics: tuple[Detectable, ...]
