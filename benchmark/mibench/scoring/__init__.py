"""Ratings → scores: MITI summary scores as ratios of sums, with intervals that know rounds come in dialogues."""

from mibench.scoring.calibration import calibrate_run, calibrated
from mibench.scoring.metrics import METRICS, Metric
from mibench.scoring.score import AGGREGATION, score_run
from mibench.scoring.sheet import write_sheet
from mibench.scoring.tally import JudgeFacts

__all__ = [
    "AGGREGATION",
    "METRICS",
    "JudgeFacts",
    "Metric",
    "calibrate_run",
    "calibrated",
    "score_run",
    "write_sheet",
]
