"""Anthropic's Message Batches: the requests go up in one call, the results come down as a stream."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mibench.judging.providers.batches import Lookup, State
from mibench.judging.providers.errors import clean, failure, told_apart
from mibench.judging.providers.provider import Answer, Later, Question
from mibench.schema import Batch

STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}
"""Error type → the HTTP status that stands for it in a call alone; others are 500."""


class AnthropicBatches:
    """Batches of Messages requests."""

    company = "Anthropic"
    most_requests = 100_000
    most_bytes = 256_000_000

    def __init__(
        self,
        name: str,
        client: Callable[[], Any],
        body: Callable[[Question], dict[str, Any]],
        read: Callable[[Any], Answer],
    ) -> None:
        self.name = name
        self.client = client
        self.body = body
        self.read = read

    def request(self, question: Question) -> dict[str, Any]:
        """An element of `requests`."""
        return {"custom_id": question.key, "params": self.body(question)}

    async def submit(self, requests: Sequence[Mapping[str, Any]], mark: str) -> str:
        """Make the batch. There is no place for `mark`: `find` goes by the questions."""
        client = self.client()
        import anthropic

        with told_apart(anthropic, self.name):
            batch = await client.messages.batches.create(requests=requests)
            return str(batch.id)

    async def find(self, batch: Batch, known: set[str]) -> Lookup:
        """A batch made since then, of as many questions, whose results are answers to ours.

        While one that may be it is still at work nothing is sure, for only results tell.
        """
        client = self.client()
        import anthropic

        since = datetime.fromisoformat(batch.at) - timedelta(minutes=10)  # two clocks
        sure = True
        with told_apart(anthropic, self.name):
            async for other in client.messages.batches.list(limit=100):
                if other.created_at < since:  # the newest come first
                    break
                if other.id in known or sum(other.request_counts.model_dump().values()) != len(batch.questions):
                    continue
                if other.processing_status != "ended":
                    sure = False
                elif await self._answers(client, other, batch):
                    return Lookup(other.id, sure=True)
        return Lookup(None, sure)

    async def _answers(self, client: Any, other: Any, batch: Batch) -> bool:
        if not other.results_url:
            return False
        results = await client.messages.batches.results(other.id)
        try:
            async for entry in results:
                return entry.custom_id in batch.questions
        finally:
            await results.close()
        return False

    async def state(self, id_: str) -> State:
        """As `processing_status` says; the counts stand still until the end."""
        client = self.client()
        import anthropic

        with told_apart(anthropic, self.name, batch=id_):
            batch = await client.messages.batches.retrieve(id_)
            counts = batch.request_counts
            total = sum(counts.model_dump().values())
            ended = batch.processing_status == "ended"
            gone = ended and not batch.results_url
        fault = "its results are no longer kept there" if gone else None
        return State(ended, total, total - counts.processing, fault=fault)

    async def results(self, id_: str) -> AsyncIterator[tuple[str, Answer | Exception]]:
        """The lines of the results."""
        client = self.client()
        import anthropic

        with told_apart(anthropic, self.name):
            async for entry in await client.messages.batches.results(id_):
                yield entry.custom_id, self._outcome(entry.result)

    def _outcome(self, result: Any) -> Answer | Exception:
        if result.type == "errored":
            error = result.error.error
            return failure(STATUS.get(error.type, 500), error.message, {}, self.name)
        if result.type != "succeeded":
            return Later(str(result.type))
        try:
            return self.read(result.message)
        except (AttributeError, TypeError, KeyError, IndexError) as fault:
            return Later(f"an answer in no known form: {clean(str(fault))}")
