"""A submission's folder: `submission.yaml`, `SHA256SUMS`, and a folder for each suite with what its run holds.

<model>_<organisation>_<date>/
  submission.yaml   SHA256SUMS   checked.json (kept by maintainers)
  mi_zh/  run.json   scores.json   replies.jsonl.gz   ratings.jsonl.gz
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

from mibench.schema import Manifest, Rating, Reply, Scores
from mibench.schema.submission import Checked, Submission


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
        return Manifest.model_validate_json((self.path / "run.json").read_bytes())

    def scores(self) -> Scores:
        """`scores.json`."""
        return Scores.model_validate_json((self.path / "scores.json").read_bytes())

    def replies(self) -> dict[str, Reply]:
        """Round id → reply."""
        with gzip.open(self.path / "replies.jsonl.gz") as file:
            return {reply.round: reply for reply in map(Reply.model_validate_json, file)}

    def ratings(self) -> Iterator[Rating]:
        """All ratings."""
        with gzip.open(self.path / "ratings.jsonl.gz") as file:
            yield from map(Rating.model_validate_json, file)


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
        import yaml

        return Submission.model_validate(yaml.safe_load((self.path / "submission.yaml").read_text(encoding="utf-8")))

    def checked(self) -> Checked | None:
        """`checked.json`, if maintainers have kept one."""
        path = self.path / "checked.json"
        return Checked.model_validate_json(path.read_bytes()) if path.is_file() else None

    def runs(self) -> list[SubmittedRun]:
        """A run for each suite, by name."""
        return [SubmittedRun(path.parent) for path in sorted(self.path.glob("*/run.json"))]
