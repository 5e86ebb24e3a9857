"""What a paper must say about its numbers: judge, versions, digests, resampling, how many dialogues."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mibench.publishing.table import rated_text
from mibench.schema import Comparison

if TYPE_CHECKING:
    from mibench.publishing.exports.paper import Exported

SHORT = 12
"""Characters of a digest that are enough to tell it from others."""


def scores_methods(runs: "Sequence[Exported]", names: Sequence[str]) -> Iterator[str]:
    """Sentences about runs side by side; what holds for all is said once."""
    suites = {run.scores.suite: run.manifest.suite_digest for run in runs}
    judges = {
        judge.judge: run.manifest.judges.get(judge.judge, "unknown") for run in runs for judge in run.scores.judges
    }
    texts = ", ".join(f"{suite} (text {digest[:SHORT]})" for suite, digest in suites.items())
    coded = ", ".join(f"{judge} (version {digest[:SHORT]})" for judge, digest in judges.items())
    versions = sorted({run.manifest.versions.get("mibench", "unknown") for run in runs})
    yield f"Replies to the rounds of {texts} were coded by MITI 4.2.1; judge: {coded}; mibench {', '.join(versions)}."
    if any(len(jury.judges) > 1 for run in runs for jury in run.scores.juries):
        yield "Of several judges of the same thing the mean is scored."
    for run, name in zip(runs, names, strict=True):
        yield f"{name}: {' '.join(rated_text(jury) for jury in run.scores.juries)}"
    draws = sorted({(run.scores.draws, run.scores.seed) for run in runs})
    resamples = ", ".join(f"{count:,} resamples of whole dialogues (seed {seed})" for count, seed in draws)
    yield f"Ratios are ratios of sums over rounds; brackets hold 95 % BCa intervals from {resamples}."
    if any(run.scores.model == "reference" for run in runs):
        yield "The reference is the suite's own counsellor: authored, not spoken by people."
    digests = {run.scores.digest for run in runs}
    if len(digests) > 1:
        yield "Not comparable: these runs differ in more than the model."


def comparison_methods(comparison: Comparison) -> Iterator[str]:
    """Sentences about a comparison."""
    left_out = f"; {comparison.left_out} that not all runs have are left out" if comparison.left_out else ""
    yield (
        f"{comparison.rounds} rated rounds or dialogues in {comparison.dialogues} dialogues{left_out}; "
        f"{', '.join(f'{side.label} (digest {side.digest[:SHORT]})' for side in comparison.sides)}."
    )
    yield (
        f"Differences are paired by round, with 95 % BCa intervals from {comparison.draws:,} resamples of whole dialogues "
        f"(seed {comparison.seed}); p-values are two-sided, from swapping whole dialogues between the runs, and adjusted "
        f"over all {len(comparison.differences)} differences (Holm)."
    )
    if any(d.at_equal_length is not None for d in comparison.differences):
        yield "At equal length: what is left of a difference where both replies to a round are equally long."
    yield from (f"Not comparable, compared anyway: {what}." for what in comparison.unequal)
