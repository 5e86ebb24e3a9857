"""The panel's shares as probabilities: ten yes-or-no questions about a reply, put together so that they agree.

A code that only another makes possible is asked for given the other, so that SR + CR and PwP + Persuade never pass 1.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mibench.errors import UsageError
from mibench.judging.prompted.judge import PromptedJudge
from mibench.judging.prompted.reading import Unreadable, json_object
from mibench.judging.providers import Provider
from mibench.judging.registry import JudgeCard
from mibench.judging.volley import own_volley, split_utterances
from mibench.schema import Code, Occasion, Verdict

OPTIONS = {"zh": ("是", "否"), "en": ("yes", "no")}
"""Yes and no: one token each in the tokenizers of GPT-4 and 4o, Llama 3 and Qwen."""

PLAIN: dict[str, Code] = {
    "question": "Q",
    "affirm": "AF",
    "seek": "Seek",
    "emphasize": "Emphasize",
    "information": "GI",
    "confront": "Confront",
}
"""Questions whose share is a code's."""

PAIRS: dict[tuple[str, str], tuple[Code, Code]] = {
    ("reflection", "complex"): ("CR", "SR"),
    ("advice", "permission"): ("PwP", "Persuade"),
}
"""A question, and one given its yes: the codes of yes and of no to the second."""

LEAST_MASS = 0.5
"""What yes and no must have together for their proportion to say anything."""


class Share(Verdict):
    """What one question gives towards the verdict."""

    share: float
    """Probability of yes against no, 0–1."""


class WeighedJudge(PromptedJudge):
    """`panel+logprobs:PROVIDER/MODEL`: nothing is written, so there is neither evidence, nor depth, nor repair."""

    def __init__(self, card: JudgeCard, folder: Path, provider: Provider, **options: Any) -> None:
        if not provider.weighs:
            raise UsageError(
                f"{provider.name} tells no token probabilities, which shares by logprobs are made of. Use panel with "
                "spoken shares, a model of OpenAI that does not reason (openai/gpt-4.1), or an open model: "
                "compatible/MODEL with --judge-url, hf/PATH, vllm/PATH."
            )
        super().__init__(card, folder, provider, **options)

    @property
    def prompts(self) -> tuple[str, ...]:
        """The ten questions; all stand at the end of one prompt."""
        return (*(question for pair in PAIRS for question in pair), *PLAIN)

    def options(self, language: str) -> tuple[str, ...]:
        """Yes and no."""
        return OPTIONS[language]

    def read(self, prompt: str, text: str, occasion: Occasion, reply: str) -> Verdict:
        """The share of one question. Raises Unreadable when the model would say something else than yes or no."""
        options = self.options(self.rubric_language or occasion.language)
        share = read_share(json_object(text), options, prompt)
        return Share(status="rated", share=share, utterance_count=len(split_utterances(own_volley(reply)[0])))

    def repair(self, *_: Any) -> None:
        """The same prompt has the same probabilities."""
        return

    def together(self, verdicts: Sequence[Verdict]) -> Verdict:
        """Expected counts from the ten shares; unrated if any question is."""
        shares: dict[str, float] = {}
        for prompt, verdict in zip(self.prompts, verdicts, strict=True):
            if not isinstance(verdict, Share):
                return verdict
            shares[prompt] = verdict.share
        counts = expected_counts(shares)
        return Verdict(status="rated", counts=counts, utterance_count=verdicts[0].utterance_count)

    def _schema(self, prompt: str) -> dict[str, Any]:
        return {"enum": [word for words in OPTIONS.values() for word in words]}

    def _render(self, prompt: str, language: str, **values: Any) -> str:
        return super()._render(self.card.prompts[0], language, question=prompt, **values)


def read_share(answer: dict[str, Any], options: Sequence[str], question: str) -> float:
    """Probability of the first option as a share of what all have, 0–1. Raises Unreadable."""
    for option in options:
        weight = answer.get(option)
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1.001:
            raise Unreadable(f"{question}: the probability of {option} is {weight!r}; it must be a number from 0 to 1")
    mass = sum(answer[option] for option in options)
    if mass < LEAST_MASS:
        raise Unreadable(f"{question}: the model puts only {100 * mass:.0f} % on {' or '.join(options)}")
    return float(answer[options[0]] / mass)


def expected_counts(shares: dict[str, float]) -> dict[Code, float]:
    """Shares of the ten questions → expected count of each code, 0–1; those of 0 are left out."""
    counts = {code: shares[question] for question, code in PLAIN.items()}
    for (first, given), (yes, no) in PAIRS.items():
        counts[yes] = shares[first] * shares[given]
        counts[no] = shares[first] - counts[yes]
    return {code: count for code, count in counts.items() if count}
