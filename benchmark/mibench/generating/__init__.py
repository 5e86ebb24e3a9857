"""Suites → replies, through lm-eval. The only room that knows models."""

from mibench.generating.generate import GenerationPlan, generate
from mibench.generating.models import counsellor_names

__all__ = ["GenerationPlan", "counsellor_names", "generate"]
