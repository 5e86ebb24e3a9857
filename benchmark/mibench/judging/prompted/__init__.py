"""Judges that are language models: a folder of prompts, a provider, and the reading of answers."""

from mibench.judging.prompted.judge import PromptedJudge
from mibench.judging.prompted.reading import Unreadable
from mibench.judging.prompted.weighed import WeighedJudge

__all__ = ["PromptedJudge", "Unreadable", "WeighedJudge"]
