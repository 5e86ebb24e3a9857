"""Scores → something a person looks at: the terminal's table and the report."""

from mibench.publishing.calibration import print_calibrated
from mibench.publishing.comparison import print_comparison
from mibench.publishing.judges import print_bridge, print_canary
from mibench.publishing.people import print_people
from mibench.publishing.power import print_power
from mibench.publishing.report import write_report
from mibench.publishing.table import print_scores

__all__ = [
    "print_bridge",
    "print_calibrated",
    "print_canary",
    "print_comparison",
    "print_people",
    "print_power",
    "print_scores",
    "write_report",
]
