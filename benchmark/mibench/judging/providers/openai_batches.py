"""OpenAI's Batch API: a file of requests goes up, a batch is made of it, two files of results come down."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from mibench.judging.providers.batches import Lookup, State, Unanswered
from mibench.judging.providers.errors import clean, failure, told_apart
from mibench.judging.providers.provider import Answer, Later, Question
from mibench.schema import Batch

MARK = "mibench"
"""Key in a batch's metadata under which it carries our mark."""


class OpenAIBatches:
    """Batches of Chat Completions or Responses requests, as `endpoint` says."""

    company = "OpenAI"
    most_requests = 50_000
    most_bytes = 200_000_000

    def __init__(
        self,
        name: str,
        client: Callable[[], Any],
        endpoint: str,
        body: Callable[[Question], dict[str, Any]],
        read: Callable[[dict[str, Any]], Answer],
    ) -> None:
        self.name = name
        self.client = client
        self.endpoint = endpoint
        self.body = body
        self.read = read

    def request(self, question: Question) -> dict[str, Any]:
        """A line of the input file."""
        return {"custom_id": question.key, "method": "POST", "url": self.endpoint, "body": self.body(question)}

    async def submit(self, requests: Sequence[Mapping[str, Any]], mark: str) -> str:
        """Upload the file and make the batch, with `mark` in its metadata."""
        client = self.client()
        import openai

        lines = b"".join(json.dumps(request, ensure_ascii=False).encode() + b"\n" for request in requests)
        try:
            with told_apart(openai, self.name):
                file = await client.files.create(file=("mibench.jsonl", lines), purpose="batch")
        except Unanswered as broken:  # a file alone costs nothing, so sending it again is safe
            raise Later(str(broken)) from None
        with told_apart(openai, self.name):
            batch = await client.batches.create(
                input_file_id=file.id, endpoint=self.endpoint, completion_window="24h", metadata={MARK: mark}
            )
            return str(batch.id)

    async def find(self, batch: Batch, known: set[str]) -> Lookup:
        """The batch that carries our mark."""
        client = self.client()
        import openai

        with told_apart(openai, self.name):
            async for other in client.batches.list(limit=100):
                if (other.metadata or {}).get(MARK) == batch.mark:
                    return Lookup(other.id, sure=True)
        return Lookup(None, sure=True)

    async def state(self, id_: str) -> State:
        """As `status` says."""
        client = self.client()
        import openai

        with told_apart(openai, self.name, batch=id_):
            batch = await client.batches.retrieve(id_)
            counts = batch.request_counts
            total = counts.total if counts else 0
            finished = counts.completed + counts.failed if counts else 0
            faults = (batch.errors.data if batch.errors else None) or []
            ended = batch.status in ("completed", "expired", "cancelled", "failed")
        if batch.status != "failed":
            return State(ended, total, finished)
        said = "; ".join(f"{f'line {f.line}: ' if f.line else ''}{f.message or f.code}" for f in faults[:3])
        full = bool(faults) and all(fault.code == "token_limit_exceeded" for fault in faults)
        return State(ended, total, finished, fault=clean(said or "no reason given"), full=full)

    async def results(self, id_: str) -> AsyncIterator[tuple[str, Answer | Exception]]:
        """Lines of the output file and of the error file; a batch may lack either."""
        client = self.client()
        import openai

        with told_apart(openai, self.name):
            batch = await client.batches.retrieve(id_)
        for file in filter(None, (batch.output_file_id, batch.error_file_id)):
            with told_apart(openai, self.name):
                content = (await client.files.content(file)).content
            for line in filter(None, content.split(b"\n")):
                try:
                    found = json.loads(line)
                    key = str(found["custom_id"])
                except (ValueError, KeyError, TypeError):
                    raise Later(f"results of the batch {id_} came in no known form") from None
                yield key, self._outcome(found)

    def _outcome(self, found: dict[str, Any]) -> Answer | Exception:
        response, error = found.get("response"), found.get("error")
        if not response:
            return Later(clean(str((error or {}).get("message") or (error or {}).get("code") or "no answer")))
        if response.get("status_code") != 200:
            said = (response.get("body") or {}) if isinstance(response.get("body"), dict) else {}
            message = (said.get("error") or {}).get("message") or response.get("body")
            return failure(int(response.get("status_code") or 500), str(message), {}, self.name)
        try:
            return self.read(response["body"])
        except (AttributeError, TypeError, KeyError, IndexError, ValueError) as fault:
            return Later(f"an answer in no known form: {clean(str(fault))}")
