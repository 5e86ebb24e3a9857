"""Runs beside each other: what differs, what a difference is worth, tables to take away."""

import json
from collections.abc import Sequence
from pathlib import Path

from mibench.errors import RunConflict, UnknownName, UsageError
from mibench.finished import card_of, facts_of, judges_of, load_run, scored_ratings
from mibench.publishing import Shelf, write_side_by_side
from mibench.publishing.exports import FORMATS, RECORDS, Exported, export_comparisons, export_scores
from mibench.records import RunFolder
from mibench.schema import Bridge, Comparison, Power
from mibench.scoring import Draws, JudgeFacts, Plan, bridge, compare, power_of
from mibench.scoring.contenders import Entry, fields
from mibench.scoring.score import model_label
from mibench.scoring.table import read_run
from mibench.stages import Progress, silent
from mibench.suites import load_suite


def compare_runs(
    folders: Sequence[Path | str],
    judges: Sequence[str] = (),
    *,
    metrics: Sequence[str] | None = None,
    anyway: bool = False,
    draws: int = 10_000,
    seed: int = 0,
    suite: str | None = None,
    progress: Progress = silent,
) -> list[Comparison]:
    """Each run against each on the same rounds: a comparison a suite, and one of all suites together.

    One folder and several `judges`: the same replies through each judge. Several folders: `judges` (default: the ones
    that rated each run) see all of them, as a jury where they rate the same thing. Raises RunConflict when the runs do not
    compare, unless `anyway`.
    """
    across = len(folders) == 1 and len(judges) > 1
    entries = []
    for path in folders:
        folder = RunFolder(path)
        loaded = load_suite(suite or folder.manifest().suite)
        names = judges_of(folder, judges)
        facts = tuple(map(facts_of, names))
        entries += [Entry(folder, loaded, (judge,)) for judge in facts] if across else [Entry(folder, loaded, facts)]
    return [
        compare(
            field.contenders, metrics, how=Draws(draws, seed), unequal=field.unequal,
            on_pair=lambda done, total: progress("pairs", done, total, ""),
        )
        for field in fields(entries, across_judges=across, anyway=anyway)
    ]  # fmt: skip


def side_by_side(
    first: Path | str,
    second: Path | str,
    out: Path | str | None = None,
    *,
    suite: str | None = None,
    anyway: bool = False,
    draws: int = 10_000,
    progress: Progress = silent,
) -> Path:
    """Write a page with two scored runs on the same rounds and which differences are real; returns its path.

    `out`: a file; compare.html in the first run's folder if not given. Raises RunConflict when the runs answer different
    suites, or differ in something else that matters, unless `anyway`.
    """
    runs = [load_run(first), load_run(second)]
    names = [run.manifest.suite for run in runs]
    if names[0] != names[1]:
        raise RunConflict(
            f"{first} answers {names[0]}, {second} answers {names[1]}: two runs stand side by side on the rounds of one "
            "suite. `mibench compare` takes runs on several suites."
        )
    judges = [[judge.judge for judge in run.scores.judges] for run in runs]
    shared = [judge for judge in judges[0] if judge in judges[1]]
    if not shared:
        raise RunConflict(
            f"{first} was scored through {', '.join(judges[0])}, {second} through {', '.join(judges[1])}: no judge rated "
            "both. Judge and score one as the other."
        )
    found = compare_runs([first, second], shared, anyway=anyway, draws=draws, suite=suite, progress=progress)[0]
    shelves = [
        Shelf(side.label, run.replies, filter(lambda rating: rating.judge in shared, scored_ratings(run)))
        for side, run in zip(found.sides, runs, strict=True)
    ]
    limits = [run.manifest.limit for run in runs if run.manifest.limit is not None]
    path = Path(out) if out else Path(first) / "compare.html"
    write_side_by_side(path, found, load_suite(suite or names[0]), min(limits, default=None), shelves)
    return path


def bridge_judges(
    folders: Sequence[Path | str], old: str, new: str, *, draws: int = 10_000, seed: int = 0, suite: str | None = None
) -> Bridge:
    """How two judges agree on the same replies, and how scores under the new one read against old ones.

    Several runs on one suite are taken together: the more their scores differ, the surer the line. Raises UsageError where
    the judges rate different things, or the runs are on different suites or rated by different versions.
    """
    tables, versions = [], []
    for path in folders:
        folder = RunFolder(path)
        loaded = load_suite(suite or folder.manifest().suite)
        names = judges_of(folder, (old, new))
        if names[0] == names[1]:
            raise UsageError(f"“{old}” and “{new}” are one and the same judge in {folder.path}: {names[0]}.")
        tables.append((folder.path.name, read_run(folder, loaded, [facts_of(name) for name in names])))
        known = folder.manifest().judges
        versions.append((loaded.digest, *names, *(known[name] for name in names)))
    if len(set(versions)) > 1:
        raise UsageError("These runs are on different suites, or rated by different versions of the judges: no bridge.")
    _, first, second, *digests = versions[0]
    return bridge(tables, first, second, (digests[0], digests[1]), Draws(draws, seed))


def power_of_runs(
    folders: Sequence[Path | str],
    judges: Sequence[str] = (),
    *,
    plan: Plan | None = None,
    metrics: Sequence[str] | None = None,
    suite: str | None = None,
) -> Power:
    """What difference so many dialogues can show, from the variances of one run, or of two that are differenced."""
    runs = []
    for path in folders:
        folder = RunFolder(path)
        names = judges_of(folder, judges)
        facts = [JudgeFacts(name, card_of(name).rates) for name in names]
        manifest = folder.manifest()
        runs.append((model_label(manifest), read_run(folder, load_suite(suite or manifest.suite), facts)))
    return power_of(runs, plan or Plan(), metrics)


def export_runs(folders: Sequence[Path | str], to: str, **about: str) -> str:
    """Scores of run folders as text: `csv`, `markdown`, `latex`; a single run as `every-eval-ever` or `lm-eval`.

    `about`: `organisation` and `relationship`, for every-eval-ever. Raises UsageError for a format that does not exist, or
    several runs where a file holds one.
    """
    _check_format(to, FORMATS)
    runs = [Exported(run.manifest, run.scores) for run in map(load_run, folders)]
    if to not in RECORDS:
        return export_scores(runs, to)
    if len(runs) > 1:
        raise UsageError(f"A file of {to} holds one run; {len(runs)} are named. Export them one by one.")
    record = RECORDS[to](runs[0], **(about if to == "every-eval-ever" else {}))
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def export_comparison(comparisons: Sequence[Comparison], to: str) -> str:
    """What `compare_runs` found as `csv`, `markdown` or `latex`. Raises UsageError for another format."""
    _check_format(to, [name for name in FORMATS if name not in RECORDS])
    return export_comparisons(comparisons, to)


def _check_format(to: str, known: Sequence[str]) -> None:
    if to not in known:
        raise UnknownName("format for this", to, known)
