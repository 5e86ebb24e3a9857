"""The calibration of a run: judge's ratings and human codes → scores corrected for the judge's error."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from mibench.errors import UsageError
from mibench.records import RunFolder, digest_of, write_json
from mibench.schema import CODES, Calibrated, HumanRating, Manifest
from mibench.scoring.correction import correction, human_sums
from mibench.scoring.estimates import Draws, estimates
from mibench.scoring.human import read_human
from mibench.scoring.metrics import COLUMNS, REPLY_METRICS
from mibench.scoring.score import comparability_digest, model_label
from mibench.scoring.table import read_run
from mibench.scoring.tally import JudgeFacts
from mibench.suites import Suite


def calibrate_run(
    folder: RunFolder,
    suite: Suite,
    human: Sequence[Path],
    judges: Sequence[JudgeFacts],
    *,
    draws: int = 10_000,
    seed: int = 0,
    on_round: Callable[[int, int], None] = lambda *_: None,
) -> Calibrated:
    """Correct the run's scores under `judges` by the human codes in `human`, and write calibrated.json.

    `judges` all code replies; several are a jury. `draws` and `seed` are for the raw intervals. The coded rounds must be
    drawn at random, singly or by whole dialogues. Raises BadRecord and UsageError for what a person must mend.
    """
    for judge in judges:
        if judge.rates != "reply":
            raise UsageError(f"{judge.name} has coded no reply: only judges that code replies can be corrected.")
    run = read_run(folder, suite, judges, on_round)
    rows = run.rows()
    if not rows.scored:
        raise UsageError(f"No reply of {folder.path} is rated by {' and '.join(judge.name for judge in judges)}.")
    ratings = read_human(human, suite.rounds[: run.manifest.limit], folder.replies())
    raw = estimates(rows.table_S_K, rows.dialogues, Draws(draws, seed))

    lengths = Counter(rows.dialogues)
    table_R_K = rows.table_S_K.copy()
    table_R_K[:, COLUMNS.index("dialogues")] = [1 / lengths[name] for name in rows.dialogues]
    codes = _by_round(ratings)
    counted = all(rating.utterances is not None for rating in ratings)
    coded_R = [scored.id in codes for scored in rows.scored]
    human_R_K = table_R_K.copy()
    for number, scored in enumerate(rows.scored):
        for column, value in _human_row(codes.get(scored.id, ()), utterances=counted).items():
            human_R_K[number, COLUMNS.index(column)] = value
    touched = {*CODES, "utterances"} if counted else {*CODES}
    names = [judge.name for judge in judges]
    found = Calibrated(
        model=model_label(run.manifest),
        suite=suite.name,
        judges=tuple(names),
        digest=comparability_digest(run.manifest, names),
        ratings_digest=_ratings_digest(folder, run.manifest, names),
        human_digest=digest_of(sorted(rating.model_dump_json() for rating in ratings)),
        rounds=len(rows.scored),
        dialogues=len(lengths),
        coded=sum(coded_R),
        coded_dialogues=len({name for name, coded in zip(rows.dialogues, coded_R, strict=True) if coded}),
        coders=dict(Counter(rating.coder for rating in ratings)),
        utterances_by="human" if counted else "judge",
        notes=tuple(_notes(ratings, len(codes) - sum(coded_R), counted=counted)),
        corrections=tuple(
            correction(metric, estimate, human_sums(metric, table_R_K, human_R_K, coded_R, rows.dialogues))
            for metric, estimate in zip(REPLY_METRICS, raw, strict=True)
            if touched & {*metric.over, *metric.under}
        ),
    )
    write_json(_path(folder), found)
    return found


def calibrated(folder: RunFolder) -> Calibrated | None:
    """What calibrated.json says, or None if there is none or judges, ratings or replies have changed since."""
    if not _path(folder).is_file():
        return None
    try:
        found = Calibrated.model_validate_json(_path(folder).read_bytes())
    except ValidationError:
        return None
    manifest = folder.manifest()
    if not set(found.judges) <= manifest.judges.keys():
        return None
    same = comparability_digest(manifest, found.judges) == found.digest
    return found if same and _ratings_digest(folder, manifest, found.judges) == found.ratings_digest else None


def _path(folder: RunFolder) -> Path:
    return folder.path / "calibrated.json"


def _ratings_digest(folder: RunFolder, manifest: Manifest, judges: Sequence[str]) -> str:
    """One digest over the replies and over what these judges say of them."""
    digests = {manifest.judges[judge] for judge in judges}
    said = [
        [r.judge_digest, r.subject, r.repeat, r.reply_digest, r.status, dict(r.counts), r.utterance_count]
        for r in folder.ratings()
        if r.judge_digest in digests
    ]
    return digest_of([said, {id_: reply.text for id_, reply in folder.replies().items()}])


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
