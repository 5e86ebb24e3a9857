"""Agreement per code, a reply at a time: MITI counts a code once a volley, so a code is given or it is not."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.schema import CODES, Code, Verdict
from mibench.validating.items import Item

if TYPE_CHECKING:
    import numpy as np

DRAWS = 2000

EXCLUSIVE: tuple[tuple[Code, Code], ...] = (("SR", "CR"), ("Persuade", "PwP"))
"""In a tie the first: MITI's “if unsure” takes the simpler reflection (E.3.b)."""


class CodeAgreement(NamedTuple):
    """One code: the judge's use of it against the known codes, each 0–1 (κ −1–1)."""

    code: Code
    support: int
    """Replies that truly have the code."""
    given: int
    """Replies to which the judge gave it."""
    precision: float | None
    recall: float | None
    f1: float | None
    f1_interval: tuple[float, float] | None
    """95 % percentile interval, clusters resampled."""
    kappa: float | None
    """Cohen's κ."""
    kappa_interval: tuple[float, float] | None


class Agreement(NamedTuple):
    """All codes."""

    items: int
    clusters: int
    unrated: int
    codes: tuple[CodeAgreement, ...]

    @property
    def macro_f1(self) -> float:
        """Mean F1 over the codes that occur."""
        found = [code.f1 for code in self.codes if code.support and code.f1 is not None]
        return sum(found) / len(found)

    @property
    def macro_kappa(self) -> float:
        """Mean κ over the codes that occur."""
        found = [code.kappa for code in self.codes if code.support and code.kappa is not None]
        return sum(found) / len(found)


def validate_judge(verdicts: Sequence[Verdict], items: Sequence[Item], seed: int = 0) -> Agreement:
    """Hold a judge's verdicts on `items` against the known codes.

    A code counts as given when its expected count is at least one half; of two that exclude each other in a volley
    (SR and CR, PwP and Persuade) the likelier, when both together reach one half. Unrated items are left out and counted.
    """
    import numpy as np

    rated = [(item, verdict) for item, verdict in zip(items, verdicts, strict=True) if verdict.status == "rated"]
    truth_I_C = np.array([[code in item.codes for code in CODES] for item, _ in rated], dtype=bool)
    given_I_C = np.array([[code in given_codes(verdict.counts) for code in CODES] for _, verdict in rated], dtype=bool)
    clusters = list(dict.fromkeys(item.cluster for item, _ in rated))
    place = {cluster: number for number, cluster in enumerate(clusters)}
    where_I = np.array([place[item.cluster] for item, _ in rated])

    rng = np.random.default_rng(seed)
    counts_B_K = rng.multinomial(len(clusters), np.full(len(clusters), 1 / len(clusters)), size=DRAWS)
    codes = []
    for number, code in enumerate(CODES):
        cells_K_4 = np.zeros((len(clusters), 4))
        np.add.at(cells_K_4, (where_I, truth_I_C[:, number] * 2 + given_I_C[:, number]), 1)
        codes.append(_agreement(code, cells_K_4, counts_B_K))
    return Agreement(len(items), len(clusters), len(items) - len(rated), tuple(codes))


def given_codes(counts: Mapping[Code, float]) -> frozenset[Code]:
    """The codes that shares of coders come to where a code is given or not; see `validate_judge`."""
    given = {code for code in CODES if counts.get(code, 0.0) >= 0.5}
    for pair in EXCLUSIVE:
        shares = [counts.get(code, 0.0) for code in pair]
        if sum(shares) >= 0.5 > max(shares):
            given.add(pair[shares.index(max(shares))])
    return frozenset(given)


def _agreement(code: Code, cells_K_4: "np.ndarray", counts_B_K: "np.ndarray") -> CodeAgreement:
    """Cells: neither, judge only, truth only, both."""
    import numpy as np

    _, judge_only, truth_only, both = cells_K_4.sum(axis=0)
    f1, kappa = _f1_and_kappa(cells_K_4.sum(axis=0, keepdims=True))
    f1_B, kappa_B = _f1_and_kappa(counts_B_K @ cells_K_4)
    return CodeAgreement(
        code=code,
        support=int(both + truth_only),
        given=int(both + judge_only),
        precision=float(both / (both + judge_only)) if both + judge_only else None,
        recall=float(both / (both + truth_only)) if both + truth_only else None,
        f1=None if np.isnan(f1[0]) else float(f1[0]),
        f1_interval=_middle(f1_B),
        kappa=None if np.isnan(kappa[0]) else float(kappa[0]),
        kappa_interval=_middle(kappa_B),
    )


def _f1_and_kappa(cells_N_4: "np.ndarray") -> "tuple[np.ndarray, np.ndarray]":
    """F1 and Cohen's κ of each row of cells; NaN where undefined."""
    import numpy as np

    neither, judge_only, truth_only, both = cells_N_4.T
    total = cells_N_4.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = 2 * both / (2 * both + judge_only + truth_only)
        agree = (both + neither) / total
        chance = (
            (both + judge_only) * (both + truth_only) + (neither + judge_only) * (neither + truth_only)
        ) / total**2
        kappa = (agree - chance) / (1 - chance)
    return f1, kappa


def _middle(values_B: "np.ndarray") -> tuple[float, float] | None:
    import numpy as np

    kept = values_B[~np.isnan(values_B)]
    if len(kept) < 0.95 * len(values_B):
        return None
    low, high = np.quantile(kept, [0.025, 0.975])
    return float(low), float(high)
