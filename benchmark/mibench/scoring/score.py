"""The scoring stage: replies and ratings of a run → one `Scores`."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from mibench.errors import UsageError
from mibench.records import RunFolder, digest_of
from mibench.schema import Manifest, Reply, Scores
from mibench.scoring.families import shared_family
from mibench.scoring.juries import Draws, sit
from mibench.scoring.metrics import COLUMNS
from mibench.scoring.rows import Scored, text_row, to_be_rated
from mibench.scoring.tally import RATED, JudgeFacts, read_tallies
from mibench.suites import Suite

if TYPE_CHECKING:
    import numpy as np

AGGREGATION = "2"
"""Version of everything in this room that can change a number: part of the comparability digest."""


def score_run(
    folder: RunFolder,
    suite: Suite,
    judges: Sequence[JudgeFacts],
    *,
    draws: int = 10_000,
    seed: int = 0,
    on_round: Callable[[int, int], None] = lambda *_: None,
) -> Scores:
    """Scores of the run in `folder` under `judges`, from its replies and ratings alone.

    Judges that rate the same thing are a jury: their mean is scored. Only ratings of the reply as it stands now, by the
    judge in the version the manifest names, count; repeats of one judge are averaged first. Raises UsageError if a
    judge has rated nothing here.
    """
    manifest = folder.manifest()
    for judge in judges:
        if judge.name not in manifest.judges:
            rated_by = ", ".join(manifest.judges) or "no judge yet"
            raise UsageError(
                f"{folder.path} is rated by {rated_by}, not by {judge.name}: "
                f"`mibench judge {folder.path} --judge {judge.name}` does that."
            )
    replies = folder.replies()
    rounds = suite.rounds[: manifest.limit]
    kinds = [rates for rates in RATED if any(judge.rates == rates for judge in judges)]
    wanted = {rates: to_be_rated(rounds, rates) for rates in kinds}
    digests = {rates: _digests(wanted[rates], suite, replies) for rates in kinds}
    tallies = read_tallies(folder, {manifest.judges[judge.name]: judge for judge in judges}, digests)
    families = {judge.name: shared_family(manifest, judge.name) for judge in judges}

    sittings = [
        sit(
            wanted[rates],
            _texts(wanted[rates], replies, on_round),
            [tally for tally in tallies if tally.facts.rates == rates],
            _unjudged(wanted[rates], digests[rates]),
            families,
            Draws(draws, seed),
        )
        for rates in kinds
    ]
    return Scores(
        model=model_label(manifest),
        suite=suite.name,
        digest=comparability_digest(manifest, [judge.name for judge in judges]),
        juries=tuple(sitting.jury for sitting in sittings),
        judges=tuple(judge for sitting in sittings for judge in sitting.judges),
        statuses=dict(Counter(replies[r.id].status if r.id in replies else "not answered" for r in rounds)),
        estimates=tuple(estimate for sitting in sittings for estimate in sitting.estimates),
        slices=tuple(part for sitting in sittings for part in sitting.slices),
        draws=draws,
        seed=seed,
    )


def comparability_digest(manifest: Manifest, judges: Sequence[str]) -> str:
    """One digest over everything but the model: scores are comparable exactly when theirs are equal."""
    return digest_of(
        {
            "suite": manifest.suite_digest,
            "rounds": manifest.limit or "all",
            "prompt": manifest.prompt_digest,
            "judges": sorted(manifest.judges[judge] for judge in judges),
            "aggregation": AGGREGATION,
        }
    )


def model_label(manifest: Manifest) -> str:
    """How tables name the model: the last part of its checkpoint's name, or the counsellor's name."""
    source = manifest.model.args.get("pretrained") or manifest.model.args.get("model")
    return str(source).rstrip("/").rpartition("/")[2] if source else manifest.model.name


def _texts(
    wanted: Sequence[Scored], replies: Mapping[str, Reply], on_round: Callable[[int, int], None]
) -> "np.ndarray":
    """Array (wanted, COLUMNS) of what replies contribute by themselves; zeros where there is none."""
    import numpy as np

    texts_S_K = np.zeros((len(wanted), len(COLUMNS)))
    for number, scored in enumerate(wanted):
        row = text_row(scored, replies.get(scored.id))
        for column, value in row.items():
            texts_S_K[number, COLUMNS.index(column)] = value
        on_round(number + 1, len(wanted))
    return texts_S_K


def _digests(wanted: Sequence[Scored], suite: Suite, replies: Mapping[str, Reply]) -> dict[str, str]:
    """Id → digest of the text that a rating must have seen to count; absent where there is no such text yet."""
    by_dialogue: dict[str, list[str]] = {}
    for round_ in suite.rounds:
        by_dialogue.setdefault(round_.dialogue.id, []).append(round_.id)
    digests = {}
    for scored in wanted:
        if scored.round is not None:
            if scored.id in replies:
                digests[scored.id] = digest_of(replies[scored.id].text)
        elif all(id_ in replies for id_ in by_dialogue[scored.id]):
            digests[scored.id] = digest_of([replies[id_].text for id_ in by_dialogue[scored.id]])
    return digests


def _unjudged(wanted: Sequence[Scored], digests: Mapping[str, str]) -> dict[str, str]:
    """Subjects that no judge could rate → why."""
    return {scored.id: "not answered" for scored in wanted if scored.id not in digests}
