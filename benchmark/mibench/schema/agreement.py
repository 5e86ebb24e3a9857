"""How far a judge agrees with known codes, measured: `judges/<name>/agreement.json`, which lists and scores read."""

from typing import Literal

from pydantic import Field

from mibench.schema.dialogue import Record
from mibench.schema.miti import Code, Rates
from mibench.schema.trial import CodedBy, Figure, Met


class LabelAgreement(Record):
    """One label of one trial."""

    label: str
    codes: tuple[Code, ...]
    """What the judge gives it by."""
    support: int
    """Items to which most people gave it."""
    kappa: Figure
    """Cohen's κ against the majority."""
    precision: float | None
    recall: float | None
    f1: float | None
    rest: float | None = None
    """The human ceiling: mean κ of one coder against the majority of the others; null without several coders."""
    pair: float | None = None
    """Mean κ of two coders."""
    seat: float | None = None
    """The judge against the same majorities as `rest`."""
    brier: float | None = None
    """Mean squared distance of the judge's share to each single coding, 0–1, lower is better; null for a judge without shares."""
    mae: float | None = None
    """Mean distance of the judge's share to the share of coders, 0–1, on items that several coded; null without them."""
    spearman: float | None = None
    """Rank correlation of the two shares on the same items."""
    bar: float | None = None
    """κ to be reached."""
    met: Met
    why: str
    """Why, in a sentence."""


class MainAgreement(Record):
    """The main behaviour of an utterance."""

    items: int
    kappa: Figure
    rest: float | None = None
    """As in LabelAgreement."""
    pair: float | None = None
    seat: float | None = None


class SessionAgreement(Record):
    """One measure of whole sessions."""

    measure: str
    sessions: int
    r: Figure
    """Pearson's, judge and people."""
    icc: Figure
    """ICC(2,1)."""
    auc: Figure | None = None
    """How often a good session has the larger value by the judge; null where no sessions are known to be good or bad."""
    auc_people: float | None = None
    """The same by people's codes."""


class GlobalAgreement(Record):
    """One MITI global."""

    name: str
    sessions: int
    icc: Figure
    """ICC(2,1)."""
    quadratic_kappa: float | None
    within_one: float | None
    """Share of sessions at most one point apart, 0–1."""
    bar: float
    """ICC to be reached."""
    met: Met
    why: str


class TrialAgreement(Record):
    """One trial, in short."""

    corpus: str
    corpus_digest: str
    """sha256 over the files' content."""
    language: Literal["zh", "en"]
    coded_by: CodedBy
    """Only people validate."""
    cross_validated: bool = False
    """Each item was rated by a judge trained without it, because the judge as it ships was trained on this corpus."""
    date: str
    """ISO 8601, UTC; of the first trial that came out like this."""
    limit: int | None = None
    """Not all of the corpus: whole sessions were drawn by `seed` until they held this many items."""
    seed: int = 0
    items: int
    rated: int
    sessions: int
    groups: int
    """What intervals resample, e.g. videos."""
    coders: int
    panel: int
    """Rated items that several people coded."""
    labels: tuple[LabelAgreement, ...] = ()
    main: MainAgreement | None = None
    per_session: tuple[SessionAgreement, ...] = ()
    globals: tuple[GlobalAgreement, ...] = ()
    length_auc: float | None = None
    """AUC of length alone, the baseline of `per_session`."""
    seconds_per_100: float | None = None
    """Wall time for 100 items on the machine of the trial; null where answers were on disk already."""
    dollars_per_100: float | None = None
    """US dollars for 100 items; null where a price is unknown."""


class InjectionAgreement(Record):
    """`mibench judges probe`: how far replies that speak to the judge move it."""

    language: Literal["zh", "en"]
    injections: int
    rated: int
    """Injections where both replies were rated."""
    mean: float | None = Field(ge=0, le=1)
    """Mean over injections of the largest change of any code's expected count; null where nothing was rated."""
    largest: float | None = Field(ge=0, le=1)


class SpecAgreement(Record):
    """One judge, in one version."""

    judge: str
    """Its name in ratings, e.g. `offline`, `panel:openai/gpt-4.1`."""
    digest: str
    """sha256 over everything that shapes its answers: what is measured here holds for no other."""
    version: str
    """As its card has it."""
    rates: Rates
    family: str | None = None
    """Family of the language model that judges, as far as its name tells."""
    trials: tuple[TrialAgreement, ...] = ()
    injections: tuple[InjectionAgreement, ...] = ()

    def by_people(self, language: str) -> tuple[TrialAgreement, ...]:
        """Trials against people's codes in a language."""
        return tuple(trial for trial in self.trials if trial.coded_by == "people" and trial.language == language)


class JudgeAgreement(Record):
    """`agreement.json`: every judge that was measured with the prompts of one folder."""

    format: Literal[1] = 1
    specs: tuple[SpecAgreement, ...] = ()

    def of(self, judge: str) -> SpecAgreement | None:
        """What was measured of the judge with this name, in whichever version."""
        return next((spec for spec in self.specs if spec.judge == judge), None)

    def having(self, new: SpecAgreement) -> "JudgeAgreement":
        """With `new` in the place of what was measured of this judge before; sorted by name."""
        others = [spec for spec in self.specs if spec.judge != new.judge]
        return self.model_copy(update={"specs": tuple(sorted([*others, new], key=lambda spec: spec.judge))})
