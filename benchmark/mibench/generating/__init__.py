"""Suites → replies, through lm-eval. The only room that knows models."""

from mibench.generating.generate import generate
from mibench.generating.models import counsellor_names
from mibench.generating.plan import GenerationPlan

__all__ = ["GenerationPlan", "counsellor_names", "generate"]
