"""Run folders → folders of submissions, for the site's tests and its benchmark: what `mibench submit bundle` leaves, by hand."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import yaml

ABOUT = {
    "organisation": "Test lab", "date": "2026-11-01", "open_weights": "yes", "licence": "Apache-2.0", "fine_tuned": "no",
}  # fmt: skip


def submitted(home, folder, runs, standing=None, **about):
    """A submission of `runs` (suite → run folder) in home/folder; `standing`: as maintainers' checked.json has it."""
    path = Path(home) / folder
    path.mkdir(parents=True)
    (path / "submission.yaml").write_text(
        yaml.safe_dump({**ABOUT, **about}, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    for suite, run in runs.items():
        inside = path / suite
        inside.mkdir()
        for name in ("run.json", "scores.json"):
            shutil.copy(Path(run) / name, inside / name)
        for name in ("replies.jsonl", "ratings.jsonl"):
            packed = gzip.compress((Path(run) / name).read_bytes(), mtime=0)
            (inside / f"{name}.gz").write_bytes(packed)
    sealed(path, standing)
    return path


def sealed(path, standing=None):
    """Write SHA256SUMS, and checked.json where a maintainer has looked."""
    files = sorted(
        file for file in path.rglob("*") if file.is_file() and file.name not in {"SHA256SUMS", "checked.json"}
    )
    sums = "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(path).as_posix()}\n" for file in files
    )
    (path / "SHA256SUMS").write_text(sums)
    if standing:
        checked = {
            "format": 1, "standing": standing, "version": "v1", "sums": hashlib.sha256(sums.encode()).hexdigest(),
            "date": "2026-11-20",
        }  # fmt: skip
        (path / "checked.json").write_text(json.dumps(checked))
