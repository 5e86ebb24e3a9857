"""What must hold of one suite's run in a submission: what needs suites, scoring or a judge is done here."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mibench.api import Progress, card_of, facts_of
from mibench.board.bundling import reply_digests
from mibench.errors import MibenchError
from mibench.judging import load_judge
from mibench.judging.subjects import subjects_of
from mibench.records import RunFolder
from mibench.records.jsonl import write_whole
from mibench.schema import Verdict
from mibench.schema.version import PublishedVersion, Versions
from mibench.scoring import AGGREGATION, score_run
from mibench.scoring.score import comparability_digest
from mibench.submitting.copying import check_reference, plain
from mibench.submitting.findings import Findings
from mibench.submitting.reading import ReadRun
from mibench.submitting.rescoring import can_be_drawn, check_scores
from mibench.submitting.rounds import check_odd_replies, check_ratings, check_rounds, check_statuses, check_values
from mibench.submitting.second_opinion import LABELS, bounds_of, check_other_judge, check_same_judge
from mibench.submitting.versions import check_version
from mibench.submitting.words import check_words
from mibench.suites import Suite, load_suite, suite_names
from mibench.validating import stored_agreement

if TYPE_CHECKING:
    from mibench.schema import Rating

JUDGE_NAME = re.compile(r"(?!.*\.\.)[\w.+:/@-]{1,200}")


def check_run(
    run: ReadRun, versions: Versions, findings: Findings, *, offline: bool, reference: bool, progress: Progress
) -> PublishedVersion | None:
    """One suite's run; returns the version it belongs to."""
    judges = [column.judge for column in run.scores.judges]
    unknown = [judge for judge in judges if not _known(judge) or judge not in run.manifest.judges]
    if unknown or not judges:
        findings.error(
            f"{run.suite}/scores.json:1",
            f"it rests on “{unknown[0]}”, no judge that run.json names and this mibench knows."
            if unknown
            else "it rests on no judge.",
        )
        return None
    version = check_version(run, versions, comparability_digest(run.manifest, judges), findings)
    check_words(run, findings)
    check_odd_replies(run, findings)
    if version is None:
        return None
    suite = _suite_of(run)
    if suite is None or version.aggregation != AGGREGATION:
        findings.alarm(
            f"{run.suite}/run.json:1",
            f"it belongs to {version.name}, and this mibench ships another text or sums up otherwise: check it with the mibench of {version.name}.",
        )
        return version
    before = findings.count_errors()
    check_rounds(run, suite.rounds, findings)
    check_statuses(run, _statuses(run), findings)
    check_ratings(run, reply_digests(suite, run.by_round, judges), findings)
    check_values(run, {judge: card_of(judge).rates for judge in judges}, findings)
    if not reference:
        check_reference(
            run.suite,
            plain_replies(run),
            {round_.id: plain(round_.reference.text) for round_ in suite.rounds},
            findings,
        )
    if findings.count_errors() > before:
        findings.note(
            f"{run.suite}/scores.json:1", "the scores were not computed again: rounds and ratings must be right first."
        )
        return version
    _check_scores(run, suite, findings, progress)
    if offline:
        _check_judges(run, suite, findings, progress)
    return version


def _check_scores(run: ReadRun, suite: Suite, findings: Findings, progress: Progress) -> None:
    if not can_be_drawn(run, findings):
        return
    with run_folder(run) as folder:
        try:
            found = score_run(
                folder, suite, [facts_of(column.judge) for column in run.scores.judges],
                draws=run.scores.draws, seed=run.scores.seed,
                on_round=lambda done, total: progress(f"{run.suite}: scores", done, total, ""),
            )  # fmt: skip
        except MibenchError as error:
            findings.error(
                f"{run.suite}/ratings.jsonl.gz:1",
                f"no scores can be made of it: {str(error).replace(str(folder.path), run.suite)}",
            )
            return
    check_scores(run, found, findings)


def _check_judges(run: ReadRun, suite: Suite, findings: Findings, progress: Progress) -> None:
    """The offline judge on the same replies, beside every judge that rates replies."""
    judge = load_judge("offline")
    own: dict[str, Verdict] = {}
    subjects = list(subjects_of(suite, run.by_round, "reply"))
    for number, subject in enumerate(subjects, 1):
        own[subject.id] = Verdict(status="unrated") if subject.empty else judge.rate(subject.occasion, subject.reply)  # type: ignore[union-attr]
        progress(f"{run.suite}: the offline judge", number, len(subjects), "")
    file = f"{run.suite}/ratings.jsonl.gz"
    measured = stored_agreement("offline").of("offline")
    language = suite.dialogues[0].language
    bounds = {label: bound for label in LABELS if measured and (bound := bounds_of(label, measured, language))}
    for column in run.scores.judges:
        ratings: list[tuple[int, Rating]] = [entry for entry in run.ratings if entry[1].judge == column.judge]
        if column.rates != "reply" or not ratings:
            continue
        if run.manifest.judges[column.judge] == judge.digest:
            check_same_judge(file, ratings, own, findings)
        else:
            check_other_judge(f"{file}:1", column.judge, ratings, own, bounds, findings)


@contextmanager
def run_folder(run: ReadRun) -> Iterator[RunFolder]:
    """The run as a run folder, for the time of the block."""
    with TemporaryDirectory(prefix="mibench-") as place:
        folder = RunFolder(place)
        fill(folder, run)
        yield folder


def fill(folder: RunFolder, run: ReadRun) -> None:
    """Write manifest, replies and ratings as a run folder has them."""
    folder.save(run.manifest)
    write_whole(folder.replies_path, "".join(f"{reply.model_dump_json()}\n" for _, reply in run.replies))
    write_whole(folder.ratings_path, "".join(f"{rating.model_dump_json()}\n" for _, rating in run.ratings))


def _suite_of(run: ReadRun) -> Suite | None:
    """The suite as it ships, if it is the text that was run."""
    if run.suite not in suite_names():
        return None
    suite = load_suite(run.suite)
    return (
        suite
        if (suite.digest, suite.prompt_digest) == (run.manifest.suite_digest, run.manifest.prompt_digest)
        else None
    )


def _known(judge: str) -> bool:
    """Whether this mibench has the judge that a stranger names."""
    if not JUDGE_NAME.fullmatch(judge):
        return False
    try:
        card_of(judge)
    except MibenchError:
        return False
    return True


def _statuses(run: ReadRun) -> dict[str, str]:
    from mibench.generating.answering import reply_status

    return {reply.round: reply_status(reply.text, cut=reply.status == "truncated") for _, reply in run.replies}


def plain_replies(run: ReadRun) -> dict[str, str]:
    """Round → the reply as `copying.plain` has it."""
    return {id_: plain(reply.text) for id_, reply in run.by_round.items()}
