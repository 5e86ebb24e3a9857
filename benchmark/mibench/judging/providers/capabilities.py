"""What a model's API takes: a table to be read and extended, not guesses from a name.

A model is matched by the longest entry that its name begins with, up to a `-` or `.`; the entry "" is for the rest.
Sources: the providers' API references, read 2026-11. Users say what a model not listed here takes with `--judge-settings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from mibench.errors import UsageError


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


def capabilities(table: dict[str, Capabilities], model: str, settings: Mapping[str, Any] | None = None) -> Capabilities:
    """The longest entry that `model` is or begins with at a `-` or `.`, with the user's `settings` over it.

    Raises UsageError for a setting that there is not, or of the wrong kind.
    """
    fitting = [name for name in table if not name or model == name or model.startswith((f"{name}-", f"{name}."))]
    found = table[max(fitting, key=len)]
    for name, value in (settings or {}).items():
        known = {field.name: type(getattr(found, field.name)) for field in fields(found)}
        if name not in known or not isinstance(value, known[name]):
            choices = ", ".join(f"{field}={kind.__name__}" for field, kind in known.items())
            raise UsageError(f"--judge-settings {name}={value} means nothing. There is: {choices}.")
    return replace(found, **(settings or {}))


def unbounded(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without bounds on numbers: Anthropic refuses them, and so does OpenAI for fine-tuned models."""

    def freed(part: Any) -> Any:
        if isinstance(part, list):
            return [freed(one) for one in part]
        if not isinstance(part, dict):
            return part
        bounds = ("minimum", "maximum") if part.get("type") in ("integer", "number") else ()
        return {name: freed(value) for name, value in part.items() if name not in bounds}

    found: dict[str, Any] = freed(schema)
    return found
