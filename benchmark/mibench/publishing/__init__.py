"""Scores → something a person looks at: the terminal's table and the report."""

from mibench.publishing.calibration import print_calibrated
from mibench.publishing.comparison import print_comparison
from mibench.publishing.power import print_power
from mibench.publishing.report import write_report
from mibench.publishing.table import print_scores

__all__ = ["print_calibrated", "print_comparison", "print_power", "print_scores", "write_report"]
