"""The judge and the people side by side: arrays over rated items, and figures with intervals from them."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, get_args

from mibench.measures.bootstrap import draw_counts, interval, resample
from mibench.schema import Code, CodedCorpus, Figure, Label, Main, Verdict
from mibench.validating.agreement import given_codes

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from mibench.measures.bootstrap import Values

MAIN: tuple[Main, ...] = get_args(Main)

MAIN_ORDER: tuple[Main, ...] = ("question", "reflection", "therapist_input", "other")
"""Which of equal shares goes first."""

MAIN_RULE = (
    "the largest of the judge's shares of question, reflection and therapist input, if it is at least one half, else "
    "other; of equal ones the first in this order"
)


def gives(label: Label, counts: Mapping[Code, float]) -> bool:
    """Whether a judge gives a label: its share is one half or more; of codes that exclude each other, the likelier."""
    if len(label.codes) == 1:
        return label.codes[0] in given_codes(counts)
    return label.share(counts) >= 0.5


class Sheet:
    """All that a trial computes from. Arrays carry their axes: C coders, I rated items, L labels, G groups, B resamples."""

    def __init__(
        self, corpus: CodedCorpus, verdicts: Mapping[str, Verdict], *, seed: int = 0, draws: int = 1000
    ) -> None:
        import numpy as np

        rated = [item for item in corpus.items if item.id in verdicts and verdicts[item.id].status == "rated"]
        self.corpus, self.items, self.seed, self.draws = corpus, rated, seed, draws
        self.verdicts = [verdicts[item.id] for item in rated]
        place = {group: number for number, group in enumerate(dict.fromkeys(item.group for item in rated))}
        self.places = place
        self.group_I = np.array([place[item.group] for item in rated], dtype=int)
        self.judge_I_L = np.array(
            [[label.share(verdict.counts) for label in corpus.labels] for verdict in self.verdicts]
        ).reshape(len(rated), len(corpus.labels))
        self.given_I_L = np.array(
            [[gives(label, verdict.counts) for label in corpus.labels] for verdict in self.verdicts], dtype=bool
        ).reshape(len(rated), len(corpus.labels))

    @property
    def groups(self) -> int:
        """How many groups are resampled."""
        return len(self.places)

    @cached_property
    def counts_B_G(self) -> "np.ndarray":
        """How often each group is drawn in each resample."""
        return draw_counts(self.groups, self.draws, self.seed)

    @cached_property
    def votes_C_I_L(self) -> "np.ndarray":
        """1 where a coder gave the label, 0 where not, NaN where the coder did not code the item or leaves it open."""
        import numpy as np

        votes = np.full((len(self.corpus.coders), len(self.items), len(self.corpus.labels)), np.nan)
        coders = {coder: number for number, coder in enumerate(self.corpus.coders)}
        names = [label.name for label in self.corpus.labels]
        for place, item in enumerate(self.items):
            for coding in item.codings:
                row = [np.nan if name in coding.unknown else float(name in coding.labels) for name in names]
                votes[coders[coding.coder], place] = row
        return votes

    @cached_property
    def people_I_L(self) -> "np.ndarray":
        """Share of coders who gave the label, among those whose coding decides it; NaN where none does."""
        import numpy as np

        decided = (~np.isnan(self.votes_C_I_L)).sum(axis=0)
        given = np.nansum(self.votes_C_I_L, axis=0)
        return np.asarray(np.divide(given, decided, out=np.full(given.shape, np.nan), where=decided > 0))

    @cached_property
    def panel_I(self) -> "np.ndarray":
        """Whether several people coded the item."""
        import numpy as np

        return np.array([len(item.codings) > 1 for item in self.items], dtype=bool)

    @cached_property
    def main_C_I(self) -> "np.ndarray":
        """The main behaviour by each coder, a place in MAIN; NaN where none was chosen."""
        import numpy as np

        mains = np.full((len(self.corpus.coders), len(self.items)), np.nan)
        coders = {coder: number for number, coder in enumerate(self.corpus.coders)}
        for place, item in enumerate(self.items):
            for coding in item.codings:
                if coding.main:
                    mains[coders[coding.coder], place] = MAIN.index(coding.main)
        return mains

    @cached_property
    def judge_main_I(self) -> "np.ndarray":
        """The judge's main behaviour by MAIN_RULE, a place in MAIN."""
        import numpy as np

        columns = [self.column(name.replace("_", " ")) for name in MAIN_ORDER[:3]]
        shares_I_3 = self.judge_I_L[:, columns]
        best = np.where(shares_I_3.max(axis=1) >= 0.5, shares_I_3.argmax(axis=1), 3)
        return np.array([MAIN.index(name) for name in MAIN_ORDER], dtype=float)[best]

    def has(self, *labels: str) -> bool:
        """Whether the corpus has all these labels, and the judge can give them."""
        scorable = {label.name for label in self.corpus.labels if label.codes}
        return scorable.issuperset(labels)

    def column(self, label: str) -> int:
        """Place of a label."""
        return [entry.name for entry in self.corpus.labels].index(label)

    def figure(
        self,
        sums_I_K: "np.ndarray",
        statistic: "Callable[[np.ndarray], np.ndarray]",
        group_I: "np.ndarray | None" = None,
    ) -> Figure:
        """`statistic` of the column sums over items, with its interval. `group_I`: the groups of other rows than items."""
        import numpy as np

        sums_G_K = np.zeros((self.groups, sums_I_K.shape[1]))
        np.add.at(sums_G_K, self.group_I if group_I is None else group_I, sums_I_K)
        return figure_of(resample(sums_G_K, self.counts_B_G).values(statistic))


FEW_GROUPS = 5
"""Groups below which there is no interval: resamples of so few are the same few over and over."""


def figure_of(values: "Values") -> Figure:
    """A statistic and its interval as a record."""
    import numpy as np

    ends = interval(values)
    value = None if np.isnan(values.whole) else round(values.whole, 6)
    if len(values.left_out_D) < FEW_GROUPS and not np.isnan(values.whole):
        return Figure(value=round(values.whole, 6), why_not=f"an interval needs {FEW_GROUPS} groups")
    why = ends.why_not.replace("dialogues", "groups").replace("too few rounds with", "too few items with")
    return Figure(value=value, low=rounded(ends.low), high=rounded(ends.high), why_not=why)


def said(figure: Figure, why: str) -> Figure:
    """The figure; where it is undefined, with the reason."""
    return figure if figure.value is not None else figure.model_copy(update={"why_not": why})


def rounded(value: float | None) -> float | None:
    """Six digits are enough; NaN and None are None."""
    return None if value is None or value != value else round(float(value), 6)  # noqa: PLR0124 - NaN
