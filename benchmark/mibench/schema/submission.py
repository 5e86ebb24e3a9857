"""`submission.yaml`: who sends a model's runs to the leaderboard, what the model is, and how it was run."""

from typing import Literal

from pydantic import Field

from mibench.schema.dialogue import Record

Answer = Literal["yes", "no", "unknown"]
Standing = Literal["self-reported", "re-scored", "reproduced"]
"""What has been done to trust a row. self-reported: only the sender has seen it; re-scored: the scores were computed
again here from the ratings that came with it; reproduced: a judge rated the stored replies again and came out alike."""
Kind = Literal["model", "baseline", "reference", "human"]
"""model: competes; baseline: a counsellor that ships, to know what a score is worth; reference: the suite's own authored
replies; human: people's sessions, coded by people: another instrument."""


class Submission(Record):
    """What the sender says. Everything here is a stranger's word: it is shown, never trusted."""

    format: Literal[1] = 1
    name: str = Field(min_length=1, max_length=80)
    """How the table names the model."""
    organisation: str = Field(min_length=1, max_length=80)
    """Who sends it."""
    kind: Kind = "model"
    date: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    """When it was bundled, ISO."""
    revision: str = Field(default="", max_length=200)
    """Immutable mark of the weights, as the manifest has it."""
    url: str = Field(default="", max_length=300)
    """Where the model can be had; https only."""
    open_weights: Answer = "unknown"
    licence: str = Field(default="", max_length=120)
    """Of the weights; empty if unknown."""
    parameters: float | None = Field(default=None, gt=0)
    """Billions of parameters; absent if unknown."""
    base_model: str = Field(default="", max_length=120)
    """What it was tuned from; empty if from scratch or unknown."""
    fine_tuned: Answer = "unknown"
    """Whether it was tuned for counselling."""
    training_data: str = Field(default="", max_length=2000)
    """What it was tuned on, in the sender's words."""
    saw_the_suites: Answer = "unknown"
    """Whether dialogues of the suites, or their near copies, were in its training data, as far as the sender knows."""
    overlap: str = Field(default="", max_length=500)
    """What the fine-tuning's own leakage guard found and let pass, from its record beside the weights."""
    contact: str = Field(default="", max_length=200)
    """How to reach the sender; shown, so not a private address."""
    command: str = Field(default="", max_length=1000)
    """How it was run: a command that another can repeat."""
    notes: str = Field(default="", max_length=2000)


class Finding(Record):
    """One thing that a check has found in a submission."""

    severity: Literal["error", "alarm", "note"]
    """error: it cannot be taken; alarm: a person must look; note: worth knowing."""
    where: str
    """`file:line` below the submission's folder, or the folder."""
    what: str
    """What is wrong, what was expected and what to do, in one sentence."""


class Rejudged(Record):
    """How a second rating of the stored replies came out."""

    suite: str
    judge: str
    """Who rated again."""
    judge_digest: str
    date: str
    """ISO."""
    metric: str
    """The metric compared."""
    claimed: float | None
    """As submitted."""
    found: float | None
    """By the second rating."""
    allowed: float
    """Largest difference that counts as alike, in the metric's unit."""
    alike: bool


class Checked(Record):
    """`checked.json`, which maintainers keep beside a submission: what `mibench submit check` last said of it."""

    format: Literal[1] = 1
    standing: Standing
    version: str
    """Version of the benchmark that its runs belong to, e.g. `v1`."""
    sums: str
    """sha256 of its SHA256SUMS: a later edit makes this check void."""
    date: str
    """ISO."""
    rejudged: tuple[Rejudged, ...] = ()
