"""Walk the jobs as the engine does, but send the questions that have no answer in batches."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from mibench.judging.batching.ledger import Ledger
from mibench.judging.batching.patience import patiently
from mibench.judging.batching.plan import Batching
from mibench.judging.engine import Budget, BudgetSpent, Limits, Price
from mibench.judging.engine.engine import Job
from mibench.judging.providers import Hopeless, Later, Question, Refused
from mibench.judging.providers.batches import Batches, Unanswered
from mibench.schema import Batch, Call


class Collector:
    """Hands on what is known, sends the rest; holds no more than one batch of questions."""

    def __init__(
        self,
        batches: Batches,
        ledger: Ledger,
        answered: Callable[[str], Call | str | None],
        provider: str,
        judge: str,
        *,
        plan: Batching,
        limits: Limits,
        price: Price | None,
        budget: Budget,
        full: bool = False,
    ) -> None:
        self.batches = batches
        self.ledger = ledger
        self.answered = answered
        self.provider = provider
        self.judge = judge
        self.plan = plan
        self.limits = limits
        self.price = price
        self.budget = budget
        self.left_out: set[str] = set()
        """Keys of questions that are under way."""
        self.unsent = 0
        """Questions that wait for the budget or for the provider's queue."""
        self.spent: BudgetSpent | None = None
        self._full = full
        self._requests: list[dict[str, Any]] = []
        self._questions: dict[str, str] = {}
        self._bytes = 0
        self._most = 0.0

    async def run(self, jobs: Iterable[Job]) -> None:
        """Walk all jobs. Raises MibenchError when the provider takes no batch; what was sent stays sent."""
        for question, use in jobs:
            found: Question | None = question
            while found is not None:
                known = self._known(found.key)
                if known is None:
                    await self._collect(found)
                    break
                found = await use(known)
        await self._send()

    def _known(self, key: str) -> Call | str | None:
        known = self.answered(key)
        failures = self.ledger.failures.get(key, [])
        if known is None and len(failures) >= self.plan.tries and not self.ledger.holds(key):
            return f"no answer in {len(failures)} batches, last: {failures[-1]}"
        return known

    async def _collect(self, question: Question) -> None:
        if question.key in self._questions:
            return
        if self.ledger.holds(question.key):
            self.left_out.add(question.key)
            return
        if self._full or self.spent:
            self.unsent += 1
            return
        most = self.price.at_most(question) * self.price.batch if self.price else 0.0
        try:
            self.budget.reserve(most)
        except BudgetSpent as spent:
            self.spent = spent
            self.unsent += 1
            return
        request = self.batches.request(question)
        size = len(json.dumps(request, ensure_ascii=False).encode()) + 2
        if self._bytes + size > min(self.plan.bytes, self.batches.most_bytes):
            await self._send()
        self._requests.append(request)
        self._questions[question.key] = question.subject
        self._bytes += size
        self._most += most
        if len(self._requests) >= min(self.plan.requests, self.batches.most_requests):
            await self._send()

    async def _send(self) -> None:
        """Send what is collected: first its intent to the disk, then the batch, then its id to the disk."""
        if not self._requests:
            return
        batch = self.ledger.intend(self.provider, self.judge, self._questions, self._most if self.price else None)
        requests, self._requests = self._requests, []
        self.left_out |= self._questions.keys()
        self._questions, self._bytes, self._most = {}, 0, 0.0
        id_ = await patiently(self._submission(batch, requests), self.limits, self.batches.company)
        if id_:
            self.ledger.note(batch, "sent", id=id_)

    def _submission(self, batch: Batch, requests: list[dict[str, Any]]) -> Callable[[], Awaitable[str | None]]:
        """One try of sending: the batch's id, or None if nobody can say yet whether it arrived.

        Such a batch counts as under way, and the next fetch looks for it.
        """
        doubtful = False

        async def attempt() -> str | None:
            nonlocal doubtful
            if doubtful:
                found = await self.batches.find(batch, self.ledger.ids)
                if found.id or not found.sure:
                    return found.id
            try:
                return await self.batches.submit(requests, batch.mark)
            except Unanswered:
                return None
            except Later as later:
                doubtful = doubtful or not later.crowded
                raise
            except (Hopeless, Refused):
                self.ledger.note(batch, "lost")
                raise

        return attempt
