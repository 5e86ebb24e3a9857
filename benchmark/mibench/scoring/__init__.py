"""Ratings → scores: MITI summary scores as ratios of sums, with intervals that know rounds come in dialogues."""

from mibench.scoring.bridge import bridge
from mibench.scoring.calibration import calibrate_run, calibrated
from mibench.scoring.compare import Contender, compare
from mibench.scoring.estimates import Draws
from mibench.scoring.metrics import METRICS, Metric
from mibench.scoring.power import Plan, power_of
from mibench.scoring.score import AGGREGATION, score_run
from mibench.scoring.sheet import write_sheet
from mibench.scoring.tally import JudgeFacts

__all__ = [
    "AGGREGATION",
    "METRICS",
    "Contender",
    "Draws",
    "JudgeFacts",
    "Metric",
    "Plan",
    "bridge",
    "calibrate_run",
    "calibrated",
    "compare",
    "power_of",
    "score_run",
    "write_sheet",
]
