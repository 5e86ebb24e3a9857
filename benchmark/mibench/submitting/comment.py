"""Findings as a comment under a pull request. They may come from a stranger's run: all of their words are set inert."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mibench.errors import BadRecord
from mibench.records.strict import read_bytes
from mibench.records.visible import visible
from mibench.schema.submission import CheckReport

MOST_BYTES = 2_000_000
"""Of a file of findings."""
MOST_CHARACTERS = 50_000
"""Of a comment; the server takes 65,536."""
MOST_FINDINGS = 40
"""Told one by one for each submission."""


def read_findings(path: Path) -> list[CheckReport]:
    """What `mibench submit check --json` printed. Raises BadRecord for anything else, and for more than MOST_BYTES."""
    try:
        return TypeAdapter(list[CheckReport]).validate_json(read_bytes(path, MOST_BYTES))
    except ValidationError as error:
        raise BadRecord(path, 1, f"these are no findings of a check: {error.errors()[0]['msg']}") from error


def comment_of(reports: Sequence[CheckReport]) -> str:
    """Markdown: what the check came to, then each submission with an error or an alarm, in a block where nothing works."""
    errors, alarms = (sum(report.count(kind) for report in reports) for kind in ("error", "alarm"))
    told = [report for report in reports if report.count("error") or report.count("alarm")]
    head = f"**mibench submit check**: {_number(len(reports), 'submission')}, {_number(errors, 'error')}, {_number(alarms, 'alarm')}."
    if not told:
        return f"{head}\n"
    text = "\n".join(line for report in told for line in _lines(report))
    if len(text) > MOST_CHARACTERS:
        text = f"{text[:MOST_CHARACTERS]}\n… and more: see findings.json"
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    after = "An error must go; an alarm is for a person to look at. `mibench submit check DIR` says the same on your machine."
    return f"{head}\n\n{fence}text\n{text}\n{fence}\n\n{after}\n"


def _lines(report: CheckReport) -> Iterator[str]:
    version = f"belongs to {visible(report.version, 20)}" if report.version else "belongs to no version"
    yield f"{visible(report.id, 120)}: {version}; {report.standing}"
    grave = [finding for finding in report.findings if finding.severity != "note"]
    for finding in grave[:MOST_FINDINGS]:
        yield f"  {finding.severity}  {visible(finding.where, 160)}: {visible(finding.what, 400)}"
    if len(grave) > MOST_FINDINGS:
        yield f"  … and {len(grave) - MOST_FINDINGS} more"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
