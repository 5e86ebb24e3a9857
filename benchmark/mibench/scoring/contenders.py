"""Run folders → what can be compared: the same suite and rounds, the same prompt, the same judges; else it is said which differs."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mibench.errors import RunConflict, UsageError
from mibench.records import RunFolder, digest_of
from mibench.schema import Side
from mibench.scoring.calibration import calibrated
from mibench.scoring.compare import Contender
from mibench.scoring.score import comparability, comparability_digest, model_label
from mibench.scoring.table import read_run, stacked
from mibench.scoring.tally import JudgeFacts
from mibench.suites import Suite

WORDS = {
    "suite": "the suite's text",
    "rounds": "how many rounds were asked (--limit)",
    "prompt": "the counsellor prompt",
    "judges": "the judges or their versions",
    "aggregation": "the way ratings are summed up",
}


class Entry(NamedTuple):
    """A run folder and the judges it is to be seen through."""

    folder: RunFolder
    suite: Suite
    judges: tuple[JudgeFacts, ...]


class Field(NamedTuple):
    """Contenders on one suite, or on several together."""

    contenders: tuple[Contender, ...]
    unequal: tuple[str, ...] = ()
    """What differs that should not."""


def fields(entries: Sequence[Entry], *, across_judges: bool = False, anyway: bool = False) -> list[Field]:
    """A field a suite, and one of all suites together where the same models ran on several.

    `across_judges`: the same replies through different judges. Raises RunConflict when something else differs, unless
    `anyway`; UsageError when a suite has one run only.
    """
    by_suite: dict[str, list[Entry]] = {}
    for entry in entries:
        by_suite.setdefault(entry.suite.name, []).append(entry)
    found = []
    for suite, group in by_suite.items():
        if len(group) < 2:
            raise UsageError(f"{group[0].folder.path} is the only run on {suite}: there is nothing to compare it with.")
        unequal = tuple(_unequal(group, ignore={"judges"} if across_judges else set()))
        if unequal and not anyway:
            raise RunConflict(
                f"These runs on {suite} do not compare: {'; '.join(unequal)}. --anyway compares them all the same and says so."
            )
        labels = _labels(group, across_judges=across_judges)
        found.append(
            Field(tuple(_contender(entry, label) for entry, label in zip(group, labels, strict=True)), unequal)
        )
    names = [[contender.side.label for contender in field.contenders] for field in found]
    if len(found) > 1 and all(same == names[0] for same in names):
        found.append(_together(found))
    return found


def _contender(entry: Entry, label: str) -> Contender:
    table = read_run(entry.folder, entry.suite, entry.judges)
    names = [judge.name for judge in entry.judges]
    side = Side(
        label=label,
        folder=entry.folder.path.name,
        digest=comparability_digest(table.manifest, names),
        replies_digest=digest_of({id_: reply.text for id_, reply in entry.folder.replies().items()}),
    )
    corrected = calibrated(entry.folder)
    ours = corrected if corrected and set(corrected.judges) <= set(names) else None
    return Contender(side, entry.suite.name, table.rates, table.rows(), ours)


def _together(found: Sequence[Field]) -> Field:
    """Each model's runs on all suites as one."""
    joined = []
    for same in zip(*(field.contenders for field in found), strict=True):
        side = same[0].side.model_copy(
            update={
                "folder": " + ".join(contender.side.folder for contender in same),
                "digest": digest_of([contender.side.digest for contender in same]),
                "replies_digest": digest_of([contender.side.replies_digest for contender in same]),
            }
        )
        name = " + ".join(contender.suite for contender in same)
        joined.append(Contender(side, name, same[0].rates, stacked([contender.rows for contender in same])))
    return Field(tuple(joined), tuple(dict.fromkeys(what for field in found for what in field.unequal)))


def _unequal(group: Sequence[Entry], ignore: set[str]) -> Iterator[str]:
    parts: list[dict[str, object]] = []
    for entry in group:
        manifest = entry.folder.manifest()
        known = [judge.name for judge in entry.judges if judge.name in manifest.judges]
        parts.append(comparability(manifest, known))
    for name, words in WORDS.items():
        if name not in ignore and len({str(part[name]) for part in parts}) > 1:
            yield f"{words} differ" if name == "judges" else f"{words} differs"
    if all(entry.suite.digest != entry.folder.manifest().suite_digest for entry in group):
        yield "the suite's text has changed since they were run"


def _labels(group: Sequence[Entry], *, across_judges: bool) -> list[str]:
    """A name for each run: its model; its judges where these are compared; the folder where that is not enough."""
    names = [
        " + ".join(judge.name for judge in entry.judges) if across_judges else model_label(entry.folder.manifest())
        for entry in group
    ]
    if len(set(names)) == len(names):
        return names
    folders = [entry.folder.path.name for entry in group]
    if len(set(folders)) == len(folders):
        return folders
    return [str(entry.folder.path) for entry in group]
