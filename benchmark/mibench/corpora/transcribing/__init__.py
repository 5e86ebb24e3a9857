"""Rewriting counselling as motivational interviewing, and what a rewritten dialogue must pass."""

from mibench.corpora.transcribing.drafts import transcribing_prompt
from mibench.corpora.transcribing.gates import Bars
from mibench.corpora.transcribing.stage import transcribe

__all__ = ["Bars", "transcribe", "transcribing_prompt"]
