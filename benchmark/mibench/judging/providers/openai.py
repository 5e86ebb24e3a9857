"""OpenAI's API and everything that speaks it: vLLM, SGLang, llama.cpp's server, Ollama, `transformers serve`."""

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mibench.errors import MissingExtra, UsageError
from mibench.judging.providers.capabilities import COMPATIBLE, OPENAI, capabilities, unbounded
from mibench.judging.providers.errors import clean, failure, unheard
from mibench.judging.providers.provider import Answer, Hopeless, Later, Question, Refused
from mibench.judging.providers.weighing import TOP, as_text, weigh

if TYPE_CHECKING:
    from mibench.judging.providers.capabilities import Capabilities
    from mibench.judging.providers.openai_batches import OpenAIBatches

NO_PROBABILITIES = "tells no token probabilities, so it cannot be asked with --shares logprobs; leave that out."


class OpenAIProvider:
    """`openai/MODEL`, or `compatible/MODEL` with a URL. Keys come from the environment only."""

    concurrency = 64

    def __init__(
        self, model: str, url: str | None = None, *, settings: Mapping[str, Any] | None = None, timeout: float = 600.0
    ) -> None:
        self.model = model
        self.url = url
        self.timeout = timeout
        self.can: Capabilities = capabilities(COMPATIBLE if url else OPENAI, model, settings)

    @property
    def name(self) -> str:
        """As the user wrote it."""
        return f"{'compatible' if self.url else 'openai'}/{self.model}"

    @property
    def identity(self) -> dict[str, Any]:
        """Model and kind; a server's address may change without its answers changing."""
        return {"provider": "compatible" if self.url else "openai", "model": self.model}

    @property
    def weighs(self) -> bool:
        """By Chat Completions, except reasoning models."""
        return self.can.logprobs and not self.can.responses_api

    @cached_property
    def _client(self) -> Any:
        try:
            import aiohttp  # noqa: F401 - what DefaultAioHttpClient stands on
            from openai import AsyncOpenAI, DefaultAioHttpClient
        except ImportError as error:
            raise MissingExtra(f"The judge {self.name}", "judges") from error
        key = os.environ.get("MIBENCH_JUDGE_KEY" if self.url else "OPENAI_API_KEY")
        if key is None and self.url is None:
            raise UsageError("The judge needs a key: set OPENAI_API_KEY in the environment.")
        return AsyncOpenAI(
            api_key=key or "none",
            base_url=self.url or os.environ.get("OPENAI_BASE_URL"),
            max_retries=0,  # the engine retries, and knows what for
            timeout=self.timeout,
            http_client=DefaultAioHttpClient(),
        )

    def open(self) -> None:
        """Load the SDK. Raises MissingExtra or UsageError for a missing library or key."""
        _ = self._client

    async def ask(self, question: Question) -> Answer:
        """One call; a server that refuses the schema is asked without from then on, one that refuses logprobs no more."""
        try:
            return await self._ask(question)
        except Refused as refusal:
            said = str(refusal).lower()
            if question.options and "logprobs" in said:
                raise Hopeless(f"{self.name} {NO_PROBABILITIES} It said: {refusal}.") from None
            if (
                self.can.schema
                and self.url
                and any(word in said for word in ("response_format", "schema", "guided", "grammar"))
            ):
                self.can = replace(self.can, schema=False)
                return await self._ask(question)
            raise

    async def _ask(self, question: Question) -> Answer:
        client = self._client  # says what is missing, library or key
        import openai

        # Plain JSON both ways: the SDK's typed methods check every body and build models, half of the client's time.
        if self.can.responses_api:
            path, body = "/responses", self._responses_body(question)
        else:
            path, body = "/chat/completions", self.chat_body(question)
        try:
            answer = await client.post(path, body=body, cast_to=object)
        except openai.APIStatusError as error:
            raise failure(error.status_code, error.message, error.response.headers, self.name) from None
        except openai.APITimeoutError as error:
            raise unheard(error, self.timeout) from None
        except (openai.APIError, ValueError) as error:
            raise Later(clean(f"{type(error).__name__}: {error.__cause__ or error}")) from None
        try:
            return _from_response(answer) if self.can.responses_api else _from_completion(answer, question.options)
        except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
            raise Later(f"an answer in no known form: {clean(str(error))}") from None

    def chat_body(self, question: Question) -> dict[str, Any]:
        """The body of a Chat Completions request."""
        messages = [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}]
        messages += [{"role": role, "content": words} for role, words in question.turns]
        body: dict[str, Any] = {"model": self.model, "messages": messages}
        body[self.can.limit_name] = question.longest_answer + self.can.thinking_room
        if self.can.temperature and "temperature" in question.sampling:
            body["temperature"] = question.sampling["temperature"]
        if question.options:
            body |= {"logprobs": True, "top_logprobs": TOP}
        elif self.can.schema:
            schema = {"name": "judgement", "strict": True, "schema": self._schema(question)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _responses_body(self, question: Question) -> dict[str, Any]:
        turns = [{"role": "user", "content": question.user}]
        turns += [{"role": role, "content": words} for role, words in question.turns]
        body: dict[str, Any] = {
            "model": self.model,
            "instructions": question.system,
            "input": turns,
            "max_output_tokens": question.longest_answer + self.can.thinking_room,
            "store": False,
        }
        if self.can.schema:
            body["text"] = {
                "format": {"type": "json_schema", "name": "judgement", "strict": True, "schema": self._schema(question)}
            }
        return body

    def _schema(self, question: Question) -> dict[str, Any]:
        return question.schema if self.url else unbounded(question.schema)

    def batches(self) -> "OpenAIBatches | None":
        """The model's Batch API; None on servers that are not OpenAI's."""
        from mibench.judging.providers.openai_batches import OpenAIBatches

        if self.url is not None:
            return None
        if self.can.responses_api:
            return OpenAIBatches(self.name, lambda: self._client, "/v1/responses", self._responses_body, _from_response)
        return OpenAIBatches(self.name, lambda: self._client, "/v1/chat/completions", self.chat_body, _from_completion)

    async def close(self) -> None:
        """Close the connections, if any were opened; the next question opens new ones."""
        client = self.__dict__.pop("_client", None)
        if client:
            await client.close()


def _from_completion(completion: dict[str, Any], options: tuple[str, ...] = ()) -> Answer:
    choice = completion["choices"][0]
    message = choice["message"]
    usage = completion.get("usage") or {}
    refused = bool(message.get("refusal")) or choice["finish_reason"] == "content_filter"
    weighed = bool(options) and not refused
    return Answer(
        text=_weights(choice, options) if weighed else message.get("content") or message.get("refusal") or "",
        finish="refused" if refused else "length" if choice["finish_reason"] == "length" and not weighed else "stop",
        tokens_in=usage.get("prompt_tokens") or 0,
        tokens_cached=(usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
        tokens_out=usage.get("completion_tokens") or 0,
    )


def _weights(choice: dict[str, Any], options: tuple[str, ...]) -> str:
    """The options' probabilities among the most probable first tokens. Raises Hopeless if the server tells none."""
    told = choice.get("logprobs")
    if told is None or told.get("content") is None:
        raise Hopeless(f"The server {NO_PROBABILITIES}")
    first = told["content"][0]["top_logprobs"] if told["content"] else []
    return as_text(weigh(options, ((entry["token"], math.exp(entry["logprob"])) for entry in first)))


def _from_response(response: dict[str, Any]) -> Answer:
    usage = response.get("usage") or {}
    parts = [part for item in response["output"] if item["type"] == "message" for part in item["content"]]
    refused = any(part["type"] == "refusal" for part in parts)
    return Answer(
        text="".join(part.get("text") or part.get("refusal") or "" for part in parts),
        finish="refused" if refused else "length" if response.get("status") == "incomplete" else "stop",
        tokens_in=usage.get("input_tokens") or 0,
        tokens_cached=(usage.get("input_tokens_details") or {}).get("cached_tokens") or 0,
        tokens_out=usage.get("output_tokens") or 0,
    )
