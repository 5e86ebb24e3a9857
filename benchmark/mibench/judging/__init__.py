"""Replies → ratings: judges, the MITI volley rules, and the stage that runs them."""

from mibench.judging.judge import Judge
from mibench.judging.registry import JudgeCard, judge_card, judge_names, load_judge
from mibench.judging.stage import judge_replies

__all__ = ["Judge", "JudgeCard", "judge_card", "judge_names", "judge_replies", "load_judge"]
