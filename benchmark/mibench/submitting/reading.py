"""One suite's run of a submission, read line by line without trust, with the line of everything."""

from dataclasses import dataclass, field
from typing import TypeVar

from mibench.records.strict import packed_lines, parse, read_bytes, read_json
from mibench.records.submission import SubmittedRun
from mibench.schema import Manifest, Rating, Reply, Scores
from mibench.submitting.findings import Findings

R = TypeVar("R", Reply, Rating)


@dataclass(frozen=True)
class ReadRun:
    """What could be read of it."""

    suite: str
    manifest: Manifest
    scores: Scores
    replies: tuple[tuple[int, Reply], ...]
    """(line, reply) in the order of the file."""
    ratings: tuple[tuple[int, Rating], ...]
    """(line, rating)."""
    score_lines: tuple[str, ...] = field(repr=False)
    """scores.json, line by line."""

    @property
    def by_round(self) -> dict[str, Reply]:
        """Round id → the first reply to it."""
        found: dict[str, Reply] = {}
        for _, reply in self.replies:
            found.setdefault(reply.round, reply)
        return found

    def score_line(self, metric: str) -> int:
        """The line of scores.json in which a metric of the whole run stands; 1 if it is written otherwise."""
        start = next((number for number, line in enumerate(self.score_lines, 1) if line.startswith(' "estimates"')), 1)
        named = f'"metric": "{metric}"'
        return next((n for n, line in enumerate(self.score_lines[start - 1 :], start) if named in line), 1)


def read_run(run: SubmittedRun, folder: str, findings: Findings) -> ReadRun | None:
    """The run; None if anything in it cannot be read. Each line that cannot is a finding."""
    manifest, scores = None, None
    with findings.reading(folder):
        manifest = read_json(run.path / "run.json", Manifest, keys_once=True)
    with findings.reading(folder):
        scores = read_json(run.path / "scores.json", Scores, keys_once=True)
    replies = _lines(run, "replies.jsonl.gz", Reply, folder, findings)
    ratings = _lines(run, "ratings.jsonl.gz", Rating, folder, findings)
    if manifest is None or scores is None or replies is None or ratings is None:
        return None
    for file, claimed in (("run.json", manifest.suite), ("scores.json", scores.suite)):
        if claimed != run.suite:
            findings.error(
                f"{run.suite}/{file}:1", f"says that it is about the suite “{claimed}”, and lies in {run.suite}."
            )
            return None
    lines = read_bytes(run.path / "scores.json", 10_000_000).decode("utf-8", "replace").splitlines()
    return ReadRun(run.suite, manifest, scores, replies, ratings, tuple(lines))


def _lines(
    run: SubmittedRun, name: str, record: type[R], folder: str, findings: Findings
) -> tuple[tuple[int, R], ...] | None:
    path = run.path / name
    before = len(findings.found)
    found: list[tuple[int, R]] = []
    faults: list[tuple[int, bytes]] = []
    with findings.reading(folder):
        for number, line in packed_lines(path):
            try:
                found.append((number, parse(path, number, line, record, keys_once=True)))
            except ValueError:
                faults.append((number, line))
    for number, line in faults[:5]:
        with findings.reading(folder):
            parse(path, number, line, record, keys_once=True)
    if len(faults) > 5:
        findings.error(f"{run.suite}/{name}:{faults[5][0]}", f"and {len(faults) - 5} more lines that do not fit.")
    return tuple(found) if len(findings.found) == before else None
