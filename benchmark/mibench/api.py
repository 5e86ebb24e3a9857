"""mibench from Python: `run` a model, `load_run` what it left, and what else the command line calls."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mibench.cluster import Workers
from mibench.contrasting import (
    bridge_judges,
    compare_runs,
    export_comparison,
    export_runs,
    power_of_runs,
    side_by_side,
)
from mibench.finished import ANCHORS, Run, card_of, facts_of, judges_of, load_run, scored_ratings
from mibench.generating import GenerationPlan
from mibench.judging import JudgeSettings
from mibench.judging.stage import open_judge
from mibench.records import RunFolder
from mibench.stages import (
    Progress,
    generate_stage,
    judge_stage,
    judge_stages,
    report_stage,
    run_stages,
    score_anchors,
    score_stage,
    silent,
)
from mibench.suites import Shard, Suite, load_suite, suite_names

__all__ = [
    "ANCHORS", "Progress", "Run", "bridge_judges", "card_of", "compare_runs", "default_folder", "export_comparison",
    "export_runs", "facts_of", "folder_for", "generate_stage", "judge_stage", "judge_stages", "judges_of", "load_run",
    "power_of_runs", "report_stage", "run", "run_all", "run_stages", "score_anchors", "score_stage", "scored_ratings",
    "side_by_side", "silent",
]  # fmt: skip


def run(
    model: str = "reflector",
    suite: str = "mi_zh",
    judge: str | Sequence[str] = "offline",
    out: Path | str | None = None,
    *,
    model_args: Mapping[str, Any] | None = None,
    generation: Mapping[str, Any] | None = None,
    limit: int | None = None,
    shard: Shard | str | None = None,
    seed: int = 0,
    system_in_user: bool = False,
    plain_transcript: bool = False,
    batch_size: int | str | None = None,
    save_every: int | None = None,
    workers: Workers | None = None,
    anchors: bool | None = None,
    settings: JudgeSettings | None = None,
    progress: Progress = silent,
) -> Run:
    """Generate, judge, score and report; finished work in `out` is kept and never done again.

    `model`: a counsellor that ships or any lm-eval model type; `judge`: one or several, those that rate the same thing
    are a jury whose mean is scored; `generation`: e.g. `{"max_gen_toks": 256}`;
    `limit`: only the first N rounds; `shard`: only this part of them, e.g. `"2/4"`, in a folder of its own inside `out`,
    generated and judged but not scored: `mibench.merging.merge_runs` joins the parts; `anchors`: whether reference, reflector and adviser are scored beside it
    (default: when all judges are free); `workers`: where the model runs on a Ray cluster, for judges in `settings`; `settings`: for judges that are language models. Raises MibenchError and its
    kin, see `mibench.errors`.
    """
    part = Shard.parse(shard) if isinstance(shard, str) else shard
    plan = GenerationPlan(
        model=model,
        model_args=dict(model_args or {}),
        generation=dict(generation or {}),
        limit=limit,
        shard=part,
        seed=seed,
        system="in-first-user-turn" if system_in_user else "system-role",
        plain_transcript=plain_transcript,
        batch_size=batch_size,
        save_every=save_every,
        workers=workers,
    )
    loaded = load_suite(suite)
    judges = [judge] if isinstance(judge, str) else list(judge)
    free = all(card_of(each).kind == "offline" for each in judges)
    for each in judges:
        own = settings or JudgeSettings()
        open_judge(
            each, own.among_others(each) if len(judges) > 1 else own
        )  # refused before the model speaks, not after
    folder = folder_for(loaded, plan, out)
    with folder.locked():
        if part:
            generate_stage(folder, loaded, plan, progress)
            judge_stages(folder, loaded, judges, progress, settings)
            return Run(folder.path)
        run_stages(folder, loaded, plan, judges, progress, settings)
        if anchors if anchors is not None else free:
            score_anchors(folder, loaded, plan, judges, progress, settings)
        report_stage(folder, loaded, progress)
    return Run(folder.path)


def run_all(*, out: Path | str | None = None, **choices: Any) -> dict[str, Run]:
    """`run` on every suite that ships, each in its own folder (`out`/<suite> if `out` is given); suite name → run."""
    return {name: run(suite=name, out=Path(out) / name if out else None, **choices) for name in suite_names()}


def folder_for(suite: Suite, plan: GenerationPlan, out: Path | str | None) -> RunFolder:
    """Where a run of this plan lies: in `out` or the default folder; a shard in a folder of its own inside it."""
    whole = Path(out) if out else default_folder(suite, plan)
    return RunFolder(whole / plan.shard.folder if plan.shard else whole)


def default_folder(suite: Suite, plan: GenerationPlan) -> Path:
    """`runs/<suite>-<model>` below the working folder."""
    source = plan.model_args.get("pretrained") or plan.model_args.get("model")
    label = str(source).rstrip("/").rpartition("/")[2] if source else plan.model
    return Path("runs") / f"{suite.name}-{label}"
