"""What runs leave: a run folder as records, its ratings, and who its judges are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mibench.errors import UsageError
from mibench.judging import JudgeCard, judge_card
from mibench.records import RunFolder
from mibench.schema import Manifest, Rating, Reply, Scores
from mibench.scoring import JudgeFacts
from mibench.suites import Suite, load_suite
from mibench.validating import stored_agreement

ANCHORS = ("reference", "reflector", "adviser")
"""Counsellors whose profiles stand beside every free run: the authored replies, an echo, and advice at once."""


@dataclass(frozen=True)
class Run:
    """A run folder, read as records on first use."""

    folder: Path

    @cached_property
    def manifest(self) -> Manifest:
        """What was run."""
        return RunFolder(self.folder).manifest()

    @cached_property
    def suite(self) -> Suite:
        """The suite it answers, as it ships today."""
        return load_suite(self.manifest.suite)

    @cached_property
    def replies(self) -> dict[str, Reply]:
        """Round id → reply."""
        return RunFolder(self.folder).replies()

    @cached_property
    def ratings(self) -> tuple[Rating, ...]:
        """All ratings, in the order they were made."""
        return tuple(RunFolder(self.folder).ratings())

    @property
    def rated(self) -> int:
        """How many ratings there are, told without reading what they say."""
        return sum(1 for _ in RunFolder(self.folder).rating_keys())

    @cached_property
    def scores(self) -> Scores:
        """The scores; `scores["r_to_q"]` is one metric, `scores.to_frame()` a DataFrame."""
        return RunFolder(self.folder).scores()

    @cached_property
    def anchors(self) -> dict[str, Scores]:
        """Counsellor name → its scores on the same rounds under the same judges."""
        found = {name: RunFolder(self.folder / "anchors" / name) for name in ANCHORS}
        return {name: folder.scores() for name, folder in found.items() if (folder.path / "scores.json").is_file()}

    @property
    def report(self) -> Path:
        """Path of report.html."""
        return RunFolder(self.folder).report_path


def load_run(folder: Path | str) -> Run:
    """The run in `folder`. Raises UsageError if it is none."""
    found = Run(Path(folder))
    _ = found.manifest
    return found


def scored_ratings(run: Run) -> Iterator[Rating]:
    """The ratings that the run's scores were made of: those of their judges, as these are now. A stream."""
    judged = {run.manifest.judges.get(judge.judge) for judge in run.scores.judges}
    return (rating for rating in RunFolder(run.folder).ratings() if rating.judge_digest in judged)


def judges_of(folder: RunFolder, judges: Sequence[str] = ()) -> list[str]:
    """The names in the manifest that specs mean; without any, all of them.

    Raises UsageError if none is named and two rate the same thing.
    """
    known = folder.manifest().judges
    if judges:
        return [
            next((name for name in (spec, f"panel:{spec}", _only(known, spec)) if name in known), spec)
            for spec in judges
        ]
    by_rates: dict[str, list[str]] = {}
    for name in known:
        by_rates.setdefault(card_of(name).rates, []).append(name)
    several = next((names for names in by_rates.values() if len(names) > 1), None)
    if several:
        raise UsageError(
            f"{folder.path} is rated by {' and '.join(several)}. "
            "Say whose ratings are meant: --judge NAME, or several for a jury."
        )
    return list(known) or ["offline"]


def _only(known: Mapping[str, str], spec: str) -> str:
    """The only judge in the manifest of the protocol that a spec names, if there is one."""
    protocol = spec.partition(":")[0]
    found = [name for name in known if name.partition(":")[0] == protocol]
    return found[0] if len(found) == 1 else spec


def card_of(judge: str) -> JudgeCard:
    """The card of the judge that a spec or a name in a manifest means: `openai/MODEL` means `panel`."""
    name = judge.partition(":")[0]
    return judge_card("panel" if "/" in name else name)


def facts_of(judge: str) -> JudgeFacts:
    """What scoring needs to know of a judge by its name in a manifest: its card, and what was measured of it."""
    card = card_of(judge)
    return JudgeFacts(judge, card.rates, card.evidence, stored_agreement(card.name).of(judge))
