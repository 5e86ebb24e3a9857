"""How much the order by MI proficiency depends on the weights of its parts."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from mibench.measures.proficiency import proficiency
from mibench.scoring.metrics import proficiency_parts

if TYPE_CHECKING:
    import numpy as np

WEIGHTINGS = 1000


def signs_held(one_1_K: "np.ndarray", other_1_K: "np.ndarray", rates: Collection[str], seed: int = 0) -> float | None:
    """Share of random weightings (flat Dirichlet over the parts) under which the run that leads with equal weights leads.

    Arrays are column sums, (1, COLUMNS). None where a run has no proficiency or both have the same.
    """
    import numpy as np

    runs = [proficiency_parts(sums, rates) for sums in (one_1_K, other_1_K)]
    equal = [float(proficiency(*parts)[0]) for parts in runs]
    lead = equal[0] - equal[1]
    if np.isnan(lead) or lead == 0:
        return None
    names = [*runs[0][1], "percent_cr", "r_to_q"]
    drawn = np.random.default_rng(seed).dirichlet(np.ones(len(names)), WEIGHTINGS)
    weightings = (dict(zip(names, weights, strict=True)) for weights in drawn)
    leads = [float(proficiency(*runs[0], weights)[0] - proficiency(*runs[1], weights)[0]) for weights in weightings]
    return float(np.mean(np.array(leads) * lead > 0))
