"""What the sender says, in `submission.yaml`: read, named as the folder, and free of what nobody should publish."""

from datetime import UTC, date, datetime, timedelta

from mibench.records.flat_yaml import lines_of
from mibench.records.submission import SubmissionFolder
from mibench.scans import personal_data, secrets
from mibench.schema.submission import Submission
from mibench.submitting.findings import Findings
from mibench.submitting.names import folder_name
from mibench.submitting.stripping import left_in

FILE = "submission.yaml"


def check_statement(folder: SubmissionFolder, findings: Findings) -> Submission | None:
    """The statement; None if it cannot be read."""
    said = None
    lines: dict[str, int] = {}
    with findings.reading(str(folder.path)):
        lines = lines_of(folder.path / FILE)
        said = folder.submission()
    if said is None:
        return None

    def at(field: str) -> str:
        return f"{FILE}:{lines.get(field, 1)}"

    wanted = folder_name(said)
    if folder.path.resolve().name != wanted:
        findings.error(
            at("name"),
            f"the folder is called “{folder.path.resolve().name}”; by model, organisation and date it is {wanted}.",
        )
    if date.fromisoformat(said.date) > datetime.now(tz=UTC).date() + timedelta(days=1):
        findings.error(at("date"), f"{said.date} has not come yet.")
    for field, value in said.model_dump().items():
        if isinstance(value, str):
            _check_field(at(field), field, value, findings)
    if said.saw_the_suites == "yes" or said.overlap:
        findings.note(at("saw_the_suites"), "the model has seen dialogues of the suites; its row says so.")
    if not said.contact:
        findings.note(FILE, "there is no contact; nobody can ask the sender.")
    return said


def _check_field(where: str, field: str, value: str, findings: Findings) -> None:
    for secret in secrets(value):
        findings.error(where, f"{field} holds what looks like a {secret.name}: take it out, and revoke it.")
    for mark in left_in(value):
        findings.error(where, f"{field} holds {mark}; leave only the last part of a path.")
    for data in personal_data(value) if field != "contact" else ():
        findings.alarm(where, f"{field} holds what looks like a {data.name}; only `contact` is for that.")
