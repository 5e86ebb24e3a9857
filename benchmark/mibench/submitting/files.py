"""The files of a submission: which may be there, what they are, how large, and their hashes."""

import os
import stat
from collections.abc import Collection
from pathlib import Path

from mibench.records.strict import MOST_JSON
from mibench.records.submission import RUN_FILES, SUMS, SubmissionFolder
from mibench.submitting.bundle import MOST_BYTES
from mibench.submitting.findings import Findings

TOP = ("submission.yaml", SUMS, "checked.json")
MOST_FILES = 100


def check_files(folder: SubmissionFolder, suites: Collection[str], findings: Findings) -> None:
    """Only what belongs there, plain files, no links, at most 10 MB; every suite's folder whole."""
    if folder.path.is_symlink():
        findings.error(".", f"{folder.id} is a link; a submission is a folder of its own.")
        return
    total = 0
    for count, (path, name) in enumerate(_walk(folder.path)):
        if count == MOST_FILES:
            findings.error(".", f"there are more than {MOST_FILES} files; a submission has {len(RUN_FILES)} a suite.")
            return
        total += _check_entry(path.lstat(), name, suites, findings)
    if total > MOST_BYTES:
        findings.error(
            ".", f"all files have {total:,} bytes; at most {MOST_BYTES:,} are taken. Submit fewer repeats or judges."
        )
    held = sorted(name for name in suites if (folder.path / name).is_dir())
    for name in (*TOP[:2], *(f"{suite}/{file}" for suite in held for file in RUN_FILES)):
        if not (folder.path / name).is_file():
            findings.error(name, "is missing; `mibench submit bundle` writes it.")
    if not held:
        findings.error(".", "there is no run in it: a folder named as its suite, e.g. mi_zh.")


def _check_entry(found: os.stat_result, name: str, suites: Collection[str], findings: Findings) -> int:
    """One file, folder or link; returns its bytes."""
    if stat.S_ISLNK(found.st_mode):
        findings.error(name, "is a link; put the file itself there.")
    elif stat.S_ISDIR(found.st_mode):
        if name not in suites:
            findings.error(name, f"is no suite of a published version; there is {', '.join(sorted(suites))}.")
    elif not stat.S_ISREG(found.st_mode):
        findings.error(name, "is no plain file; take it away.")
    elif name not in TOP and not _belongs(name, suites):
        belongs = f"a submission has {', '.join(TOP[:2])} and in each suite's folder {', '.join(RUN_FILES)}."
        findings.error(name, f"does not belong there; {belongs}")
    else:
        if found.st_mode & 0o111:
            findings.error(name, "is marked as a program; take the mark away (chmod -x).")
        if found.st_size > MOST_JSON:
            findings.error(name, f"has {found.st_size:,} bytes; at most {MOST_JSON:,} are read.")
        return found.st_size
    return 0


def check_sums(folder: SubmissionFolder, findings: Findings) -> None:
    """Every file hashed, and as it was hashed."""
    sums: dict[str, tuple[int, str]] = {}
    with findings.reading(str(folder.path)):
        sums = folder.sums()
        there = folder.files()
        for name in there:
            if name not in sums:
                findings.error(SUMS, f"{name} is not in it; bundle again.")
        for name, (line, digest) in sums.items():
            if name not in there:
                findings.error(f"{SUMS}:{line}", f"{name} is named, and there is no such file.")
            elif folder.sum_of(name) != digest:
                findings.error(
                    f"{SUMS}:{line}",
                    f"{name} was changed after it was bundled: its sha256 is another. Bundle again; nothing is edited by hand.",
                )


def _walk(folder: Path) -> list[tuple[Path, str]]:
    """(path, name below the folder) of everything two levels deep, links not followed; deeper folders by their own name."""
    found = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        found.append((Path(entry.path), entry.name))
        if entry.is_dir(follow_symlinks=False):
            inner = sorted(os.scandir(entry.path), key=lambda inner: inner.name)
            found += [(Path(one.path), f"{entry.name}/{one.name}") for one in inner]
    return found


def _belongs(name: str, suites: Collection[str]) -> bool:
    suite, _, file = name.partition("/")
    return suite in suites and file in RUN_FILES
