"""Bring home what earlier batches of a run folder have finished."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mibench.errors import MibenchError
from mibench.judging.batching.ledger import Ledger, age
from mibench.judging.batching.patience import patiently, useless
from mibench.judging.batching.plan import Batching
from mibench.judging.engine import Budget, Limits, Price, call_record
from mibench.judging.providers import Answer, Hopeless, Refused

if TYPE_CHECKING:
    from mibench.judging.prompted.calls import Calls
    from mibench.judging.providers.batches import Batches
    from mibench.schema import Batch


@dataclass
class Fetched:
    """What one look at the batches under way brought."""

    ended: int = 0
    """Batches that are no longer under way."""
    total: int = 0
    finished: int = 0
    """Questions of those still under way, as far as the provider tells."""
    full: str | None = None
    """What the provider said when its queue was full."""
    faults: list[MibenchError] = field(default_factory=list)
    """What a person has to mend before anything is sent again."""


class Fetcher:
    """Looks at the batches under way and keeps the answers of those that have ended, at the price of a batch."""

    def __init__(
        self,
        batches: "Batches",
        ledger: Ledger,
        calls: "Calls",
        provider: str,
        *,
        plan: Batching,
        limits: Limits,
        price: Price | None,
        budget: Budget,
    ) -> None:
        self.batches = batches
        self.ledger = ledger
        self.calls = calls
        self.provider = provider
        self.plan = plan
        self.limits = limits
        self.price = price
        self.budget = budget

    async def fetch(self) -> Fetched:
        """Look at every batch once. Raises MibenchError when the provider does not answer or knows no such batch."""
        found = Fetched()
        for batch in self.ledger.under_way(self.provider):
            id_ = batch.id or await self._arrived(batch, found)
            if id_:
                await self._look(batch, id_, found)
        return found

    async def _arrived(self, batch: "Batch", found: Fetched) -> str | None:
        """The id of a batch of which only the intent is on disk; one that never arrived is noted as lost."""
        lookup = await patiently(lambda: self.batches.find(batch, self.ledger.ids), self.limits, self.batches.company)
        if lookup.id:
            self.ledger.note(batch, "sent", id=lookup.id)
        elif lookup.sure and age(batch) > self.plan.grace:
            self._end(batch, found, "lost")
        return lookup.id

    async def _look(self, batch: "Batch", id_: str, found: Fetched) -> None:
        state = await patiently(lambda: self.batches.state(id_), self.limits, self.batches.company)
        if state.fault:
            self._end(batch, found, "failed", id=id_)
            if state.full:
                found.full = state.fault
            else:
                found.faults.append(
                    MibenchError(
                        f"{self.batches.company} refused the batch {id_} as a whole, and none of its {len(batch.questions)} "
                        f"questions is answered: {state.fault}. Mend that and repeat the command, or judge without --batch."
                    )
                )
        elif state.ended:
            await patiently(lambda: self._bring(batch, id_, found), self.limits, self.batches.company)
        else:
            found.total += len(batch.questions)
            found.finished += state.finished

    async def _bring(self, batch: "Batch", id_: str, found: Fetched) -> None:
        """Keep every answer, then note the batch as fetched: after a kill between, answers kept are found by key."""
        missing = dict(batch.questions)
        refused: dict[str, str] = {}
        failed: dict[str, str] = {}
        hopeless: MibenchError | None = None
        async for key, outcome in self.batches.results(id_):
            subject = missing.pop(key, None)
            if subject is None:
                continue
            if isinstance(outcome, Answer):
                self._keep(key, subject, outcome)
            elif isinstance(outcome, Refused):
                refused[key] = str(outcome)
            elif isinstance(outcome, Hopeless):
                hopeless = useless(outcome)
            else:
                failed[key] = str(outcome)
        failed |= dict.fromkeys(missing, "it came back without an answer")
        self._end(batch, found, "fetched", id=id_, refused=refused, failed=failed)
        if hopeless:
            found.faults.append(hopeless)

    def _keep(self, key: str, subject: str, answer: Answer) -> None:
        if self.calls.find(key) is None:
            cost = self.price.of(answer, batch=True) if self.price else None
            self.calls.keep(call_record(key, subject, answer, cost, 0.0))
            self.budget.settle(0.0, cost)

    def _end(self, batch: "Batch", found: Fetched, event: str, **more: object) -> None:
        self.ledger.note(batch, event, **more)
        self.budget.settle(batch.most or 0.0, None)
        found.ended += 1
