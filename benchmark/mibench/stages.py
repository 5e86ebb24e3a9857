"""The stages of a run, each from files to files: generate, judge, score, report."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mibench.finished import ANCHORS, Run, facts_of, scored_ratings
from mibench.generating import GenerationPlan, generate
from mibench.judging import JudgeSettings, StillUnderWay, judge_run
from mibench.judging.stage import open_judge
from mibench.publishing import write_report
from mibench.publishing.people import row_name
from mibench.records import RunFolder
from mibench.schema import Scores
from mibench.scoring import score_run
from mibench.scoring.score import comparability_digest
from mibench.suites import Suite, human_rows
from mibench.validating import canary_mark

Progress = Callable[[str, int, int, str], None]
"""Told (stage, done, total, what else is worth knowing) as a stage goes on."""


def silent(stage: str, done: int, total: int, note: str) -> None:
    """Progress that nobody sees."""


def run_stages(
    folder: RunFolder,
    suite: Suite,
    plan: GenerationPlan,
    judges: Sequence[str],
    progress: Progress,
    settings: JudgeSettings | None = None,
) -> None:
    """Generate, judge and score in a folder already locked."""
    generate_stage(folder, suite, plan, progress)
    names = judge_stages(folder, suite, judges, progress, settings)
    score_stage(folder, suite, names, progress=progress)


def generate_stage(folder: RunFolder, suite: Suite, plan: GenerationPlan, progress: Progress = silent) -> None:
    """Answer every round that has no reply yet."""
    generate(folder, suite, plan, lambda done, total: progress(f"{folder.path.name}: replies", done, total, ""))


def judge_stages(
    folder: RunFolder,
    suite: Suite,
    judges: Sequence[str],
    progress: Progress = silent,
    settings: JudgeSettings | None = None,
) -> list[str]:
    """Every judge's turn; returns their names.

    Raises StillUnderWay when answers are in batches, but only after all judges have sent theirs.
    """
    settings = settings or JudgeSettings()
    names, waiting = [], []
    for judge in judges:
        own = settings.among_others(judge) if len(judges) > 1 else settings
        try:
            names.append(judge_stage(folder, suite, judge, progress, own))
        except StillUnderWay as under_way:
            waiting.append(str(under_way))
    if waiting:
        raise StillUnderWay("\n".join(waiting))
    return names


def judge_stage(
    folder: RunFolder,
    suite: Suite,
    judge: str,
    progress: Progress = silent,
    settings: JudgeSettings | None = None,
) -> str:
    """Rate whatever this judge has not rated yet, and enter the judge in the manifest; returns the judge's name."""
    loaded = open_judge(judge, settings or JudgeSettings())
    manifest = folder.manifest()
    manifest = manifest.model_copy(update={"judges": {**manifest.judges, loaded.name: loaded.digest}})
    digest = comparability_digest(manifest, [loaded.name])
    canaries = {name: mark for name, mark in manifest.canaries.items() if name != loaded.name}
    if mark := canary_mark(loaded.name, loaded.digest):
        canaries[loaded.name] = mark
    digests = {**manifest.digests, loaded.name: digest}
    folder.save(manifest.model_copy(update={"digests": digests, "canaries": canaries}))
    stage = f"{folder.path.name}: ratings by {loaded.name}"

    def on_rating(done: int, total: int, dollars: float) -> None:
        progress(stage, done, total, f"${dollars:.2f}" if dollars else "")

    def on_batches(done: int, total: int) -> None:
        progress(f"{folder.path.name}: in batches", done, total, "")

    judge_run(folder, suite, loaded, on_rating, settings, on_batches)
    return loaded.name


def score_stage(
    folder: RunFolder,
    suite: Suite,
    judges: str | Sequence[str],
    *,
    draws: int = 10_000,
    seed: int = 0,
    progress: Progress = silent,
) -> Scores:
    """Sum up the ratings of `judges`, names in the manifest, and write scores.json."""
    names = [judges] if isinstance(judges, str) else judges
    scores = score_run(
        folder, suite, [facts_of(name) for name in names],
        draws=draws, seed=seed,
        on_round=lambda done, total: progress(f"{folder.path.name}: scores", done, total, ""),
    )  # fmt: skip
    folder.save_scores(scores)
    return scores


def score_anchors(
    folder: RunFolder,
    suite: Suite,
    plan: GenerationPlan,
    judges: Sequence[str],
    progress: Progress = silent,
    settings: JudgeSettings | None = None,
) -> None:
    """Run the anchors on the same rounds under the same judges, in `anchors/` of the run."""
    for name in ANCHORS:
        if name == plan.model:
            continue
        beside = RunFolder(folder.path / "anchors" / name)
        run_stages(beside, suite, GenerationPlan(model=name, limit=plan.limit), judges, progress, settings)


def report_stage(folder: RunFolder, suite: Suite, progress: Progress = silent) -> Path:
    """Write report.html from what the folder holds; returns its path."""
    loaded = Run(folder.path)
    progress(f"{folder.path.name}: report", 0, 1, "")
    anchors = {name: scores for name, scores in loaded.anchors.items() if scores.digest == loaded.scores.digest}
    people = human_rows()
    write_report(
        folder.report_path, loaded.manifest, loaded.scores, anchors, suite, loaded.replies, scored_ratings(loaded),
        humans={row_name(people, row): {one.metric: one for one in row.estimates} for row in people.rows},
        humans_are=people.about,
    )  # fmt: skip
    progress(f"{folder.path.name}: report", 1, 1, "")
    return folder.report_path
