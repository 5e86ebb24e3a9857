"""A submission as the site takes it: read, held to its own ratings, refused in a sentence where it does not hold."""

import gzip
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from mibench.errors import MibenchError, UsageError
from mibench.publishing.site.boards import page_id
from mibench.publishing.site.comparing import Sums
from mibench.records.submission import SubmissionFolder, SubmittedRun
from mibench.schema import Manifest, Rates, Rating, Scores
from mibench.schema.submission import Checked, Standing, Submission
from mibench.scoring.board import Sheet, sheet_of
from mibench.scoring.compare import HEADLINE
from mibench.scoring.estimates import metrics_for
from mibench.scoring.metrics import COLUMNS
from mibench.suites import load_suite, suite_names

KEPT = ("run.json", "scores.json", "replies.jsonl.gz", "ratings.jsonl.gz")
"""Files of a run that readers can download; large ones that are not compressed yet are."""
LARGE = 100_000
"""Bytes from which a download is compressed."""
ALIKE = 1e-6
"""How far a score may be from what its ratings come to: rounding, not a change."""


class Entered(NamedTuple):
    """A submission's run on one suite."""

    folder: SubmissionFolder
    run: SubmittedRun
    submission: Submission
    checked: Checked | None
    """None where no check holds for the folder as it is now."""
    manifest: Manifest
    scores: Scores
    """Without slices."""
    sheet: Sheet
    language: str
    asked: float
    """Share of the suite's rounds that the model was asked, 0–1."""
    current: bool
    """Whether the suite's text is the one that ships."""

    @property
    def page(self) -> str:
        """Id of the submission's page."""
        return page_id(self.folder.id)

    @property
    def suite(self) -> str:
        """Name of the suite."""
        return self.manifest.suite

    @property
    def standing(self) -> Standing:
        """What has been done to trust it."""
        return self.checked.standing if self.checked else "self-reported"

    @property
    def version(self) -> str:
        """Of the benchmark; empty where no check has said it."""
        return self.checked.version if self.checked else ""

    def scored_ratings(self) -> Iterator[Rating]:
        """Ratings that went into the scores: by their judges, in the version the manifest names."""
        names = {self.manifest.judges[judge.judge] for judge in self.scores.judges}
        return (rating for rating in self.run.ratings() if rating.judge_digest in names)


def entered(folder: SubmissionFolder) -> tuple[list[Entered], dict[str, str]]:
    """The runs of a submission that can stand on the site; submission or run → why it cannot."""
    try:
        submission = folder.submission()
        checked = folder.holding()
        runs = folder.runs()
    except (MibenchError, ValidationError, OSError, ValueError) as error:
        return [], {folder.id: _said(error)}
    found, faults = [], {} if runs else {folder.id: "it holds no run."}
    for run in runs:
        try:
            found.append(_entered(folder, run, submission, checked))
        except (MibenchError, ValidationError, OSError, ValueError, KeyError, EOFError) as error:
            faults[f"{folder.id}/{run.suite}"] = _said(error)
    return found, faults


def _entered(
    folder: SubmissionFolder, run: SubmittedRun, submission: Submission, checked: Checked | None
) -> Entered:  # fmt: skip
    manifest, scores = run.manifest(), run.scores()
    if not run.suite == manifest.suite == scores.suite or run.suite not in suite_names():
        raise UsageError(
            f"the suite is called {run.suite}, {manifest.suite} and {scores.suite}; a board has one that ships."
        )
    suite = suite_of(run.suite)
    judges = [(judge.judge, judge.rates) for judge in scores.judges]
    missing = next((name for name, _ in judges if name not in manifest.judges), None)
    if missing or not judges:
        raise UsageError(
            f"scores.json names the judge {missing}, run.json does not." if missing else "no judge rated it."
        )
    sheet = sheet_of(manifest, run.replies(), run.ratings(), judges, [dialogue.id for dialogue in suite.dialogues])
    _follow(scores, sheet)
    kept = scores.model_copy(update={"slices": ()})
    return Entered(
        folder, run, submission, checked, manifest, kept, sheet, suite.dialogues[0].language,
        min(1.0, (manifest.limit or len(suite.rounds)) / len(suite.rounds)), suite.digest == manifest.suite_digest,
    )  # fmt: skip


suite_of = lru_cache(load_suite)
"""A suite that ships, read once a process."""


def _follow(scores: Scores, sheet: Sheet) -> None:
    """Raises UsageError where a score is not what the ratings come to."""
    import numpy as np

    if not len(sheet.table_S_K):
        raise UsageError("no rating belongs to its replies as they are.")
    whole = sheet.sums().sum(axis=0, keepdims=True)
    for metric in metrics_for(scores.rates):
        if metric.name not in HEADLINE:
            continue
        found = float(metric.of(whole)[0])
        claimed = scores[metric.name].value
        same = claimed is None if np.isnan(found) else claimed is not None and abs(claimed - found) <= ALIKE * max(1, abs(found))  # fmt: skip
        if not same:
            raise UsageError(
                f"scores.json says {metric.label} {claimed}, its ratings come to {found:.6g}. Score it again."
            )


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}."
    if isinstance(error, MibenchError):
        return str(error)
    return f"it cannot be read ({type(error).__name__}). `mibench submit check` says where."


class Subjects(NamedTuple):
    """What the runs of a board have rated."""

    anyone: dict[tuple[Rates, str], None]
    everyone: set[tuple[Rates, str]]


def subjects_of(sheets: Sequence[Sheet]) -> Subjects:
    """What any of them has rated, in order, and what all have."""
    anyone = dict.fromkeys(subject for sheet in sheets for subject in sheet.subjects)
    return Subjects(anyone, set.intersection(*(set(sheet.subjects) for sheet in sheets)))


def sums_of(sheet: Sheet, rated: Subjects) -> Sums:
    """The sheet as the compare page takes it: sums by dialogue, and apart what not all runs of the board have rated."""
    anyone, everyone = rated
    kept = [n for n, name in enumerate(COLUMNS) if name not in {"bleu_4", "rouge_1", "rouge_2", "rouge_l", "chrf"}]
    own = set(sheet.subjects)
    holes = [
        (*subject, sheet.dialogues[n], sheet.table_S_K[n, kept].tolist())
        for n, subject in enumerate(sheet.subjects) if subject not in everyone
    ]  # fmt: skip
    return Sums(
        list(dict.fromkeys(sheet.dialogues)), [COLUMNS[n] for n in kept], sheet.sums()[:, kept],
        [subject for subject in anyone if subject not in own], holes,
    )  # fmt: skip


def downloads(folder: SubmissionFolder) -> list[tuple[str, Path]]:
    """(name on the site, file) of what readers may have; never what a link leads to."""
    paths = [folder.path / "submission.yaml", *(run.path / name for run in folder.runs() for name in KEPT)]
    found = []
    for path in paths:
        if path.is_file() and not path.is_symlink():
            large = path.suffix != ".gz" and path.stat().st_size > LARGE
            found.append((path.relative_to(folder.path).as_posix() + (".gz" if large else ""), path))
    return found


def content_of(name: str, path: Path) -> bytes:
    """What stands under `name`: the file, compressed if its own name does not say so."""
    content = path.read_bytes()
    return content if path.name == name.rpartition("/")[2] else gzip.compress(content, compresslevel=1, mtime=0)
