"""The main job from Python: `run` a model, `load_run` what it left. The command line calls the same functions."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mibench.cluster import Workers
from mibench.errors import RunConflict, UnknownName, UsageError
from mibench.generating import GenerationPlan, generate
from mibench.judging import JudgeCard, JudgeSettings, StillUnderWay, judge_card, judge_run
from mibench.judging.stage import open_judge
from mibench.publishing import Shelf, write_report, write_side_by_side
from mibench.publishing.exports import FORMATS, RECORDS, Exported, export_comparisons, export_scores
from mibench.publishing.people import row_name
from mibench.records import RunFolder
from mibench.schema import Bridge, Comparison, Manifest, Power, Rating, Reply, Scores
from mibench.scoring import Draws, JudgeFacts, Plan, bridge, compare, power_of, score_run
from mibench.scoring.contenders import Entry, fields
from mibench.scoring.score import comparability_digest, model_label
from mibench.scoring.table import read_run
from mibench.suites import Shard, Suite, human_rows, load_suite, suite_names
from mibench.validating import canary_mark, stored_agreement

ANCHORS = ("reference", "reflector", "adviser")
"""Counsellors whose profiles stand beside every free run: the authored replies, an echo, and advice at once."""


Progress = Callable[[str, int, int, str], None]
"""Told (stage, done, total, what else is worth knowing) as a stage goes on."""


def silent(stage: str, done: int, total: int, note: str) -> None:
    """Progress that nobody sees."""


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


def card_of(judge: str) -> JudgeCard:
    """The card of the judge that a spec or a name in a manifest means: `openai/MODEL` means `panel`."""
    name = judge.partition(":")[0]
    return judge_card("panel" if "/" in name else name)


def facts_of(judge: str) -> JudgeFacts:
    """What scoring needs to know of a judge by its name in a manifest: its card, and what was measured of it."""
    card = card_of(judge)
    return JudgeFacts(judge, card.rates, card.evidence, stored_agreement(card.name).of(judge))


def default_folder(suite: Suite, plan: GenerationPlan) -> Path:
    """`runs/<suite>-<model>` below the working folder."""
    source = plan.model_args.get("pretrained") or plan.model_args.get("model")
    label = str(source).rstrip("/").rpartition("/")[2] if source else plan.model
    return Path("runs") / f"{suite.name}-{label}"


def folder_for(suite: Suite, plan: GenerationPlan, out: Path | str | None) -> RunFolder:
    """Where a run of this plan lies: in `out` or the default folder; a shard in a folder of its own inside it."""
    whole = Path(out) if out else default_folder(suite, plan)
    return RunFolder(whole / plan.shard.folder if plan.shard else whole)


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


def scored_ratings(run: Run) -> Iterator[Rating]:
    """The ratings that the run's scores were made of: those of their judges, as these are now. A stream."""
    judged = {run.manifest.judges.get(judge.judge) for judge in run.scores.judges}
    return (rating for rating in RunFolder(run.folder).ratings() if rating.judge_digest in judged)


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


__all__ = ["Run", "compare_runs", "export_comparison", "export_runs", "load_run", "power_of_runs", "run", "run_all"]
