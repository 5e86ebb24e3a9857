"""A run without what no second run repeats: when it was made and how fast, and versions of libraries it may not have used."""

from mibench.submitting.bundle import BundledRun

KEPT = ("mibench", "lm_eval")
"""Versions that stay: every run goes through these."""


def untimed(run: BundledRun, day: str) -> BundledRun:
    """The run as if made at the beginning of `day` (ISO) in no time, so that making it anew gives the same bytes."""
    versions = {name: version for name, version in run.manifest.versions.items() if name in KEPT}
    manifest = run.manifest.model_copy(update={"created": f"{day}T00:00:00+00:00", "versions": versions})
    judges = tuple(judge.model_copy(update={"seconds": 0.0}) for judge in run.scores.judges)
    return run._replace(
        manifest=manifest,
        scores=run.scores.model_copy(update={"judges": judges}),
        replies=[reply.model_copy(update={"seconds": 0.0}) for reply in run.replies],
        ratings=[rating.model_copy(update={"seconds": 0.0}) for rating in run.ratings],
    )
