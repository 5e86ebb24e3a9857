"""A judge on trial against people's codes: what came of it, in numbers only. No words of a corpus stand here."""

from typing import Literal

from pydantic import Field

from mibench.schema.dialogue import Record
from mibench.schema.miti import Code, Rates

Met = Literal["validated", "below", "unknown"]

CodedBy = Literal["people", "author"]
"""Who gave the codes: people who coded a corpus, or the author of mibench's own sets, which no human team has coded."""


class Figure(Record):
    """A statistic with its 95 % interval, groups of items (e.g. videos) resampled."""

    value: float | None
    """Null where undefined."""
    low: float | None = None
    high: float | None = None
    why_not: str = ""
    """Why the value or the interval is undefined."""


class People(Record):
    """How well people agree with each other, on items that several coded and the judge rated."""

    items: int
    support: int
    """Of these, items to which most coders gave the label; all, where it is the main behaviour."""
    coders: int
    fleiss: float | None
    """Fleiss' κ; null where items differ in their number of coders."""
    rest: float | None
    """Mean κ of one coder against the majority of the others."""
    rest_low: float | None
    """The coder who agrees least with the others."""
    rest_high: float | None
    pairs: float | None
    """Mean κ of two coders."""
    pairs_low: float | None
    pairs_high: float | None
    judge: float | None
    """The judge in the coder's place: its mean κ against the same majorities, to be read beside `rest`."""


class Machine(Record):
    """A model's codes that the corpus brings along, and the judge on the same items."""

    coder: str
    items: int
    kappa: Figure
    """Of the model against the people's majority."""
    judge: float | None
    """κ of the judge."""


class Bin(Record):
    """Items whose share by the judge lies in a tenth."""

    low: float
    """Lower end of the tenth, 0–.9."""
    items: int
    judge: float | None
    """Mean share by the judge, 0–1; null where no item lies here."""
    people: float | None
    """Mean share of coders who gave the label, 0–1."""


class Calibration(Record):
    """The judge's shares against the share of coders."""

    items: int
    brier: float
    """Mean squared distance of the judge's share to each single coding, 0–1; lower is better."""
    panel: int
    """Items with several coders."""
    mae: float | None
    """Mean distance of the shares, 0–1, on the items with several coders; null without them."""
    spearman: float | None
    """Rank correlation of the shares on the same items; null where nothing varies."""
    curve: tuple[Bin, ...]
    """Ten tenths, all items."""


class LabelTrial(Record):
    """One label of the corpus."""

    label: str
    codes: tuple[Code, ...]
    """What the judge gives it by; empty where MITI has no such code, so that it is not held against the judge."""
    support: int
    """Rated items to which the people's majority gave it."""
    without: int
    """Rated items to which it did not."""
    undecided: int
    """Rated items on which coders split evenly or left it open: in no figure but α, the shares and the sessions."""
    given: int
    """Items among `support` and `without` to which the judge gave it: a share of at least one half;
    of SR and CR, and of Persuade and PwP, the likelier once the two together reach one half."""
    both: int
    kappa: Figure
    """Cohen's κ against the majority of coders, which is the coder where there is one."""
    alpha: Figure
    """Krippendorff's α, nominal, of the coders and the judge as one more."""
    precision: Figure
    recall: Figure
    f1: Figure
    people: People | None = None
    machine: tuple[Machine, ...] = ()
    calibration: Calibration | None = None
    bar: float | None = None
    """κ to be reached; null where none is set."""
    met: Met
    why: str
    """Why, in a sentence."""


class MainTrial(Record):
    """The main behaviour, of which an utterance has one."""

    names: tuple[str, ...]
    """The behaviours, in the order of the table."""
    items: int
    undecided: int
    """Rated items on which no behaviour has most coders."""
    kappa: Figure
    table: tuple[tuple[int, ...], ...]
    """A row for each behaviour by people, a column for each by the judge."""
    rule: str
    """How the judge's main behaviour is read off its shares."""
    people: People | None = None


class ComplexTrial(Record):
    """Share of complex ones among reflections, on items that several coded and at least half of them call a reflection."""

    items: int
    left_out: int
    """Such items to which the judge gives no reflection at all: it has no share there."""
    spearman: float | None
    mae: float | None
    """0–1."""
    halves: float | None
    """The ceiling: mean Spearman of random half panels against the other half."""
    single: float | None
    """Mean Spearman of one coder against the others' share."""
    draws: int
    """Random splits behind `halves`."""


class SessionTrial(Record):
    """One measure of a session, from the judge's codes and from people's codes of the same items."""

    measure: str
    unit: str
    sessions: int
    left_out: int
    """Sessions in which the measure has no denominator by the judge or by people."""
    r: Figure
    """Pearson's."""
    icc: Figure
    """ICC(2,1)."""
    bias: Figure
    """Mean of judge − people, in `unit`."""
    mae: float | None
    """In `unit`."""
    judge_mean: float | None
    people_mean: float | None


class GroupTrial(Record):
    """How well one measure tells good sessions from bad ones."""

    measure: str
    high: int
    """Good sessions with the measure by the judge."""
    low: int
    left_out: int
    judge: Figure
    """AUC from the judge's codes: how often a good session has the larger value; .5 is chance, 0 is perfect upside down."""
    people: Figure
    """AUC from people's codes; where no codes are needed (length) equal to `judge`."""


class PairTrial(Record):
    """Scenarios done well and badly: how often the measure prefers the good one."""

    measure: str
    by: Literal["judge", "people"]
    pairs: int
    """Pairs with the measure on both sides."""
    preferred: int
    ties: int
    p: float | None
    """Two-sided sign test without the ties; null where nothing but ties."""


class GlobalTrial(Record):
    """One MITI global of whole sessions."""

    name: str
    sessions: int
    icc: Figure
    """ICC(2,1)."""
    quadratic_kappa: float | None
    """On ratings rounded to whole ones, halves up."""
    exact: float | None
    """Share of sessions with the same rounded rating."""
    within_one: float | None
    bias: float | None
    """Mean of judge − people, in points of 1–5."""


class Trial(Record):
    """`mibench judges validate --json`: everything that came of a judge's trial; its card is made of this."""

    format: Literal[1] = 1
    judge: str
    judge_digest: str
    """sha256 over everything that shapes the judge's answers, or over the file of ratings."""
    rates: Rates
    shares: bool
    """Whether the judge gave any share between 0 and 1; its reliability is of interest only then."""
    corpus: str
    corpus_digest: str
    """sha256 over the files' content."""
    language: Literal["zh", "en"]
    coded_by: CodedBy
    date: str
    """ISO 8601, UTC."""
    version: str
    """Of mibench."""
    limit: int | None = None
    """Whole sessions were drawn by `seed` until they held this many items; null for all."""
    seed: int
    draws: int
    """Bootstrap resamples of groups."""
    items: int
    """Items, or sessions where those are rated."""
    rated: int
    unrated: dict[str, int] = {}
    """Reason → number."""
    sessions: int
    groups: int
    """What is resampled, e.g. videos."""
    coders: int
    panel: int
    """Rated items that several people coded."""
    labels: tuple[LabelTrial, ...] = ()
    main: MainTrial | None = None
    complex_share: ComplexTrial | None = None
    per_session: tuple[SessionTrial, ...] = ()
    non_adherent: str = ""
    """What counts as MI non-adherent in proficiency, where the corpus cannot say it as MITI does."""
    known_groups: tuple[GroupTrial, ...] = ()
    matched_pairs: tuple[PairTrial, ...] = ()
    globals: tuple[GlobalTrial, ...] = ()
    cost: float | None = Field(default=None, ge=0)
    """US dollars; null where a price is unknown."""
    seconds: float | None = Field(default=None, ge=0)
    """Wall time of the judging; null where answers were on disk already, or the ratings were made elsewhere."""

    def label(self, name: str) -> LabelTrial:
        """The label called `name`. Raises KeyError."""
        return {label.label: label for label in self.labels}[name]

    def of(self, met: Met) -> tuple[str, ...]:
        """Labels with this outcome that have a bar."""
        return tuple(label.label for label in self.labels if label.met == met and label.bar is not None)
