"""Finished runs → a submission."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from mibench.api import Progress, card_of, scored_ratings, silent
from mibench.api import Run as FinishedRun
from mibench.content import in_checkout, room
from mibench.errors import Incomplete, RunConflict, UsageError
from mibench.generating import counsellor_names
from mibench.judging.subjects import subjects_of
from mibench.records import RunFolder
from mibench.records.strict import first_fault
from mibench.records.submission import SubmissionFolder
from mibench.schema import Manifest, Reply
from mibench.schema.submission import Submission
from mibench.scoring.score import comparability_digest
from mibench.submitting.bundle import Bundled, BundledRun, write_bundle
from mibench.submitting.guessing import command_of, kind_of, revision_of, source_of
from mibench.submitting.stripping import Stripper
from mibench.submitting.untimed import untimed
from mibench.suites import Suite, load_suite, suite_names


class Guess(NamedTuple):
    """Something that a run says by itself."""

    value: Any
    source: str
    """Where it stands."""


def submissions_folder() -> Path:
    """Where submissions lie: below the working folder if there is a leaderboard, else in the checkout."""
    here = Path("leaderboard") / "submissions"
    return here if here.is_dir() or not in_checkout() else room("leaderboard") / "submissions"


def submission_folders(below: Path | None = None) -> list[SubmissionFolder]:
    """All submissions, by name."""
    folder = below or submissions_folder()
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [SubmissionFolder(path) for path in found if path.is_symlink() or (path.is_dir() and path.name[0] != ".")]


def guess(folders: Sequence[Path]) -> dict[str, Guess]:
    """Field of a submission → what the runs say of it. Raises UsageError where they are not of one model."""
    manifests = [RunFolder(path).manifest() for path in folders]
    _check_one_model(folders, manifests)
    first = manifests[0]
    found = {
        "name": Guess(RunFolder(folders[0]).scores().model[:80], "the checkpoint's name"),
        "kind": Guess(kind_of(first, counsellor_names()), "the kind of model that was run"),
        "revision": Guess(revision_of(first), "run.json"),
        "command": Guess(command_of(manifests, suite_names()), "run.json"),
        **_fine_tuning(source_of(first)),
    }
    if kind_of(first, counsellor_names()) != "model":
        ships = {"open_weights": "yes", "licence": "Apache-2.0", "fine_tuned": "no"}
        found |= {field: Guess(value, "it ships with mibench") for field, value in ships.items()}
    return {field: entry for field, entry in found.items() if entry.value != ""}


def _fine_tuning(source: str) -> dict[str, Guess]:
    """What `mibench finetune merge` wrote beside the weights."""
    path = Path(source) / "mibench_finetune.json"
    if not source or not path.is_file():
        return {}
    from mibench.tuning.merging import Merged

    try:
        merged = Merged.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise UsageError(f"{path} is no record of `mibench finetune merge`: {first_fault(error)}.") from error
    data = merged.training.training.data
    shared = [
        f"{one.conversations} of {one.of} conversations share words with {one.suite}"
        for one in data.overlap
        if one.conversations
    ]
    base = Path(merged.base).name if Path(merged.base).is_absolute() or merged.base.startswith(".") else merged.base
    return {
        "base_model": Guess(base[:120], path.name),
        "fine_tuned": Guess("yes" if merged.fine_tuned else "no", path.name),
        "saw_the_suites": Guess("yes" if shared else "no", f"{path.name}: the leakage guard"),
        "overlap": Guess("; ".join(shared)[:500], path.name),
    }


def bundle(
    folders: Sequence[Path],
    answers: Mapping[str, Any],
    below: Path | None = None,
    progress: Progress = silent,
    *,
    without_times: bool = False,
) -> tuple[Bundled, Submission]:
    """Write a submission of finished runs, one a suite, of one model; `answers`: its fields.

    `without_times`: leave out when and how fast it was made, so that runs made anew give the same bytes.

    Raises Incomplete for a run that lacks rounds or ratings, RunConflict for one on another text, UsageError.
    """
    runs = [FinishedRun(path) for path in folders]
    _check_one_model(folders, [run.manifest for run in runs])
    said = submission_of({"date": datetime.now(tz=UTC).date().isoformat(), **answers})
    bundled = []
    for number, run in enumerate(runs):
        progress("bundling", number, len(runs), run.manifest.suite)
        found = _bundled(run)
        bundled.append(untimed(found, said.date) if without_times else found)
    progress("bundling", len(runs), len(runs), "")
    stripper = Stripper(machine_names())
    said = said.model_copy(
        update={field: stripper.text(getattr(said, field)) for field in ("command", "revision", "base_model")}
    )
    return write_bundle(said, bundled, below or submissions_folder(), stripper), said


def submission_of(answers: Mapping[str, Any]) -> Submission:
    """The statement of these fields. Raises UsageError that names the option to change."""
    try:
        return Submission.model_validate(dict(answers))
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0]).replace("_", "-")
        raise UsageError(f"--{field}: {first_fault(error).partition(': ')[2]}.") from error


def machine_names() -> list[str]:
    """The user and the host: never to be published."""
    import getpass
    import socket

    names = [socket.gethostname(), Path.home().name]
    with suppress(KeyError, OSError):
        names.append(getpass.getuser())
    return names


def _bundled(run: FinishedRun) -> BundledRun:
    manifest, folder = run.manifest, run.folder
    if manifest.suite not in suite_names():
        raise UsageError(
            f"{folder} answers {manifest.suite}; a submission answers suites that ship: {', '.join(suite_names())}."
        )
    if manifest.limit is not None:
        raise Incomplete(
            f"{folder} was run with --limit {manifest.limit}. Run the same command without it, then bundle: finished rounds are kept."
        )
    suite = load_suite(manifest.suite)
    if (manifest.suite_digest, manifest.prompt_digest) != (suite.digest, suite.prompt_digest):
        raise RunConflict(
            f"{folder} was run on another text or prompt of {suite.name} than ships today. Run it again with this mibench."
        )
    missing = [round_.id for round_ in suite.rounds if round_.id not in run.replies]
    if missing:
        raise Incomplete(
            f"{folder} lacks {len(missing)} of {len(suite.rounds)} rounds, the first is {missing[0]}. The command that made it goes on where it stopped."
        )
    scores = run.scores
    judges = [judge.judge for judge in scores.judges]
    unknown = [judge for judge in judges if judge not in manifest.judges]
    if unknown or scores.digest != comparability_digest(manifest, judges):
        raise RunConflict(
            f"{folder} was scored before something changed. `mibench score {folder}` scores it as it is now."
        )
    unjudged = [judge for judge in scores.judges if judge.unrated.get("not judged")]
    if unjudged:
        raise Incomplete(
            f"{folder}: {unjudged[0].judge} has not judged {unjudged[0].unrated['not judged']} of {unjudged[0].subjects}. `mibench judge {folder} --judge {unjudged[0].judge}` goes on, then score."
        )
    own = {
        name: {judge: value for judge, value in getattr(manifest, name).items() if judge in judges}
        for name in ("judges", "digests", "canaries")
    }
    digests = reply_digests(suite, run.replies, judges)
    current = [rating for rating in scored_ratings(run) if digests.get(rating.subject) == rating.reply_digest]
    replies = [run.replies[round_.id] for round_ in suite.rounds]
    return BundledRun(suite.name, manifest.model_copy(update=own), scores, replies, current)


def reply_digests(suite: Suite, replies: Mapping[str, Reply], judges: Sequence[str]) -> dict[str, str]:
    """Round or dialogue → the digest that a rating of it by `judges` must have seen."""
    kinds = {card_of(judge).rates for judge in judges}
    return {subject.id: subject.digest for rates in kinds for subject in subjects_of(suite, replies, rates)}


def _check_one_model(folders: Sequence[Path], manifests: Sequence[Manifest]) -> None:
    for path, manifest in zip(folders, manifests, strict=True):
        one, other = (
            (each.model.name, source_of(each), each.model.revision if source_of(each) else "")
            for each in (manifest, manifests[0])
        )
        if one != other:
            raise UsageError(
                f"{path} and {folders[0]} are runs of two models ({one[1] or one[0]} and {other[1] or other[0]}). A submission is of one."
            )
    suites = [manifest.suite for manifest in manifests]
    if len(set(suites)) < len(suites):
        raise UsageError("Two of the runs answer the same suite. A submission has one run a suite.")
