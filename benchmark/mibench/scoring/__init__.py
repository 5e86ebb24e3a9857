"""Ratings → scores: MITI summary scores as ratios of sums, with intervals that know rounds come in dialogues."""

from mibench.scoring.metrics import METRICS, Metric
from mibench.scoring.score import AGGREGATION, score_run
from mibench.scoring.tally import JudgeFacts

__all__ = ["AGGREGATION", "METRICS", "JudgeFacts", "Metric", "score_run"]
