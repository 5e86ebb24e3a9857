"""The run folder: one model on one suite, every stage a file.

run.json        what was run            replies.jsonl   what the model said
ratings.jsonl   what judges said        scores.json     what it comes to        report.html     to be read
calls.jsonl     judging models' answers batches.jsonl   questions sent in batches
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from mibench.errors import BadRecord, RunConflict, StorageError, UsageError
from mibench.records.jsonl import Appender, R, read_lines, write_json
from mibench.schema import Manifest, Rating, RatingKey, RatingNumbers, Reply, Scores


class RunFolder:
    """Paths and records of one run."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @property
    def replies_path(self) -> Path:
        """Where the replies lie."""
        return self.path / "replies.jsonl"

    @property
    def ratings_path(self) -> Path:
        """Where the ratings lie."""
        return self.path / "ratings.jsonl"

    @property
    def calls_path(self) -> Path:
        """Where the answers of judging models lie."""
        return self.path / "calls.jsonl"

    @property
    def report_path(self) -> Path:
        """Where the report lies."""
        return self.path / "report.html"

    def manifest(self) -> Manifest:
        """The manifest. Raises UsageError if this is no run folder, BadRecord if run.json cannot be read."""
        path = self.path / "run.json"
        if not path.is_file():
            raise UsageError(
                f"{self.path} is no run folder: it has no run.json. `mibench run --out {self.path}` makes one."
            )
        try:
            return Manifest.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise BadRecord(path, 1, str(error.errors(include_url=False)[0]["msg"])) from error

    def begin(self, manifest: Manifest) -> Manifest:
        """Claim the folder for `manifest`, or continue the same run in it.

        Returns the manifest on disk: the old one when it is the same run (a raised `limit` is taken over).
        Raises RunConflict when another suite, prompt, model or seed lives here.
        """
        if not (self.path / "run.json").is_file():
            self.save(manifest)
            return manifest
        old = self.manifest()
        if found := unlike(manifest, old):
            what, mine, theirs = found
            raise RunConflict(
                f"{self.path} holds another run: its {what} is {theirs}, this one's is {mine}. "
                "Choose another folder with --out, or delete this one."
            )
        if manifest.limit != old.limit:
            old = old.model_copy(update={"limit": manifest.limit, "digests": {}})
            self.save(old)
        return old

    def save(self, manifest: Manifest) -> None:
        """Write run.json, whole or not at all."""
        write_json(self.path / "run.json", manifest)

    def replies(self) -> dict[str, Reply]:
        """Round id → reply; of a round answered twice the first counts."""
        found: dict[str, Reply] = {}
        if self.replies_path.is_file():
            for _, reply in read_lines(self.replies_path, Reply, torn_end=True):
                found.setdefault(reply.round, reply)
        return found

    def ratings(self) -> Iterator[Rating]:
        """All ratings in the order they were made."""
        return self._ratings_as(Rating)

    def rating_keys(self) -> Iterator[RatingKey]:
        """Which ratings there are, in the order they were made; their numbers and words are not looked at."""
        return self._ratings_as(RatingKey)

    def rating_numbers(self) -> Iterator[RatingNumbers]:
        """The numbers of all ratings, in the order they were made; their words are not looked at."""
        return self._ratings_as(RatingNumbers)

    def _ratings_as(self, record: type[R]) -> Iterator[R]:
        if self.ratings_path.is_file():
            for _, found in read_lines(self.ratings_path, record, torn_end=True):
                yield found

    def scores(self) -> Scores:
        """The scores. Raises UsageError if there are none yet."""
        path = self.path / "scores.json"
        if not path.is_file():
            raise UsageError(f"{self.path} has no scores yet: `mibench score {self.path}` makes them.")
        try:
            return Scores.model_validate_json(path.read_bytes())
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            where = ".".join(map(str, fault["loc"]))
            raise BadRecord(
                path,
                1,
                f"{where}: {fault['msg']}. Another version of mibench wrote it? `mibench score {self.path}` makes it anew",
            ) from error

    def save_scores(self, scores: Scores) -> None:
        """Write scores.json, whole or not at all."""
        write_json(self.path / "scores.json", scores)

    def append_replies(self) -> Appender:
        """Open replies.jsonl for appending."""
        return Appender(self.replies_path)

    def append_ratings(self) -> Appender:
        """Open ratings.jsonl for appending."""
        return Appender(self.ratings_path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder: a second process is refused with RunConflict. A killed process holds nothing."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            file = (self.path / ".lock").open("w")
        except OSError as error:
            raise StorageError(
                f"Cannot write in {self.path}: {error.strerror or error}. Choose another folder with --out."
            ) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RunConflict(
                    f"Another mibench is at work in {self.path}. Wait for it, or choose another folder with --out."
                ) from error
            yield


def unlike(one: Manifest, other: Manifest) -> tuple[str, str, str] | None:
    """The first thing that makes two manifests different runs (its name, one's value, the other's); None if they are one."""
    for what, mine, theirs in (
        ("suite", one.suite, other.suite),
        ("suite text", one.suite_digest, other.suite_digest),
        ("counsellor prompt", one.prompt_digest, other.prompt_digest),
        ("model", one.model.name, other.model.name),
        ("model arguments", one.model.args, other.model.args),
        ("model revision", one.model.revision, other.model.revision),
        ("generation settings", one.model.generation, other.model.generation),
        ("chat template handling", one.model.chat_template, other.model.chat_template),
        ("place of the system prompt", one.model.system, other.model.system),
        ("seed", one.seed, other.seed),
        ("part of the run", one.shard or "the whole", other.shard or "the whole"),
    ):
        if mine != theirs:
            return what, _short(mine), _short(theirs)
    return None


def _short(value: object) -> str:
    text = str(value)
    return f"“{text[:16]}…”" if len(text) > 40 else f"“{text}”"
