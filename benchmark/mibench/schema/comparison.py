"""Runs held against each other on the same rounds."""

from typing import Literal

from pydantic import Field

from mibench.schema.dialogue import Record


class Side(Record):
    """One run in a comparison."""

    label: str
    """How tables name it: the model, with the judge where judges are compared."""
    folder: str
    """Name of the run folder, without its path."""
    digest: str
    """Comparability digest of its scores."""
    replies_digest: str
    """sha256 over its replies."""


class Difference(Record):
    """One metric of two runs: the first minus the second, on the rounds that both have rated."""

    metric: str
    label: str
    unit: str
    better: Literal["higher", "lower", "neither"]
    first: str
    """Label of the run that is subtracted from."""
    second: str
    """Label of the run that is subtracted."""
    first_value: float | None
    """On the shared rounds; null when undefined."""
    second_value: float | None
    difference: float | None
    low: float | None = None
    """Lower end of the 95 % interval of the difference; BCa, dialogues resampled in pairs."""
    high: float | None = None
    p: float | None = None
    """Two-sided, whole dialogues swapped at random between the runs."""
    p_holm: float | None = None
    """Adjusted for all differences of the comparison (Holm 1979)."""
    effect: float | None = None
    """The difference in standard deviations of what dialogues make of it."""
    at_equal_length: float | None = None
    """The difference that is left where both replies to a round are equally long."""
    at_equal_length_low: float | None = None
    at_equal_length_high: float | None = None
    corrected: float | None = None
    """The difference of the scores corrected by human codes, where both runs have such."""
    corrected_low: float | None = None
    corrected_high: float | None = None
    note: str = ""
    """Why something is undefined, or a warning."""

    @property
    def real(self) -> bool:
        """Whether the difference is told from chance at 5 % after adjustment."""
        return self.p_holm is not None and self.p_holm <= 0.05

    @property
    def winner(self) -> str | None:
        """The run that does better, where the difference is real and the metric has a better direction."""
        if not self.real or self.difference is None or self.better == "neither":
            return None
        return self.first if (self.difference > 0) == (self.better == "higher") else self.second


class Ties(Record):
    """Runs in the order of one metric, in groups that cannot be told from the group's first run."""

    metric: str
    groups: tuple[tuple[str, ...], ...]
    """Labels, best group first. Within a group no run differs from its first one; others may differ from each other."""


class Comparison(Record):
    """Some runs on one suite, each with each."""

    suite: str
    """Suite name; several joined by ` + ` where their dialogues are taken together."""
    sides: tuple[Side, ...]
    rounds: int = Field(ge=0)
    """Rounds that every run has rated."""
    dialogues: int = Field(ge=0)
    """Dialogues they come from."""
    left_out: int = Field(ge=0)
    """Rounds that only some of the runs have rated."""
    differences: tuple[Difference, ...]
    ties: tuple[Ties, ...]
    weights_hold: dict[str, float] = {}
    """`first − second` → share of 1,000 random weightings of MI proficiency's parts (flat Dirichlet) that keep its sign."""
    unequal: tuple[str, ...] = ()
    """What differs between the runs that should not, where the user asked for the comparison all the same."""
    draws: int
    """Bootstrap resamples and, at most, arrangements of the permutation test."""
    seed: int
