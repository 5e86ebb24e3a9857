"""The calibration of a run: judge's ratings and human codes → scores corrected for the judge's error."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from mibench.errors import UsageError
from mibench.records import RunFolder, digest_of, write_json
from mibench.schema import CODES, Calibrated, HumanRating, Manifest, Rating, Reply
from mibench.scoring.correction import correction, dialogue_sums
from mibench.scoring.human import read_human
from mibench.scoring.metrics import COLUMNS, REPLY_METRICS
from mibench.scoring.rows import row_of, to_be_rated
from mibench.scoring.score import comparability_digest, estimates, model_label
from mibench.suites import Suite

if TYPE_CHECKING:
    import numpy as np


def calibrate_run(
    folder: RunFolder,
    suite: Suite,
    human: Sequence[Path],
    judge: str | None = None,
    *,
    draws: int = 10_000,
    seed: int = 0,
    on_round: Callable[[int, int], None] = lambda *_: None,
) -> Calibrated:
    """Correct the run's scores under `judge` by the human codes in `human`, and write calibrated.json.

    `judge`: a name in the manifest; None if there is only one. `draws` and `seed` are for the raw intervals. The coded
    rounds must be drawn at random, singly or by whole dialogues. Raises BadRecord and UsageError for what a person must
    mend.
    """
    manifest, replies = folder.manifest(), folder.replies()
    judge = judge or _only_judge(folder, manifest)
    if judge not in manifest.judges:
        raise UsageError(
            f"{folder.path} is not rated by {judge}; it is rated by {', '.join(manifest.judges) or 'none'}."
        )
    rounds = suite.rounds[: manifest.limit]
    ratings = read_human(human, rounds, replies)
    judged = _judged(folder, manifest.judges[judge], replies)
    rated = [scored for scored in to_be_rated(rounds, "reply") if scored.id in judged]
    if not rated or any(rating.safety for repeats in judged.values() for rating in repeats):
        raise UsageError(
            f"{judge} has coded no reply of {folder.path}: only judges that code replies can be corrected."
        )

    lengths = Counter(scored.dialogue.id for scored in rated)
    table_R_K = _table(len(rated))
    for number, scored in enumerate(rated):
        row = row_of(scored, judged[scored.id], replies)
        table_R_K[number] = [row.get(column, 0.0) for column in COLUMNS]
        on_round(number + 1, len(rated))
    names = [scored.dialogue.id for scored in rated]
    raw = estimates(table_R_K, names, draws, seed)
    table_R_K[:, COLUMNS.index("dialogues")] = [1 / lengths[name] for name in names]

    codes = _by_round(ratings)
    counted = all(rating.utterances is not None for rating in ratings)
    coded_R = [scored.id in codes for scored in rated]
    human_R_K = table_R_K.copy()
    for number, scored in enumerate(rated):
        for column, value in _human_row(codes.get(scored.id, ()), utterances=counted).items():
            human_R_K[number, COLUMNS.index(column)] = value
    touched = {*CODES, "utterances"} if counted else {*CODES}
    found = Calibrated(
        model=model_label(manifest),
        suite=suite.name,
        judge=judge,
        digest=comparability_digest(manifest, judge),
        ratings_digest=_ratings_digest(judged),
        human_digest=digest_of(sorted(rating.model_dump_json() for rating in ratings)),
        rounds=len(rated),
        dialogues=len(lengths),
        coded=sum(coded_R),
        coded_dialogues=len({name for name, coded in zip(names, coded_R, strict=True) if coded}),
        coders=dict(Counter(rating.coder for rating in ratings)),
        utterances_by="human" if counted else "judge",
        notes=tuple(_notes(ratings, len(codes) - sum(coded_R), counted=counted)),
        corrections=tuple(
            correction(metric, estimate, dialogue_sums(metric, table_R_K, human_R_K, coded_R, names))
            for metric, estimate in zip(REPLY_METRICS, raw, strict=True)
            if touched & {*metric.over, *metric.under}
        ),
    )
    write_json(_path(folder), found)
    return found


def calibrated(folder: RunFolder) -> Calibrated | None:
    """What calibrated.json says, or None if there is none or judge, ratings or replies have changed since."""
    if not _path(folder).is_file():
        return None
    try:
        found = Calibrated.model_validate_json(_path(folder).read_bytes())
    except ValidationError:
        return None
    manifest = folder.manifest()
    if found.judge not in manifest.judges or comparability_digest(manifest, found.judge) != found.digest:
        return None
    judged = _judged(folder, manifest.judges[found.judge], folder.replies())
    return found if _ratings_digest(judged) == found.ratings_digest else None


def _path(folder: RunFolder) -> Path:
    return folder.path / "calibrated.json"


def _only_judge(folder: RunFolder, manifest: Manifest) -> str:
    if len(manifest.judges) == 1:
        return next(iter(manifest.judges))
    if manifest.judges:
        raise UsageError(f"{folder.path} is rated by {', '.join(manifest.judges)}: say which with --judge.")
    raise UsageError(f"{folder.path} is not judged yet: `mibench judge {folder.path}` does that.")


def _judged(folder: RunFolder, judge_digest: str, replies: dict[str, Reply]) -> dict[str, list[Rating]]:
    """Round id → rated repeats of the reply as it stands, by the judge in the version the manifest names."""
    digests = {id_: digest_of(reply.text) for id_, reply in replies.items()}
    found: dict[str, dict[int, Rating]] = {}
    for rating in folder.ratings():
        if rating.judge_digest == judge_digest and digests.get(rating.subject) == rating.reply_digest:
            found.setdefault(rating.subject, {})[rating.repeat] = rating
    rated = {id_: [r for r in repeats.values() if r.status == "rated"] for id_, repeats in found.items()}
    return {id_: repeats for id_, repeats in rated.items() if repeats}


def _ratings_digest(judged: dict[str, list[Rating]]) -> str:
    """One digest over what the judge says of which text."""
    said = [
        (r.subject, r.repeat, r.reply_digest, dict(r.counts), r.utterance_count)
        for repeats in judged.values()
        for r in repeats
    ]
    return digest_of(sorted(said, key=lambda entry: entry[:2]))


def _table(rounds: int) -> "np.ndarray":
    import numpy as np

    return np.zeros((rounds, len(COLUMNS)))


def _by_round(ratings: Sequence[HumanRating]) -> dict[str, list[HumanRating]]:
    found: dict[str, list[HumanRating]] = {}
    for rating in ratings:
        found.setdefault(rating.round, []).append(rating)
    return found


def _human_row(coders: Sequence[HumanRating], *, utterances: bool) -> dict[str, float]:
    """Column → mean over the round's coders; empty for a round that nobody coded."""
    if not coders:
        return {}
    row: dict[str, float] = {code: sum(code in rating.codes for rating in coders) / len(coders) for code in CODES}
    if utterances:
        row["utterances"] = sum(rating.utterances or 0 for rating in coders) / len(coders)
    return row


def _notes(ratings: Sequence[HumanRating], unrated: int, *, counted: bool) -> list[str]:
    notes = []
    if unrated:
        notes.append(f"Coded replies left out because the judge has not rated them: {unrated}.")
    if not counted:
        notes.append("Utterances are the judge's count: no utterances are given for some coded replies.")
    if any(rating.reply_digest is None for rating in ratings):
        notes.append("Some codes do not say which text they are of (reply_digest): taken as of the replies that stand.")
    for coder in dict.fromkeys(rating.coder for rating in ratings):
        given = {code for rating in ratings if rating.coder == coder for code in rating.codes}
        if len(given) < 2:
            notes.append(f"{coder} gave {f'no code but {min(given)}' if given else 'no code at all'}.")
    return notes
