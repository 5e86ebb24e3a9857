"""Anthropic's Messages API."""

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mibench.errors import MissingExtra, UsageError
from mibench.judging.providers.capabilities import ANTHROPIC, capabilities, unbounded
from mibench.judging.providers.errors import clean, failure, unheard
from mibench.judging.providers.provider import Answer, Later, Question

if TYPE_CHECKING:
    from mibench.judging.providers.anthropic_batches import AnthropicBatches
    from mibench.judging.providers.capabilities import Capabilities


class AnthropicProvider:
    """`anthropic/MODEL`. The key comes from ANTHROPIC_API_KEY only."""

    concurrency = 64
    weighs = False  # the Messages API tells no token probabilities

    def __init__(self, model: str, *, settings: Mapping[str, Any] | None = None, timeout: float = 600.0) -> None:
        self.model = model
        self.timeout = timeout
        self.can: Capabilities = capabilities(ANTHROPIC, model, settings)

    @property
    def name(self) -> str:
        """As the user wrote it."""
        return f"anthropic/{self.model}"

    @property
    def identity(self) -> dict[str, Any]:
        """Provider and model."""
        return {"provider": "anthropic", "model": self.model}

    @cached_property
    def _client(self) -> Any:
        try:
            import aiohttp  # noqa: F401 - what DefaultAioHttpClient stands on
            from anthropic import AsyncAnthropic, DefaultAioHttpClient
        except ImportError as error:
            raise MissingExtra(f"The judge {self.name}", "judges") from error
        if not os.environ.get("ANTHROPIC_API_KEY"):
            raise UsageError("The judge needs a key: set ANTHROPIC_API_KEY in the environment.")
        return AsyncAnthropic(max_retries=0, timeout=self.timeout, http_client=DefaultAioHttpClient())

    def open(self) -> None:
        """Load the SDK. Raises MissingExtra or UsageError for a missing library or key."""
        _ = self._client

    async def ask(self, question: Question) -> Answer:
        """One call."""
        client = self._client  # says what is missing, library or key
        import anthropic

        try:
            message = await client.messages.create(**self.body(question))
        except anthropic.APIStatusError as error:
            raise failure(error.status_code, error.message, error.response.headers, self.name) from None
        except anthropic.APITimeoutError as error:
            raise unheard(error, self.timeout) from None
        except (anthropic.APIError, ValueError) as error:
            raise Later(clean(f"{type(error).__name__}: {error.__cause__ or error}")) from None
        try:
            return _from_message(message)
        except (AttributeError, TypeError, KeyError, IndexError) as error:
            raise Later(f"an answer in no known form: {clean(str(error))}") from None

    def body(self, question: Question) -> dict[str, Any]:
        """The body of a Messages request; the rubric is marked for the prompt cache."""
        turns = [{"role": "user", "content": question.user}]
        turns += [{"role": role, "content": words} for role, words in question.turns]
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": question.longest_answer + self.can.thinking_room,
            "system": [{"type": "text", "text": question.system, "cache_control": {"type": "ephemeral"}}],
            "messages": turns,
        }
        if self.can.schema:
            body["output_config"] = {"format": {"type": "json_schema", "schema": unbounded(question.schema)}}
        return body

    def batches(self) -> "AnthropicBatches":
        """The model's Message Batches."""
        from mibench.judging.providers.anthropic_batches import AnthropicBatches

        return AnthropicBatches(self.name, lambda: self._client, self.body, _from_message)

    async def close(self) -> None:
        """Close the connections, if any were opened; the next question opens new ones."""
        client = self.__dict__.pop("_client", None)
        if client:
            await client.close()


def _from_message(message: Any) -> Answer:
    """Text blocks only: thoughts come in blocks of their own and are left out."""
    usage = message.usage
    read, written = (getattr(usage, f"cache_{what}_input_tokens", 0) or 0 for what in ("read", "creation"))
    return Answer(
        text="".join(block.text for block in message.content if block.type == "text"),
        finish={"max_tokens": "length", "refusal": "refused"}.get(message.stop_reason, "stop"),  # type: ignore[arg-type]
        tokens_in=(usage.input_tokens or 0) + read + written,
        tokens_cached=read,
        tokens_written=written,
        tokens_out=usage.output_tokens or 0,
    )
