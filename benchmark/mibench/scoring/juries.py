"""Several judges of the same thing: their mean, each one alone, what is left without each, and how far they agree."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.measures.agreement import icc_single, krippendorff_alpha, spread_within
from mibench.schema import Agreement, Estimate, JudgeScores, Jury, Slice
from mibench.scoring.estimates import estimates, slices
from mibench.scoring.metrics import COLUMNS
from mibench.scoring.rows import METRICS_OF, Scored
from mibench.scoring.tally import RATED, Tally

if TYPE_CHECKING:
    import numpy as np


class Draws(NamedTuple):
    """How intervals are drawn."""

    draws: int
    seed: int


class Sitting(NamedTuple):
    """What a jury's sitting came to."""

    jury: Jury
    judges: tuple[JudgeScores, ...]
    estimates: tuple[Estimate, ...]
    slices: tuple[Slice, ...]


def sit(
    wanted: Sequence[Scored],
    texts_S_K: "np.ndarray",
    tallies: Sequence[Tally],
    unjudged: Mapping[str, str],
    families: Mapping[str, str | None],
    how: Draws,
) -> Sitting:
    """Scores of `wanted` by judges that rate the same thing.

    A subject's rating is the mean over the judges of each judge's mean over repeats; it counts when every judge has
    rated it, so that no judge's habits weigh more on one subject than on another. `texts_S_K`: what the replies
    themselves contribute, an array (wanted, COLUMNS).
    """
    import numpy as np

    rates = tallies[0].facts.rates
    ids = [scored.id for scored in wanted]
    rows_J_S_K = np.stack([tally.rows(ids) for tally in tallies])
    rated_J_S = ~np.isnan(rows_J_S_K).any(axis=2)
    by_all_S = rated_J_S.all(axis=0)

    def sums(judges: Sequence[int], subjects_S: "np.ndarray") -> tuple[list[Scored], "np.ndarray"]:
        found = [scored for scored, counts in zip(wanted, subjects_S, strict=True) if counts]
        return found, rows_J_S_K[list(judges)][:, subjects_S].mean(axis=0) + texts_S_K[subjects_S]

    def scores(judges: Sequence[int], subjects_S: "np.ndarray") -> tuple[Estimate, ...]:
        found, table = sums(judges, subjects_S)
        return estimates(table, [scored.dialogue.id for scored in found], *how, METRICS_OF[rates])

    everyone = range(len(tallies))
    whole = scores(everyone, by_all_S)
    alone = len(tallies) == 1
    found, table = sums(everyone, by_all_S)
    jury = Jury(
        rates=rates,
        judges=tuple(tally.facts.name for tally in tallies),
        subjects=len(wanted),
        rated=int(by_all_S.sum()),
        dialogues=len({scored.dialogue.id for scored in found}),
        unrated=_reasons(wanted, by_all_S, tallies, unjudged),
        agreement=() if alone else tuple(_between(rows_J_S_K, rated_J_S, RATED[rates])),
        without={} if alone else {
            tally.facts.name: scores([other for other in everyone if other != number], by_all_S)
            for number, tally in enumerate(tallies)
        },
    )  # fmt: skip
    columns = tuple(
        JudgeScores(
            judge=tally.facts.name,
            rates=rates,
            evidence=tally.facts.evidence,
            shared_family=families[tally.facts.name],
            subjects=len(wanted),
            rated=int(rated_J_S[number].sum()),
            repeats=tally.repeats,
            unrated=tally.why_not(ids, unjudged),
            estimates=whole if alone else scores([number], rated_J_S[number]),
            stability=tuple(_stability(tally, ids)) if tally.repeats > 1 else (),
            cost=None if tally.cost is None else round(tally.cost, 6),
            seconds=round(tally.seconds, 3),
        )
        for number, tally in enumerate(tallies)
    )
    return Sitting(jury, columns, whole, tuple(slices(found, table, rates, *how)))


def _reasons(
    wanted: Sequence[Scored], by_all_S: "np.ndarray", tallies: Sequence[Tally], unjudged: Mapping[str, str]
) -> dict[str, int]:
    """Reason → subjects the jury has not rated, each counted once, by its first judge without a rating."""
    reasons: dict[str, int] = {}
    for scored, rated in zip(wanted, by_all_S, strict=True):
        if not rated:
            first = next(tally for tally in tallies if scored.id not in tally.numbers)
            reason = next(iter(first.why_not([scored.id], unjudged)))
            said = reason if len(tallies) == 1 else f"{first.facts.name}: {reason}"
            reasons[said] = reasons.get(said, 0) + 1
    return reasons


def _between(rows_J_S_K: "np.ndarray", rated_J_S: "np.ndarray", columns: Sequence[str]) -> Iterator[Agreement]:
    several_S = rated_J_S.sum(axis=0) >= 2
    for column in columns:
        if column == "utterances":
            continue
        ratings_J_S = rows_J_S_K[:, :, COLUMNS.index(column)]
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
