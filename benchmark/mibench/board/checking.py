"""Everything that must hold of a submission, put together, and what maintainers keep of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mibench.api import Progress, silent
from mibench.board.bundling import submission_folders
from mibench.board.checking_run import check_run, plain_replies
from mibench.errors import MibenchError
from mibench.generating import counsellor_names
from mibench.records import write_json
from mibench.records.submission import SubmissionFolder
from mibench.schema.submission import Checked, CheckReport, Rejudged, Submission
from mibench.submitting.copying import Other, check_others, plain
from mibench.submitting.files import check_files, check_sums
from mibench.submitting.findings import Findings
from mibench.submitting.guessing import kind_of, revision_of
from mibench.submitting.reading import ReadRun, read_run
from mibench.submitting.statement import check_statement
from mibench.submitting.versions import load_versions

if TYPE_CHECKING:
    from mibench.schema.version import PublishedVersion


def check_all(below: Path | None = None, *, offline: bool = True, progress: Progress = silent) -> Iterator[CheckReport]:
    """A report for each submission, by name, each held against all others."""
    folders = submission_folders(below)
    others = shelf(folders)
    for number, folder in enumerate(folders):
        progress("submissions", number, len(folders), "")
        yield check(folder.path, others, offline=offline, progress=progress)
    progress("submissions", len(folders), len(folders), "")


def shelf(folders: Sequence[SubmissionFolder]) -> list[Other]:
    """What can be read of each submission's replies, to be held against another's; one that cannot be read is left out."""
    found = []
    for folder in folders:
        try:
            runs = [] if folder.path.is_symlink() else folder.runs()
            replies = {run.suite: {id_: plain(reply.text) for id_, reply in run.replies().items()} for run in runs}
            revisions = {run.suite: revision_of(run.manifest()) for run in runs}
            found.append(Other(folder.id, folder.submission(), revisions, replies))
        except MibenchError:
            continue
    return found


def check(
    path: Path, others: Sequence[Other] = (), *, offline: bool = True, progress: Progress = silent
) -> CheckReport:
    """What there is to find in one submission. `others`: see `shelf`; `offline`: whether the offline judge judges again."""
    folder, findings, versions = SubmissionFolder(path), Findings(), load_versions()
    suites = {name for version in versions.versions for name in version.suites}
    check_files(folder, suites, findings)
    if path.is_symlink():
        return CheckReport(id=folder.id[:100], version=None, standing="self-reported", findings=tuple(findings.found))
    check_sums(folder, findings)
    said = check_statement(folder, findings)
    found: list[PublishedVersion | None] = []
    runs = [each for each in folder.runs() if each.suite in suites]
    read = []
    for submitted in runs:
        run = read_run(submitted, str(folder.path), findings)
        if run is None:
            found.append(None)
            continue
        read.append(run)
        found.append(
            check_run(
                run,
                versions,
                findings,
                offline=offline,
                reference=said is not None and said.kind == "reference",
                progress=progress,
            )
        )
    if said is not None:
        _check_kind(said, read, findings)
        _check_revision(said, read, findings)
        mine = Other(
            folder.id,
            said,
            {run.suite: revision_of(run.manifest) for run in read},
            {run.suite: plain_replies(run) for run in read},
        )
        check_others(mine, [other for other in others if other.id != folder.id], findings)
    _check_one_model(read, findings)
    names = {version.name if version else None for version in found}
    if len(names) > 1:
        findings.error(".", "its runs belong to different versions of the benchmark; one submission belongs to one.")
    version = names.pop() if len(names) == 1 else None
    return CheckReport(
        id=folder.id[:100], version=version, standing=_standing(folder, findings), findings=tuple(findings.found)
    )


def record_check(path: Path, report: CheckReport, rejudged: Sequence[Rejudged] = ()) -> Checked:
    """Write `checked.json` beside a submission whose check found no error; reproduced if a second rating came out alike.

    Raises MibenchError where there is an error, or no version.
    """
    if report.count("error") or report.version is None:
        raise MibenchError(f"{report.id} has errors: nothing is recorded. Mend them first.")
    alike = bool(rejudged) and all(one.alike for one in rejudged)
    checked = Checked(
        standing="reproduced" if alike else "re-scored",
        version=report.version,
        sums=SubmissionFolder(path).sums_digest(),
        date=datetime.now(tz=UTC).date().isoformat(),
        rejudged=tuple(rejudged),
    )
    write_json(path / "checked.json", checked)
    return checked


def _check_kind(said: Submission, runs: Sequence[ReadRun], findings: Findings) -> None:
    for run in runs:
        true = kind_of(run.manifest, counsellor_names())
        if said.kind != true:
            findings.error(
                "submission.yaml:1",
                f"its kind is “{said.kind}”, and {run.suite} was answered by {run.manifest.model.name}, which makes it “{true}”.",
            )
            return


def _check_revision(said: Submission, runs: Sequence[ReadRun], findings: Findings) -> None:
    for run in runs:
        true = revision_of(run.manifest)
        if said.revision and true and said.revision != true:
            findings.note("submission.yaml:1", f"its revision is “{said.revision}”; {run.suite}/run.json has “{true}”.")


def _check_one_model(runs: Sequence[ReadRun], findings: Findings) -> None:
    models = {
        (
            run.manifest.model.name,
            str(run.manifest.model.args.get("pretrained") or run.manifest.model.args.get("model")),
        )
        for run in runs
    }
    if len(models) > 1:
        findings.error(".", "its runs are of different models; a submission is of one.")


def _standing(folder: SubmissionFolder, findings: Findings) -> str:
    kept = None
    with findings.reading(str(folder.path)):
        kept = folder.checked()
    standing = "self-reported"
    if kept is not None:
        standing = folder.standing()
        if standing == "self-reported":
            findings.alarm(
                "checked.json:1",
                f"the check of {kept.date} is void: the submission was changed since. Check it again with --record.",
            )
        else:
            findings.note("checked.json:1", f"a check on {kept.date} recorded it as {standing}.")
    if findings.wrong:
        return "self-reported"
    return "re-scored" if standing == "self-reported" else standing
