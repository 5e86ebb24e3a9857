"""Scores → something a person looks at: the terminal's table and the report."""

from mibench.publishing.report import write_report
from mibench.publishing.table import print_scores

__all__ = ["print_scores", "write_report"]
