"""Replies → ratings: judges, the MITI volley rules, and the stage that runs them."""

from mibench.judging.batching import Batching, StillUnderWay
from mibench.judging.judge import Judge
from mibench.judging.registry import JudgeCard, all_judges, judge_card, judge_names, load_judge
from mibench.judging.stage import JudgeSettings, judge_replies, judge_run

__all__ = [
    "Batching",
    "Judge",
    "JudgeCard",
    "JudgeSettings",
    "StillUnderWay",
    "all_judges",
    "judge_card",
    "judge_names",
    "judge_replies",
    "judge_run",
    "load_judge",
]
