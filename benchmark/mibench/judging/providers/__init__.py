"""Where a judging model lives: behind OpenAI's or Anthropic's API, any compatible URL, in this process, or in a file."""

from mibench.judging.providers.provider import Answer, Gone, Hopeless, Later, Provider, Question, Refused
from mibench.judging.providers.registry import load_provider

__all__ = ["Answer", "Gone", "Hopeless", "Later", "Provider", "Question", "Refused", "load_provider"]
