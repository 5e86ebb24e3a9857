"""Several judges of the same thing: their mean, each one alone, what is left without each, and how far they agree."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.agreement import icc_single, krippendorff_alpha, spread_within
from mibench.schema import Agreement, Estimate, JudgeScores, Jury, Slice
from mibench.scoring.estimates import Draws, estimates, slices
from mibench.scoring.metrics import COLUMNS
from mibench.scoring.rows import METRICS_OF
from mibench.scoring.table import Bench
from mibench.scoring.tally import RATED, Tally

if TYPE_CHECKING:
    import numpy as np


class Sitting(NamedTuple):
    """What a jury's sitting came to."""

    jury: Jury
    judges: tuple[JudgeScores, ...]
    slices: tuple[Slice, ...]


def sit(bench: Bench, families: Mapping[str, str | None], how: Draws) -> Sitting:
    """Scores of what was to be rated by judges that rate the same thing.

    A subject's rating is the mean over the judges of each judge's mean over repeats; it counts when every judge has
    rated it. `families`: judge → model family it shares with the model.
    """
    metrics = METRICS_OF[bench.rates]

    def scores(judges: Sequence[int], subjects_S: "np.ndarray | None" = None) -> tuple[Estimate, ...]:
        rows = bench.rows(judges, subjects_S)
        return estimates(rows.table_S_K, rows.dialogues, how, metrics)

    everyone = range(len(bench.tallies))
    alone = len(bench.tallies) == 1
    rows = bench.rows()
    jury = Jury(
        rates=bench.rates,
        judges=tuple(tally.facts.name for tally in bench.tallies),
        subjects=len(bench.wanted),
        rated=len(rows.scored),
        dialogues=len(set(rows.dialogues)),
        unrated=_reasons(bench),
        agreement=() if alone else tuple(_between(bench)),
        without={} if alone else {
            tally.facts.name: scores([other for other in everyone if other != number])
            for number, tally in enumerate(bench.tallies)
        },
    )  # fmt: skip
    columns = tuple(
        JudgeScores(
            judge=tally.facts.name,
            rates=bench.rates,
            evidence=tally.facts.evidence,
            shared_family=families[tally.facts.name],
            subjects=len(bench.wanted),
            rated=int(bench.rated_J_S[number].sum()),
            repeats=tally.repeats,
            unrated=tally.why_not(bench.ids, bench.unjudged),
            estimates=scores([number], bench.rated_J_S[number]),
            stability=tuple(_stability(tally, bench.ids)) if tally.repeats > 1 else (),
            cost=None if tally.cost is None else round(tally.cost, 6),
            seconds=round(tally.seconds, 3),
        )
        for number, tally in enumerate(bench.tallies)
    )
    return Sitting(jury, columns, tuple(slices(rows, bench.rates, how)))


def _reasons(bench: Bench) -> dict[str, int]:
    """Reason → subjects the jury has not rated, each counted once, by its first judge without a rating."""
    reasons: dict[str, int] = {}
    for id_, rated in zip(bench.ids, bench.by_all_S, strict=True):
        if not rated:
            first = next(tally for tally in bench.tallies if not tally.has(id_))
            reason = next(iter(first.why_not([id_], bench.unjudged)))
            said = reason if len(bench.tallies) == 1 else f"{first.facts.name}: {reason}"
            reasons[said] = reasons.get(said, 0) + 1
    return reasons


def _between(bench: Bench) -> Iterator[Agreement]:
    several_S = bench.rated_J_S.sum(axis=0) >= 2
    for column in RATED[bench.rates]:
        if column == "utterances":
            continue
        ratings_J_S = bench.rows_J_S_K[:, :, COLUMNS.index(column)]
        alpha = krippendorff_alpha(ratings_J_S)
        yield Agreement(
            of=column,
            measure="alpha",
            value=alpha,
            spread=spread_within(ratings_J_S.T),
            subjects=int(several_S.sum()),
            note="" if alpha is not None else "undefined: the ratings do not vary",
        )


def _stability(tally: Tally, subjects: Sequence[str]) -> Iterator[Agreement]:
    import numpy as np

    table_S_R_K = tally.by_repeat(subjects)
    for place, column in enumerate(RATED[tally.facts.rates]):
        if column == "utterances":
            continue
        ratings_S_R = table_S_R_K[:, :, place]
        icc = icc_single(ratings_S_R)
        yield Agreement(
            of=column,
            measure="icc",
            value=icc,
            spread=spread_within(ratings_S_R),
            subjects=int((~np.isnan(ratings_S_R)).all(axis=1).sum()),
            note="" if icc is not None else "undefined: the ratings do not vary",
        )
