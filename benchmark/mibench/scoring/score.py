"""The scoring stage: replies and ratings of a run → one `Scores`."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from mibench.errors import UsageError
from mibench.records import RunFolder, digest_of
from mibench.schema import CODES, Estimate, Manifest, Rating, Reply, Round, Scores, Slice
from mibench.scoring.bootstrap import draw_counts, ratio_interval
from mibench.scoring.metrics import COLUMNS, METRICS, Metric
from mibench.suites import Suite
from mibench.suites.overlap import OVERLAP_METRICS, text_overlap

if TYPE_CHECKING:
    import numpy as np

AGGREGATION = "1"
"""Version of everything in this room that can change a number: part of the comparability digest."""

SliceRule = Callable[[Round], str]


def _client_talk(round_: Round) -> str:
    kinds = {span.talk for span in round_.client.talk}
    if {"change", "sustain"} <= kinds:
        return "both"
    return "change" if "change" in kinds else "sustain" if "sustain" in kinds else "neutral"


SLICES: dict[str, SliceRule] = {
    "client talk before": _client_talk,
    "stage": lambda round_: round_.dialogue.stage,
    "resistance": lambda round_: round_.dialogue.resistance,
    "area": lambda round_: round_.dialogue.area,
    "topic": lambda round_: round_.dialogue.topic,
}
"""Name → which part a round belongs to."""


def score_run(
    folder: RunFolder,
    suite: Suite,
    judge: str,
    *,
    draws: int = 10_000,
    seed: int = 0,
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
    ratings = _ratings(folder, replies, manifest.judges[judge])
    rated = [round_ for round_ in rounds if any(r.status == "rated" for r in ratings.get(round_.id, ()))]

    table_R_K = _table(rated, replies, ratings, on_round)
    names = [round_.dialogue.id for round_ in rated]
    return Scores(
        model=model_label(manifest),
        suite=suite.name,
        judge=judge,
        judge_evidence=judge_evidence,
        digest=comparability_digest(manifest, judge),
        rounds=len(rounds),
        rated=len(rated),
        dialogues=len(set(names)),
        coverage=len(rated) / len(rounds),
        statuses=dict(Counter(replies[r.id].status if r.id in replies else "not answered" for r in rounds)),
        unrated=_why_unrated(rounds, replies, ratings),
        estimates=estimates(table_R_K, names, draws, seed),
        slices=tuple(_slices(rated, table_R_K, names, draws, seed)),
        draws=draws,
        seed=seed,
        cost=_cost(ratings),
        judge_seconds=round(sum(r.seconds for group in ratings.values() for r in group), 3),
    )


def estimates(table_R_K: "np.ndarray", dialogues: Sequence[str], draws: int, seed: int) -> tuple[Estimate, ...]:
    """Every metric with its interval, from a table (rounds, COLUMNS) and each round's dialogue.

    The column `dialogues` is filled here: 1 for each dialogue's first round.
    """
    import numpy as np

    order = {name: number for number, name in enumerate(dict.fromkeys(dialogues))}
    sums_D_K = np.zeros((len(order), len(COLUMNS)))
    for name, row in zip(dialogues, table_R_K, strict=True):
        sums_D_K[order[name]] += row
    sums_D_K[:, COLUMNS.index("dialogues")] = 1
    counts_B_D = draw_counts(len(order), draws, seed) if order else np.zeros((draws, 0))
    return tuple(_estimate(metric, sums_D_K, counts_B_D) for metric in METRICS)


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
    rounds: Sequence[Round],
    replies: dict[str, Reply],
    ratings: dict[str, list[Rating]],
    on_round: Callable[[int, int], None],
) -> "np.ndarray":
    """Array (rounds, COLUMNS); `dialogues` is left at 0."""
    import numpy as np

    table_R_K = np.zeros((len(rounds), len(COLUMNS)))
    for number, round_ in enumerate(rounds):
        text = replies[round_.id].text
        repeats = [rating for rating in ratings[round_.id] if rating.status == "rated"]
        row: dict[str, float] = {code: sum(r.counts.get(code, 0.0) for r in repeats) / len(repeats) for code in CODES}
        row["utterances"] = sum(r.utterance_count for r in repeats) / len(repeats)
        row["characters"] = len(text.strip())
        row["rounds"] = 1
        row |= zip(OVERLAP_METRICS, text_overlap(text, round_.reference.text), strict=True)
        table_R_K[number] = [row.get(column, 0.0) for column in COLUMNS]
        on_round(number + 1, len(rounds))
    return table_R_K


def _slices(
    rounds: Sequence[Round],
    table_R_K: "np.ndarray",
    names: Sequence[str],
    draws: int,
    seed: int,
) -> Iterable[Slice]:
    for by, rule in SLICES.items():
        parts = [rule(round_) for round_ in rounds]
        for part in dict.fromkeys(parts):
            rows = [number for number, other in enumerate(parts) if other == part]
            where = [names[row] for row in rows]
            yield Slice(
                by=by,
                value=part,
                rounds=len(rows),
                dialogues=len(set(where)),
                estimates=estimates(table_R_K[rows], where, draws, seed),
            )


def _ratings(folder: RunFolder, replies: dict[str, Reply], judge_digest: str) -> dict[str, list[Rating]]:
    texts = {id_: digest_of(reply.text) for id_, reply in replies.items()}
    found: dict[str, dict[int, Rating]] = {}
    for rating in folder.ratings():
        if rating.judge_digest == judge_digest and texts.get(rating.round) == rating.reply_digest:
            found.setdefault(rating.round, {})[rating.repeat] = rating
    return {id_: list(repeats.values()) for id_, repeats in found.items()}


def _why_unrated(
    rounds: Sequence[Round], replies: dict[str, Reply], ratings: dict[str, list[Rating]]
) -> dict[str, int]:
    reasons: Counter[str] = Counter()
    for round_ in rounds:
        group = ratings.get(round_.id, [])
        if any(rating.status == "rated" for rating in group):
            continue
        reasons[
            (group[0].reason or "no reason given")
            if group
            else "not judged"
            if round_.id in replies
            else "not answered"
        ] += 1
    return dict(reasons)


def _cost(ratings: dict[str, list[Rating]]) -> float | None:
    costs = [rating.cost for group in ratings.values() for rating in group]
    return None if any(cost is None for cost in costs) else round(sum(cost for cost in costs if cost), 6)
