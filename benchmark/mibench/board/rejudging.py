"""A judge rates the stored replies of a submission again: do the claimed scores come out?"""

from datetime import UTC, datetime
from pathlib import Path

from mibench.api import Progress, facts_of, judge_stage, score_stage, silent
from mibench.board.checking_run import fill
from mibench.content import slug
from mibench.errors import MibenchError
from mibench.judging import JudgeSettings
from mibench.judging.stage import open_judge
from mibench.records import RunFolder
from mibench.records.submission import SubmissionFolder
from mibench.schema import Estimate, Rates, Scores
from mibench.schema.submission import Rejudged
from mibench.submitting.findings import Findings
from mibench.submitting.reading import ReadRun, read_run
from mibench.suites import load_suite

COMPARED: dict[Rates, tuple[str, ...]] = {
    "reply": ("proficiency", "r_to_q", "percent_cr", "mia_per_dialogue", "mina_per_dialogue"),
    "dialogue": ("technical", "relational"),
    "risk": ("noticed", "responded", "directed", "worsened"),
}
"""What a judge rates → the metrics that must come out alike."""
HALF_WIDTH = 1.96
"""Standard errors in half a 95 % interval."""
ROUNDING = 1e-6


def rejudge(
    path: Path,
    spec: str,
    work: Path | None = None,
    *,
    settings: JudgeSettings | None = None,
    progress: Progress = silent,
) -> list[Rejudged]:
    """Each compared metric as claimed and by the judge `spec` now, suite by suite.

    A second rating of the same replies may differ by half of the claimed 95 % interval: less than what other dialogues
    would have changed. A judge that runs here gives the same numbers again. Answers are kept in `work` (default
    `runs/rejudged-<submission>-<suite>-<judge>`), and the same command goes on there. Raises what `judge_stage` raises.
    """
    folder, findings = SubmissionFolder(path), Findings()
    found: list[Rejudged] = []
    for submitted in folder.runs():
        run = read_run(submitted, str(folder.path), findings)
        if run is None:
            raise MibenchError(f"{folder.id}: {findings.found[-1].where}: {findings.found[-1].what}")
        found += _rejudged(
            run,
            spec,
            (work or Path("runs")) / f"rejudged-{folder.id}-{run.suite}-{slug(spec)}",
            settings or JudgeSettings(),
            progress,
        )
    return found


def _rejudged(run: ReadRun, spec: str, place: Path, settings: JudgeSettings, progress: Progress) -> list[Rejudged]:
    suite, folder = load_suite(run.suite), RunFolder(place)
    digest = open_judge(spec, settings).digest
    with folder.locked():
        if not (folder.path / "run.json").is_file() or folder.replies() != run.by_round:
            fresh = run.manifest.model_copy(update={"judges": {}, "digests": {}, "canaries": {}})
            fill(folder, ReadRun(run.suite, fresh, run.scores, run.replies, (), ()))
        name = judge_stage(folder, suite, spec, progress, settings)
        again = score_stage(folder, suite, name, draws=run.scores.draws, seed=run.scores.seed, progress=progress)
    rates = facts_of(name).rates
    claimed = _claimed(run.scores, name, rates)
    return [
        compared(run.suite, name, digest, claimed[metric], {one.metric: one for one in again.estimates}[metric])
        for metric in COMPARED[rates]
        if metric in claimed and again.has(metric)
    ]


def _claimed(scores: Scores, judge: str, rates: Rates) -> dict[str, Estimate]:
    """The claimed metrics to hold a second rating against: the same judge's own column, else those of the jury."""
    own = next((column.estimates for column in scores.judges if column.judge == judge), None)
    found = own if own and len(scores.judges) > 1 else scores.estimates
    of_counts_alone = not {"dialogue"} & set(scores.rates)  # proficiency is another thing where globals go into it
    return {one.metric: one for one in found if one.metric != "proficiency" or (rates == "reply" and of_counts_alone)}


def compared(suite: str, judge: str, digest: str, claimed: Estimate, found: Estimate) -> Rejudged:
    """One metric, claimed and found; two undefined values are alike."""
    allowed = max(ROUNDING, HALF_WIDTH * (claimed.standard_error or 0.0))
    both = claimed.value is not None and found.value is not None
    alike = abs(claimed.value - found.value) <= allowed if both else claimed.value == found.value  # type: ignore[operator]
    return Rejudged(
        suite=suite, judge=judge, judge_digest=digest, date=datetime.now(tz=UTC).date().isoformat(),
        metric=claimed.metric, claimed=claimed.value, found=found.value, allowed=allowed, alike=alike,
    )  # fmt: skip
