"""What a model's API takes: a table to be read and extended, not guesses from a name.

A model is matched by the longest entry that its name begins with, up to a `-` or `.`; the entry "" is for the rest.
Sources: the providers' API references, read 2026-11. Users add their own with `--judge-settings`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Capabilities:
    """How to ask a model."""

    temperature: bool = True
    """Whether `temperature` may be set."""
    limit_name: str = "max_tokens"
    """Name of the token limit: reasoning models of OpenAI take `max_completion_tokens`."""
    schema: bool = True
    """Whether answers can be held to a JSON schema."""
    thinking_room: int = 0
    """Tokens to add to the limit for thoughts that count as answer."""
    responses_api: bool = False
    """Whether the model is to be asked by the Responses API only."""
    logprobs: bool = True
    """Whether it tells the probabilities of tokens: reasoning models do not."""


OPENAI: dict[str, Capabilities] = {
    "": Capabilities(limit_name="max_completion_tokens"),
    "gpt-4o": Capabilities(limit_name="max_completion_tokens"),
    "gpt-4.1": Capabilities(limit_name="max_completion_tokens"),
    "gpt-5": Capabilities(temperature=False, logprobs=False, limit_name="max_completion_tokens", thinking_room=4000),
    "o1": Capabilities(temperature=False, logprobs=False, limit_name="max_completion_tokens", thinking_room=4000),
    "o1-pro": Capabilities(temperature=False, logprobs=False, thinking_room=4000, responses_api=True),
    "o3": Capabilities(temperature=False, logprobs=False, limit_name="max_completion_tokens", thinking_room=4000),
    "o3-pro": Capabilities(temperature=False, logprobs=False, thinking_room=4000, responses_api=True),
    "o4": Capabilities(temperature=False, logprobs=False, limit_name="max_completion_tokens", thinking_room=4000),
    "gpt-5-pro": Capabilities(temperature=False, logprobs=False, thinking_room=8000, responses_api=True),
}

ANTHROPIC: dict[str, Capabilities] = {
    "": Capabilities(temperature=False),  # its SDK has no such parameter since 2.0
    "claude-3": Capabilities(temperature=False, schema=False),
}

COMPATIBLE: dict[str, Capabilities] = {"": Capabilities()}


def capabilities(table: dict[str, Capabilities], model: str) -> Capabilities:
    """The longest entry that `model` is or begins with at a `-` or `.`."""
    fitting = [name for name in table if not name or model == name or model.startswith((f"{name}-", f"{name}."))]
    return table[max(fitting, key=len)]
