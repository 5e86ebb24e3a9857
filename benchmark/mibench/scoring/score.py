"""The scoring stage: replies and ratings of a run → one `Scores`."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from mibench.errors import UsageError
from mibench.records import RunFolder, digest_of
from mibench.schema import Estimate, Manifest, Rates, Rating, Reply, Scores, Slice
from mibench.scoring.bootstrap import draw_counts, ratio_interval
from mibench.scoring.families import shared_family
from mibench.scoring.metrics import COLUMNS, REPLY_METRICS, Metric
from mibench.scoring.rows import METRICS_OF, Scored, row_of, to_be_rated
from mibench.suites import Suite

if TYPE_CHECKING:
    import numpy as np

AGGREGATION = "1"
"""Version of everything in this room that can change a number: part of the comparability digest."""

SliceRule = Callable[[Scored], str]


def _client_talk(scored: Scored) -> str:
    if scored.round is None:
        return "whole dialogue"
    kinds = {span.talk for span in scored.round.client.talk}
    if {"change", "sustain"} <= kinds:
        return "both"
    return "change" if "change" in kinds else "sustain" if "sustain" in kinds else "neutral"


SLICES: dict[str, SliceRule] = {
    "client talk before": _client_talk,
    "stage": lambda scored: scored.dialogue.stage,
    "resistance": lambda scored: scored.dialogue.resistance,
    "area": lambda scored: scored.dialogue.area,
    "topic": lambda scored: scored.dialogue.topic,
}
"""Name → which part a round or dialogue belongs to."""


def score_run(
    folder: RunFolder,
    suite: Suite,
    judge: str,
    *,
    draws: int = 10_000,
    seed: int = 0,
    rates: Rates = "reply",
    judge_evidence: str = "",
    on_round: Callable[[int, int], None] = lambda *_: None,
) -> Scores:
    """Scores of the run in `folder` under `judge`, from its replies and ratings alone.

    Only ratings of the reply as it stands now, by the judge in the version the manifest names, count; several repeats
    of one reply are averaged. Raises UsageError if the judge has rated nothing here.
    """
    manifest = folder.manifest()
    if judge not in manifest.judges:
        rated_by = ", ".join(manifest.judges) or "no judge yet"
        raise UsageError(
            f"{folder.path} is rated by {rated_by}, not by {judge}: `mibench judge {folder.path} --judge {judge}` does that."
        )
    replies = folder.replies()
    rounds = suite.rounds[: manifest.limit]
    wanted = to_be_rated(rounds, rates)
    ratings = _ratings(folder, manifest.judges[judge], _digests(wanted, suite, replies))
    rated = [scored for scored in wanted if any(r.status == "rated" for r in ratings.get(scored.id, ()))]

    table_R_K = _table(rated, replies, ratings, on_round)
    names = [scored.dialogue.id for scored in rated]
    metrics = METRICS_OF[rates]
    return Scores(
        model=model_label(manifest),
        suite=suite.name,
        judge=judge,
        judge_evidence=judge_evidence,
        shared_family=shared_family(manifest, judge),
        rates=rates,
        digest=comparability_digest(manifest, judge),
        rounds=len(wanted),
        rated=len(rated),
        dialogues=len(set(names)),
        coverage=len(rated) / len(wanted) if wanted else 0.0,
        statuses=dict(Counter(replies[r.id].status if r.id in replies else "not answered" for r in rounds)),
        unrated=_why_unrated(wanted, replies, ratings),
        estimates=estimates(table_R_K, names, draws, seed, metrics),
        slices=tuple(_slices(rated, table_R_K, names, draws, seed, metrics)),
        draws=draws,
        seed=seed,
        cost=_cost(ratings),
        judge_seconds=round(sum(r.seconds for group in ratings.values() for r in group), 3),
    )


def estimates(
    table_R_K: "np.ndarray", dialogues: Sequence[str], draws: int, seed: int, metrics: Sequence[Metric] = REPLY_METRICS
) -> tuple[Estimate, ...]:
    """Each of `metrics` with its interval, from a table (rounds, COLUMNS) and each round's dialogue.

    The column `dialogues` is filled here: 1 for each dialogue's first round.
    """
    import numpy as np

    order = {name: number for number, name in enumerate(dict.fromkeys(dialogues))}
    sums_D_K = np.zeros((len(order), len(COLUMNS)))
    for name, row in zip(dialogues, table_R_K, strict=True):
        sums_D_K[order[name]] += row
    sums_D_K[:, COLUMNS.index("dialogues")] = 1
    counts_B_D = draw_counts(len(order), draws, seed) if order else np.zeros((draws, 0))
    return tuple(_estimate(metric, sums_D_K, counts_B_D) for metric in metrics)


def comparability_digest(manifest: Manifest, judge: str) -> str:
    """One digest over everything but the model: scores are comparable exactly when theirs are equal."""
    return digest_of(
        {
            "suite": manifest.suite_digest,
            "rounds": manifest.limit or "all",
            "prompt": manifest.prompt_digest,
            "judge": manifest.judges[judge],
            "aggregation": AGGREGATION,
        }
    )


def model_label(manifest: Manifest) -> str:
    """How tables name the model: the last part of its checkpoint's name, or the counsellor's name."""
    source = manifest.model.args.get("pretrained") or manifest.model.args.get("model")
    return str(source).rstrip("/").rpartition("/")[2] if source else manifest.model.name


def _estimate(metric: Metric, sums_D_K: "np.ndarray", counts_B_D: "np.ndarray") -> Estimate:
    over_D = metric.scale * sums_D_K[:, [COLUMNS.index(name) for name in metric.over]].sum(axis=1)
    under_D = sums_D_K[:, [COLUMNS.index(name) for name in metric.under]].sum(axis=1)
    common = {"metric": metric.name, "label": metric.label, "unit": metric.unit, "better": metric.better}
    if under_D.sum() == 0:
        return Estimate(**common, value=None, note=f"undefined: {metric.undefined}")
    value = float(over_D.sum() / under_D.sum())
    low, high, why_not = ratio_interval(over_D, under_D, counts_B_D)
    note = "; ".join(part for part in (metric.note, f"no interval: {why_not}" if why_not else "") if part)
    return Estimate(**common, value=value, low=low, high=high, note=note, level=metric.level(value))


def _table(
    rated: Sequence[Scored],
    replies: dict[str, Reply],
    ratings: dict[str, list[Rating]],
    on_round: Callable[[int, int], None],
) -> "np.ndarray":
    """Array (rated, COLUMNS); `dialogues` is left at 0."""
    import numpy as np

    table_R_K = np.zeros((len(rated), len(COLUMNS)))
    for number, scored in enumerate(rated):
        repeats = [rating for rating in ratings[scored.id] if rating.status == "rated"]
        row = row_of(scored, repeats, replies)
        table_R_K[number] = [row.get(column, 0.0) for column in COLUMNS]
        on_round(number + 1, len(rated))
    return table_R_K


def _slices(
    rated: Sequence[Scored],
    table_R_K: "np.ndarray",
    names: Sequence[str],
    draws: int,
    seed: int,
    metrics: Sequence[Metric],
) -> Iterable[Slice]:
    for by, rule in SLICES.items():
        parts = [rule(scored) for scored in rated]
        for part in dict.fromkeys(parts):
            rows = [number for number, other in enumerate(parts) if other == part]
            where = [names[row] for row in rows]
            yield Slice(
                by=by,
                value=part,
                rounds=len(rows),
                dialogues=len(set(where)),
                estimates=estimates(table_R_K[rows], where, draws, seed, metrics),
            )


def _digests(wanted: Sequence[Scored], suite: Suite, replies: dict[str, Reply]) -> dict[str, str]:
    """Id → digest of the text that a rating must have seen to count."""
    digests = {}
    for scored in wanted:
        if scored.round is not None:
            if scored.id in replies:
                digests[scored.id] = digest_of(replies[scored.id].text)
            continue
        ids = [round_.id for round_ in suite.rounds if round_.dialogue.id == scored.id]
        if all(id_ in replies for id_ in ids):
            digests[scored.id] = digest_of([replies[id_].text for id_ in ids])
    return digests


def _ratings(folder: RunFolder, judge_digest: str, digests: dict[str, str]) -> dict[str, list[Rating]]:
    found: dict[str, dict[int, Rating]] = {}
    for rating in folder.ratings():
        if rating.judge_digest == judge_digest and digests.get(rating.subject) == rating.reply_digest:
            found.setdefault(rating.subject, {})[rating.repeat] = rating
    return {id_: list(repeats.values()) for id_, repeats in found.items()}


def _why_unrated(
    wanted: Sequence[Scored], replies: dict[str, Reply], ratings: dict[str, list[Rating]]
) -> dict[str, int]:
    reasons: Counter[str] = Counter()
    for scored in wanted:
        group = ratings.get(scored.id, [])
        if any(rating.status == "rated" for rating in group):
            continue
        unjudged = "not judged" if scored.round is None or scored.id in replies else "not answered"
        reasons[(group[0].reason or "no reason given") if group else unjudged] += 1
    return dict(reasons)


def _cost(ratings: dict[str, list[Rating]]) -> float | None:
    costs = [rating.cost for group in ratings.values() for rating in group]
    return None if any(cost is None for cost in costs) else round(sum(cost for cost in costs if cost), 6)
