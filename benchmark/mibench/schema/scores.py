"""Ratings summed up, with their uncertainty: `scores.json`."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from mibench.schema.dialogue import Record
from mibench.schema.miti import Rates
from mibench.schema.trial import Met

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
    standard_error: float | None = None
    """By the jackknife over dialogues; null when undefined."""
    note: str = ""
    """Why the value or the interval is undefined, or a warning such as “legacy”."""
    detectable: float | None = None
    """Smallest difference to another run that would be found at 5 % with probability .8, were it as variable; null if undefined."""
    level: Level | None = None
    """MITI's Fair/Good threshold reached by the point estimate, where the manual sets one."""
    validated: Met | None = None
    """Whether its judges meet their bar against people's codes in the suite's language, on all that it is made of: the
    worst of labels and judges; null where no judge has a say in it, such as length."""
    validated_why: tuple[str, ...] = ()
    """Why, a phrase a reason; for the whole run, not for slices."""


class Slice(Record):
    """The same metrics over part of the rounds."""

    by: str
    """`client talk before`, `stage`, `resistance`, `area`, `topic`."""
    rates: Rates = "reply"
    """What the metrics are about: replies, replies to a risk, or whole dialogues."""
    value: str
    """Which part."""
    rounds: int
    """Rated rounds in it."""
    dialogues: int
    """Dialogues they come from."""
    estimates: tuple[Estimate, ...]


class Agreement(Record):
    """How alike several ratings of the same subjects are, for one code, global or question."""

    of: str
    """Code, global or safety question."""
    measure: Literal["alpha", "icc"]
    """`alpha`: Krippendorff's α for interval data, between judges; `icc`: ICC(2,1), between repeats of one judge."""
    value: float | None
    """1 is perfect, 0 is chance; null when undefined."""
    spread: float | None = Field(default=None, ge=0)
    """Mean standard deviation within a subject, on the scale of the rating: 0–1 for codes, 1–5 for globals."""
    subjects: int = Field(ge=0)
    """Replies or dialogues that were rated more than once."""
    note: str = ""
    """Why it is undefined."""


class JudgeScores(Record):
    """One judge's own column."""

    judge: str
    """Judge name."""
    rates: Rates
    """What it rates: every reply, replies to a risk, or whole dialogues."""
    evidence: str = ""
    """One sentence on how far it is to be trusted, from its card."""
    shared_family: str | None = None
    """Model family that judge and model have in common, as far as their names tell: such a judge may favour its own."""
    subjects: int
    """Rounds or dialogues it had to rate."""
    rated: int
    """Those it rated."""
    repeats: int = Field(ge=0)
    """Most ratings of one subject."""
    unrated: dict[str, int]
    """Reason → number of subjects."""
    estimates: tuple[Estimate, ...]
    """The scores from this judge alone."""
    stability: tuple[Agreement, ...] = ()
    """Run to run, where it rated subjects more than once."""
    cost: float | None
    """US dollars; null where a price was unknown."""
    seconds: float
    """Seconds of judging, summed over ratings."""


class Jury(Record):
    """The judges that rate the same thing; one judge is a jury of one."""

    rates: Rates
    judges: tuple[str, ...]
    """Names; a subject's rating is the mean over them."""
    subjects: int
    """Rounds of the suite that were to be rated; dialogues, where they rate dialogues."""
    rated: int
    """Those that every judge of the jury rated."""
    dialogues: int
    """Dialogues with at least one of these."""
    unrated: dict[str, int]
    """Reason → number of subjects."""
    agreement: tuple[Agreement, ...] = ()
    """Between the judges, where there are several."""
    without: dict[str, tuple[Estimate, ...]] = {}
    """Judge → the scores with this judge left out, on the same subjects."""

    @property
    def coverage(self) -> float:
        """Rated / subjects, 0–1."""
        return self.rated / self.subjects if self.subjects else 0.0


class Scores(Record):
    """Everything a run was worth under its judges."""

    model: str
    """How tables name the model."""
    suite: str
    digest: str
    """Comparability digest: only scores with equal digests belong in one table."""
    juries: tuple[Jury, ...]
    """A jury for each thing that is rated: replies, dialogues, risks."""
    judges: tuple[JudgeScores, ...]
    """Each judge alone."""
    statuses: dict[str, int]
    """Reply status → number of replies."""
    estimates: tuple[Estimate, ...]
    """The metrics of all juries."""
    slices: tuple[Slice, ...]
    draws: int
    """Bootstrap resamples of dialogues."""
    seed: int
    """Seed of the bootstrap."""

    @property
    def judge(self) -> str:
        """The judges' names in one line."""
        return " + ".join(judge.judge for judge in self.judges)

    @property
    def rates(self) -> tuple[Rates, ...]:
        """What was rated."""
        return tuple(jury.rates for jury in self.juries)

    @property
    def coverage(self) -> float:
        """Share of subjects rated by the jury that rated least of its own, 0–1."""
        return min((jury.coverage for jury in self.juries), default=0.0)

    @property
    def cost(self) -> float | None:
        """US dollars spent on judging; None where a price was unknown."""
        costs = [judge.cost for judge in self.judges]
        return None if any(cost is None for cost in costs) else round(sum(cost for cost in costs if cost), 6)

    def jury(self, rates: Rates) -> Jury | None:
        """The jury that rates this, if there is one."""
        return next((jury for jury in self.juries if jury.rates == rates), None)

    def has(self, metric: str) -> bool:
        """Whether the judges rate what `metric` is made of."""
        return any(estimate.metric == metric for estimate in self.estimates)

    def __getitem__(self, metric: str) -> Estimate:
        """The estimate of `metric`; KeyError if there is none."""
        for estimate in self.estimates:
            if estimate.metric == metric:
                return estimate
        raise KeyError(metric)

    def to_frame(self) -> "pd.DataFrame":
        """A row per metric and slice (`by` is `all` for the whole run), columns as in `Estimate`."""
        import pandas as pd

        rows = [{"by": "all", "of": "all", "rounds": self.juries[0].rated, **e.model_dump()} for e in self.estimates]
        for part in self.slices:
            rows += [{"by": part.by, "of": part.value, "rounds": part.rounds, **e.model_dump()} for e in part.estimates]
        return pd.DataFrame(rows)
