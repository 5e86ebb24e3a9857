"""How probable each of a question's options is as the model's next word.

The model is not held to the options: what it puts on other words shows whether it took the question for what it is.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from mibench.errors import UsageError

TOP = 20
"""Most probable tokens to ask a server for: the most that OpenAI and vLLM give."""

MARKS = " \t\n▁Ġ"
"""White space around a word, also as tokenizers spell it."""


def weigh(options: Sequence[str], tokens: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Option → the sum over `tokens` (text, probability) that are the option, but for case and white space around it.

    A token that begins exactly one option counts for it too: some tokenizers cut the word in pieces.
    """
    weights = dict.fromkeys(options, 0.0)
    for text, probability in tokens:
        word = text.strip(MARKS).lower()
        meant = [option for option in options if option == word]
        meant = meant or [option for option in options if word and option.startswith(word)]
        if len(meant) == 1:
            weights[meant[0]] += probability
    return weights


def first_tokens(options: Sequence[str], tokenizer: Any) -> dict[str, list[int]]:
    """Option → ids of the tokens that it begins with in its usual spellings, without those that two options share.

    Raises UsageError if an option is left with none.
    """
    found = {
        option: {
            tokenizer.encode(space + word, add_special_tokens=False)[0]
            for word in (option, option.capitalize(), option.upper())
            for space in ("", " ")
        }
        for option in options
    }
    own = {
        option: sorted(ids - set().union(*(found[other] for other in options if other != option)))
        for option, ids in found.items()
    }
    for option, ids in own.items():
        if not ids:
            raise UsageError(
                f"This tokenizer begins “{option}” as the other answer, so their probabilities cannot be told apart. "
                "Leave --shares logprobs out."
            )
    return own


def as_text(weights: dict[str, float]) -> str:
    """What stands on disk as the answer: a JSON object, option → probability."""
    return json.dumps({option: round(weight, 8) for option, weight in weights.items()}, ensure_ascii=False)
