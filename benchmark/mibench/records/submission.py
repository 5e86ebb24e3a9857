"""A submission's folder: `submission.yaml`, `SHA256SUMS`, and a folder for each suite with what its run holds.

<model>_<organisation>_<date>/
  submission.yaml   SHA256SUMS   checked.json (kept by maintainers)
  mi_zh/  run.json   scores.json   replies.jsonl.gz   ratings.jsonl.gz

Whatever lies in it may be a stranger's: links are not followed, sizes are bounded, and all readers raise BadRecord with
file:line for what does not fit. `mibench submit check` looks closer.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from mibench.errors import BadRecord
from mibench.records.flat_yaml import read_flat_yaml
from mibench.records.strict import MOST_JSON, MOST_TEXT, read_bytes, read_json, read_packed
from mibench.schema import Manifest, Rating, Reply, Scores
from mibench.schema.submission import Checked, Standing, Submission

RUN_FILES = ("run.json", "scores.json", "replies.jsonl.gz", "ratings.jsonl.gz")
"""What a suite's folder holds."""
SUMS = "SHA256SUMS"
_SUM = re.compile(r"([0-9a-f]{64}) [ *]([\w./-]+)")


class SubmittedRun:
    """One suite's run inside a submission."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def suite(self) -> str:
        """Name of the suite."""
        return self.path.name

    def manifest(self) -> Manifest:
        """`run.json`."""
        return read_json(self.path / "run.json", Manifest)

    def scores(self) -> Scores:
        """`scores.json`."""
        return read_json(self.path / "scores.json", Scores, any_number=True)

    def replies(self) -> dict[str, Reply]:
        """Round id → reply; of a round answered twice the first counts."""
        found: dict[str, Reply] = {}
        for _, reply in read_packed(self.path / "replies.jsonl.gz", Reply):
            found.setdefault(reply.round, reply)
        return found

    def ratings(self) -> Iterator[Rating]:
        """All ratings."""
        for _, rating in read_packed(self.path / "ratings.jsonl.gz", Rating):
            yield rating


class SubmissionFolder:
    """Paths and records of one submission."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @property
    def id(self) -> str:
        """The folder's name: `<model>_<organisation>_<date>`."""
        return self.path.name

    def submission(self) -> Submission:
        """`submission.yaml`."""
        return read_flat_yaml(self.path / "submission.yaml", Submission)

    def checked(self) -> Checked | None:
        """`checked.json`, if maintainers have kept one; `holding` says whether it still holds."""
        path = self.path / "checked.json"
        return read_json(path, Checked) if path.is_file() and not path.is_symlink() else None

    def runs(self) -> list[SubmittedRun]:
        """A run for each suite, by name."""
        found = sorted(self.path.glob("*/run.json"))
        return [SubmittedRun(path.parent) for path in found if not path.parent.is_symlink()]

    def holding(self) -> Checked | None:
        """`checked.json` while every file is still what was checked and none has come; else None."""
        try:
            checked = self.checked()
            holds = checked is not None and checked.sums == self.sums_digest() and not self.broken_sums()
        except BadRecord:
            return None
        return checked if holds else None

    def standing(self) -> Standing:
        """What has been done to trust it: as the check says that still holds, else self-reported."""
        checked = self.holding()
        return checked.standing if checked else "self-reported"

    def sums_digest(self) -> str:
        """sha256 of SHA256SUMS; empty if there is none."""
        path = self.path / SUMS
        return hashlib.sha256(read_bytes(path, MOST_TEXT)).hexdigest() if path.is_file() else ""

    def sums(self) -> dict[str, tuple[int, str]]:
        """File → (line, sha256) as SHA256SUMS has them. Raises BadRecord for a line that is none, or a file named twice."""
        path = self.path / SUMS
        found: dict[str, tuple[int, str]] = {}
        text = read_bytes(path, MOST_TEXT).decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            match = _SUM.fullmatch(line)
            if not match:
                raise BadRecord(path, number, "expected `<sha256>  <file>`, as sha256sum writes it")
            if match[2] in found:
                raise BadRecord(path, number, f"{match[2]} stands already in line {found[match[2]][0]}")
            found[match[2]] = (number, match[1])
        return found

    def files(self) -> list[str]:
        """The files that SHA256SUMS must name, below the folder, as they are there."""
        names = ["submission.yaml", *(f"{run.suite}/{name}" for run in self.runs() for name in RUN_FILES)]
        return [name for name in names if (self.path / name).is_file()]

    def sum_of(self, name: str) -> str:
        """sha256 of one of `files`."""
        return hashlib.sha256(read_bytes(self.path / name, MOST_JSON)).hexdigest()

    def broken_sums(self) -> list[str]:
        """Files whose content, presence or absence is not as SHA256SUMS has it."""
        try:
            sums = {name: digest for name, (_, digest) in self.sums().items()}
        except BadRecord:
            return [SUMS]
        there = {name: self.sum_of(name) for name in self.files()}
        return sorted(name for name in sums.keys() | there.keys() if sums.get(name) != there.get(name))
