"""Agreement between two independent codings of one set, a span at a time."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mibench.content import room
from mibench.errors import UnknownName
from mibench.records import read_lines
from mibench.schema import CODES, Recoded

TALK = ("change", "sustain", "neutral")


class SpanAgreement(NamedTuple):
    """One code or kind of talk: how the two coders used it."""

    code: str
    first: int
    """Spans to which the author gave it."""
    second: int
    """Spans to which the second coder gave it."""
    both: int
    """Spans to which both did."""
    kappa: float | None
    """Cohen's κ of given against not given; None where neither coder used it."""


def recoded_sets() -> dict[str, Path]:
    """Name → file of every second coding in the checkout."""
    found = {path.parent.name: path for path in room("tasks").glob("*/second_coding.jsonl")}
    found |= {
        f"contrast-{path.stem.rpartition('_')[2]}": path
        for path in (room("judges") / "contrast").glob("second_coding_*.jsonl")
    }
    found |= {
        path.stem.removesuffix("_second_coding"): path
        for path in (room("finetune") / "data").glob("*_second_coding.jsonl")
    }
    return found


def recoding(name: str) -> list[Recoded]:
    """All twice-coded spans of a set. Raises UnknownName with the sets that have a second coding."""
    sets = recoded_sets()
    if name not in sets:
        raise UnknownName("second coding", name, sets)
    return [recoded for _, recoded in read_lines(sets[name], Recoded)]


def span_agreement(spans: Sequence[Recoded]) -> list[SpanAgreement]:
    """A row a code over counsellor spans, then a row a kind of talk over client spans; only what occurs."""
    client = [span for span in spans if span.first in TALK]
    counsellor = [span for span in spans if span.first not in TALK]
    rows = [_agreement(code, counsellor) for code in (*CODES, "none")] + [_agreement(talk, client) for talk in TALK]
    return [row for row in rows if row.first or row.second]


def whole_kappa(spans: Sequence[Recoded]) -> dict[str, float]:
    """Cohen's κ over all codes at once, for `counsellor` and for `client` spans, whichever occur."""
    from sklearn.metrics import cohen_kappa_score

    groups = {
        "counsellor": [span for span in spans if span.first not in TALK],
        "client": [span for span in spans if span.first in TALK],
    }
    return {
        who: float(cohen_kappa_score([s.first for s in group], [s.second for s in group]))
        for who, group in groups.items()
        if group
    }


def _agreement(code: str, spans: Sequence[Recoded]) -> SpanAgreement:
    from sklearn.metrics import cohen_kappa_score

    first, second = [span.first == code for span in spans], [span.second == code for span in spans]
    both = sum(one and other for one, other in zip(first, second, strict=True))
    kappa = float(cohen_kappa_score(first, second)) if any(first) or any(second) else None
    return SpanAgreement(code, sum(first), sum(second), both, kappa)
