"""The scoring stage: replies and ratings of a run → one `Scores`."""

from collections.abc import Callable, Sequence

from mibench.records import RunFolder, digest_of
from mibench.schema import Manifest, Scores
from mibench.scoring.estimates import Draws, estimates, metrics_for
from mibench.scoring.families import shared_family
from mibench.scoring.juries import sit
from mibench.scoring.table import read_run
from mibench.scoring.tally import JudgeFacts
from mibench.scoring.validation import with_standing
from mibench.suites import Suite

AGGREGATION = "2"
"""Version of everything in this room that can change a number: part of the comparability digest."""


def score_run(
    folder: RunFolder,
    suite: Suite,
    judges: Sequence[JudgeFacts],
    *,
    draws: int = 10_000,
    seed: int = 0,
    on_round: Callable[[int, int], None] = lambda *_: None,
) -> Scores:
    """Scores of the run in `folder` under `judges`, from its replies and ratings alone.

    Judges that rate the same thing are a jury: their mean is scored. Repeats of one judge are averaged first. Raises
    UsageError if a judge has rated nothing here.
    """
    run = read_run(folder, suite, judges, on_round)
    families = {judge.name: shared_family(run.manifest, judge.name) for judge in judges}
    how = Draws(draws, seed)
    rows = run.rows()
    sittings = [sit(bench, families, how) for bench in run.benches]
    scores = Scores(
        model=model_label(run.manifest),
        suite=suite.name,
        digest=comparability_digest(run.manifest, [judge.name for judge in judges]),
        juries=tuple(sitting.jury for sitting in sittings),
        judges=tuple(judge for sitting in sittings for judge in sitting.judges),
        statuses=run.statuses,
        estimates=estimates(rows.table_S_K, rows.dialogues, how, metrics_for(run.rates)),
        slices=tuple(part for sitting in sittings for part in sitting.slices),
        draws=draws,
        seed=seed,
    )
    languages = sorted({dialogue.language for dialogue in suite.dialogues})
    return with_standing(scores, judges, run.manifest.judges, languages)


def comparability_digest(manifest: Manifest, judges: Sequence[str]) -> str:
    """One digest over everything but the model: scores are comparable exactly when theirs are equal."""
    return digest_of(comparability(manifest, judges))


def comparability(manifest: Manifest, judges: Sequence[str]) -> dict[str, object]:
    """What must be equal for two runs to be compared: its name in words → its digest or value."""
    return {
        "suite": manifest.suite_digest,
        "rounds": manifest.limit or "all",
        "prompt": manifest.prompt_digest,
        "judges": sorted(manifest.judges[judge] for judge in judges),
        "aggregation": AGGREGATION,
    }


def model_label(manifest: Manifest) -> str:
    """How tables name the model: the last part of its checkpoint's name, or the counsellor's name."""
    source = manifest.model.args.get("pretrained") or manifest.model.args.get("model")
    return str(source).rstrip("/").rpartition("/")[2] if source else manifest.model.name
