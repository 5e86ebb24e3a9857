"""Run folders → the folder of a submission: stripped, current, complete, compressed, with its hashes; the same bytes again."""

import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from mibench.errors import StorageError, UsageError
from mibench.records.submission import SUMS
from mibench.schema import Manifest, Rating, Reply, Scores
from mibench.schema.submission import Submission
from mibench.submitting.guessing import is_local
from mibench.submitting.names import folder_name
from mibench.submitting.stripping import Stripper

MOST_BYTES = 10_000_000
"""Size of a submission: 10 MB."""


class BundledRun(NamedTuple):
    """What one suite's run gives to a submission."""

    suite: str
    manifest: Manifest
    scores: Scores
    replies: Sequence[Reply]
    """In the order of the suite."""
    ratings: Sequence[Rating]
    """Those that the scores rest on, of the replies as they are."""


class Bundled(NamedTuple):
    """What was written."""

    folder: Path
    sizes: dict[str, int]
    """File → bytes."""
    changed: dict[str, str]
    """What stood in the run → how it is published."""


def write_bundle(submission: Submission, runs: Iterable[BundledRun], below: Path, stripper: Stripper) -> Bundled:
    """Write the folder of a submission below `below`, whole or not at all; the same input gives the same bytes.

    Raises UsageError when a submission of that name is there with a check, or when it is larger than 10 MB.
    """
    folder = below / folder_name(submission)
    if (folder / "checked.json").exists():
        raise UsageError(
            f"{folder} is there and has been checked. Give another --date, or take the old one away if it was a mistake."
        )
    files = {"submission.yaml": _yaml(submission)}
    for run in runs:
        files |= {f"{run.suite}/{name}": content for name, content in _run_files(run, stripper).items()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files[SUMS] = sums.encode()
    sizes = {name: len(content) for name, content in files.items()}
    if sum(sizes.values()) > MOST_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        raise UsageError(
            f"The submission would have {sum(sizes.values()) / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB are taken. "
            f"The largest file is {largest} ({sizes[largest] / 1e6:.1f} MB); fewer repeats or judges make it smaller "
            "(`mibench score RUN --judge …`)."
        )
    _write(folder, files)
    return Bundled(folder, sizes, dict(stripper.changed))


def _run_files(run: BundledRun, stripper: Stripper) -> dict[str, bytes]:
    manifest = run.manifest.model_dump(mode="json", exclude_defaults=True)
    model = manifest["model"]
    model["args"] = {
        key: Path(value).name if isinstance(value, str) and is_local(value) else value
        for key, value in model.get("args", {}).items()
    }
    scores = run.scores.model_dump(mode="json", exclude_defaults=True)
    ratings = [rating.model_dump(mode="json", exclude_defaults=True) for rating in run.ratings]
    reasons = [rating["reason"] for rating in ratings if "reason" in rating]
    stripper.meet([run.manifest.model.model_dump(mode="json"), reasons])
    published = {"format": 1, **stripper.strip({key: part for key, part in manifest.items() if key != "versions"})}
    published["versions"] = manifest.get("versions", {})
    for rating in ratings:
        if "reason" in rating:
            rating["reason"] = stripper.text(rating["reason"])
    return {
        "run.json": _json(published, Manifest),
        "scores.json": _json(_stripped_reasons(scores, stripper), Scores),
        "replies.jsonl.gz": packed(reply.model_dump(mode="json", exclude_defaults=True) for reply in run.replies),
        "ratings.jsonl.gz": packed(ratings),
    }


def _stripped_reasons(scores: Mapping[str, Any], stripper: Stripper) -> dict[str, Any]:
    """Scores whose reasons for unrated subjects are stripped as the ratings' are; nothing else holds a machine's words."""
    found = dict(scores)
    for part in ("judges", "juries"):
        found[part] = [{**entry, "unrated": stripper.strip(entry["unrated"])} for entry in scores[part]]
    return found


def packed(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """JSON lines in gzip, without a time in it: equal lines give equal bytes."""
    text = "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n" for line in lines
    )
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(text.encode())
    return buffer.getvalue()


def _json(value: Mapping[str, Any], record: type[BaseModel]) -> bytes:
    record.model_validate(value)
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _yaml(submission: Submission) -> bytes:
    import yaml

    values = {
        key: value for key, value in submission.model_dump(mode="json").items() if value is not None and value != ""
    }
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=110).encode()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        for name, content in files.items():
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_bytes(content)
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        part.replace(folder)
    except OSError as error:
        raise StorageError(
            f"Cannot write {folder}: {error.strerror or error}. Choose another place with --out."
        ) from error
