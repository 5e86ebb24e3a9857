"""Ratings summed up, with their uncertainty: `scores.json`."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from mibench.schema.dialogue import Record
from mibench.schema.miti import Rates

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["good", "fair", "below"]


class Estimate(Record):
    """One metric with its interval."""

    metric: str
    """Short name, e.g. `r_to_q`."""
    label: str
    """How a table names it, e.g. `R:Q`."""
    unit: str
    """`ratio`, `%`, `per dialogue`, `per 100 utterances`, `characters`, `0–100`."""
    better: Literal["higher", "lower", "neither"]
    """Which way is better; `neither` where the manual sets no direction."""
    value: float | None
    """Point estimate; null when undefined."""
    low: float | None = None
    """Lower end of the 95 % interval."""
    high: float | None = None
    """Upper end."""
    note: str = ""
    """Why the value or the interval is undefined, or a warning such as “legacy”."""
    level: Level | None = None
    """MITI's Fair/Good threshold reached by the point estimate, where the manual sets one."""


class Slice(Record):
    """The same metrics over part of the rounds."""

    by: str
    """`client talk before`, `stage`, `resistance`, `area`, `topic`."""
    value: str
    """Which part."""
    rounds: int
    """Rated rounds in it."""
    dialogues: int
    """Dialogues they come from."""
    estimates: tuple[Estimate, ...]


class Scores(Record):
    """Everything a run was worth under one judge."""

    model: str
    """How tables name the model."""
    suite: str
    judge: str
    judge_evidence: str = ""
    """One sentence on how far the judge is to be trusted, from its card."""
    shared_family: str | None = None
    """Model family that judge and model have in common, as far as their names tell: such a judge may favour its own."""
    rates: Rates = "reply"
    """What the judge rates: every reply, replies to a risk, or whole dialogues."""
    digest: str
    """Comparability digest: only scores with equal digests belong in one table."""
    rounds: int
    """Rounds of the suite that were to be rated; dialogues, where the judge rates dialogues."""
    rated: int
    """Those with a rating."""
    dialogues: int
    """Dialogues with at least one rated round."""
    coverage: float = Field(ge=0, le=1)
    """rated / rounds."""
    statuses: dict[str, int]
    """Reply status → number of replies."""
    unrated: dict[str, int]
    """Reason → number of rounds."""
    estimates: tuple[Estimate, ...]
    slices: tuple[Slice, ...]
    draws: int
    """Bootstrap resamples of dialogues."""
    seed: int
    """Seed of the bootstrap."""
    cost: float | None
    """US dollars spent on judging; null where a price was unknown."""
    judge_seconds: float
    """Seconds of judging, summed over ratings."""

    def __getitem__(self, metric: str) -> Estimate:
        """The estimate of `metric`; KeyError if there is none."""
        for estimate in self.estimates:
            if estimate.metric == metric:
                return estimate
        raise KeyError(metric)

    def to_frame(self) -> "pd.DataFrame":
        """A row per metric and slice (`by` is `all` for the whole run), columns as in `Estimate`."""
        import pandas as pd

        rows = [{"by": "all", "of": "all", "rounds": self.rated, **e.model_dump()} for e in self.estimates]
        for part in self.slices:
            rows += [{"by": part.by, "of": part.value, "rounds": part.rounds, **e.model_dump()} for e in part.estimates]
        return pd.DataFrame(rows)
