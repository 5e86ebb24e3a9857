"""The page of a trial: one file, no network; every table, every curve, and the disagreements to read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mibench.records.jsonl import write_whole
from mibench.schema import NAMES, CodedCorpus, Trial, Verdict
from mibench.validating.trials.curve import reliability_curve
from mibench.validating.trials.disagreements import Disagreement, disagreements
from mibench.validating.trials.numbers import amount, ends, probability, two
from mibench.validating.trials.sheet import Sheet
from mibench.validating.trials.table import counted

SHOWN = 400
"""Disagreements on the page; the largest."""


def write_page(path: Path, trial: Trial, corpus: CodedCorpus, verdicts: Mapping[str, Verdict]) -> None:
    """Write the page, whole or not at all. All words of corpus and judge are escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mibench.validating.trials", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"two": two, "ends": ends, "amount": amount, "probability": probability}
    parted = [] if trial.rates == "dialogue" else disagreements(Sheet(corpus, verdicts))
    page = environment.get_template("trial.html.jinja").render(
        trial=trial,
        counted=counted(trial),
        language=corpus.language,
        names=NAMES,
        curves={
            label.label: reliability_curve(label.label, label.calibration)
            for label in trial.labels
            if label.calibration and trial.shares
        },
        auc={group.measure: group for group in trial.known_groups},
        outcomes=[(met, trial.of(met)) for met in ("validated", "below", "unknown") if trial.of(met)],
        parted=[_shown(entry) for entry in parted[:SHOWN]],
        found=len(parted),
        several=any(label.people for label in trial.labels),
    )
    write_whole(path, page)


def _shown(entry: Disagreement) -> dict[str, Any]:
    """A disagreement in the words of the template."""
    shares = sorted(entry.verdict.counts.items(), key=lambda pair: -pair[1])
    return {
        **entry._asdict(),
        "shares": [(code, share) for code, share in shares if share >= 0.01],
        "marks": " ".join(f"{part.label.replace(' ', '_')}:{part.kind}" for part in entry.parted),
    }
