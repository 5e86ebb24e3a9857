"""compare.html: two models on the same rounds, both replies next to each other."""

from collections.abc import Sequence
from pathlib import Path

from mibench.publishing.page import render_readings
from mibench.publishing.reading import Shelf, readings
from mibench.publishing.report import language_of
from mibench.records.jsonl import write_whole
from mibench.schema import Comparison
from mibench.suites import Suite


def write_side_by_side(
    path: Path, comparison: Comparison, suite: Suite, limit: int | None, shelves: Sequence[Shelf]
) -> None:
    """Write the page, whole or not at all. `shelves`: the two runs, labelled as in `comparison`."""
    first, second = (shelf.label for shelf in shelves)
    page = render_readings(
        "compare.html.jinja",
        language_of(suite),
        list(readings(suite, limit, shelves)),
        text_language=language_of(suite),
        title=f"{first} · {second} · {comparison.suite}",
        comparison=comparison,
        first=first,
        second=second,
    )
    write_whole(path, page)
