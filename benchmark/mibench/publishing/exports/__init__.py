"""Scores and comparisons for elsewhere: spreadsheets, papers, and the formats of other evaluation tools."""

from collections.abc import Callable, Sequence
from typing import Any

from mibench.publishing.exports.every_eval_ever import every_eval_ever
from mibench.publishing.exports.lm_eval import lm_eval_results
from mibench.publishing.exports.markup import latex, markdown
from mibench.publishing.exports.paper import Exported, Table, comparison_table, scores_table
from mibench.publishing.exports.sheet import comparisons_csv, scores_csv
from mibench.schema import Comparison

TABLES: dict[str, Callable[[Table], str]] = {"markdown": markdown, "latex": latex}
RECORDS: dict[str, Callable[..., dict[str, Any]]] = {
    "every-eval-ever": every_eval_ever,
    "lm-eval": lm_eval_results,
}
"""Formats of other tools, a run each."""
FORMATS = ("csv", *TABLES, *RECORDS)


def export_scores(runs: Sequence[Exported], to: str) -> str:
    """Runs side by side as `csv`, `markdown` or `latex`."""
    return scores_csv(runs) if to == "csv" else TABLES[to](scores_table(runs))


def export_comparisons(comparisons: Sequence[Comparison], to: str) -> str:
    """Comparisons, one below the other, as `csv`, `markdown` or `latex`."""
    if to == "csv":
        return comparisons_csv(comparisons)
    return "\n".join(TABLES[to](comparison_table(comparison)) for comparison in comparisons)


__all__ = ["FORMATS", "RECORDS", "Exported", "export_comparisons", "export_scores"]
