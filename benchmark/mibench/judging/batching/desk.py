"""Where a judge's questions go out in batches and come back, round by round."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mibench.errors import MibenchError, UsageError
from mibench.judging.batching.collector import Collector
from mibench.judging.batching.fetching import Fetched, Fetcher
from mibench.judging.batching.ledger import Ledger
from mibench.judging.batching.plan import Batching, StillUnderWay
from mibench.judging.engine import Budget, Engine, Limits, Price
from mibench.judging.providers import Provider
from mibench.schema import Call

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mibench.judging.engine.engine import Job
    from mibench.judging.prompted.calls import Calls
    from mibench.judging.providers.batches import Batches

OnBatches = Callable[[int, int], None]
"""Called with (answered, all) of the questions in batches while waiting for them."""


def batches_of(provider: Provider) -> "Batches | None":
    """The provider's Batch API, or None if it has none."""
    make = getattr(provider, "batches", None)
    return make() if make else None


def need_batches(provider: Provider | None, judge: str) -> None:
    """Raises UsageError if `judge` cannot be asked in batches."""
    if provider is None or batches_of(provider) is None:
        raise UsageError(
            f"--batch: the judge {judge} has no Batch API. openai/MODEL and anthropic/MODEL have one; leave --batch out."
        )


class Desk:
    """One judge's batches in one folder, beside the calls that are made at once."""

    def __init__(
        self,
        provider: Provider,
        judge: str,
        calls: "Calls",
        *,
        plan: Batching,
        limits: Limits,
        price: Price | None,
        cap: float | None,
        on_batches: OnBatches,
    ) -> None:
        self.provider = provider
        self.judge = judge
        self.calls = calls
        self.plan = plan
        self.limits = limits
        self.price = price
        self.on_batches = on_batches
        self.batches = batches_of(provider)
        self.ledger = Ledger(beside(calls.path))
        self.budget = Budget(cap, calls.spent)
        self.budget.reserved = sum(batch.most or 0.0 for batch in self.ledger.under_way())

    async def run(self, jobs: "Callable[[], Iterable[Job]]") -> None:
        """Fetch, then walk the jobs, asking at once or in batches; with `wait` until all is done.

        `jobs` gives those still open, anew for each round. Raises StillUnderWay, BudgetSpent or MibenchError.
        """
        fetched = await self._fetch()
        self._need_prices()
        while True:
            asked = self._asker(fetched)
            await asked.run(jobs())
            self._stop_unless_worth_waiting(asked, fetched)
            if not asked.left_out:
                return
            while not (fetched := await self._fetch()).ended:
                self.on_batches(fetched.finished, fetched.total)
                await asyncio.sleep(self.plan.poll)

    async def _fetch(self) -> Fetched:
        """What has ended since the last time."""
        if self.batches is None or not self.ledger.under_way(self.provider.name):
            return Fetched()
        fetched = await Fetcher(
            self.batches, self.ledger, self.calls, self.provider.name,
            plan=self.plan, limits=self.limits, price=self.price, budget=self.budget,
        ).fetch()  # fmt: skip
        if fetched.faults and self.plan.send:  # asked at once, the questions show what is wrong themselves
            raise fetched.faults[0]
        return fetched

    def _asker(self, fetched: Fetched) -> Engine | Collector:
        if self.plan.send and self.batches:
            return Collector(
                self.batches, self.ledger, self._answered, self.provider.name, self.judge,
                plan=self.plan, limits=self.limits, price=self.price, budget=self.budget, full=bool(fetched.full),
            )  # fmt: skip
        return Engine(
            self.provider, self.calls.keep, self._answered,
            limits=self.limits, price=self.price, budget=self.budget, elsewhere=self.ledger.holds,
        )  # fmt: skip

    def _answered(self, key: str) -> Call | str | None:
        return self.calls.find(key) or self.ledger.refused.get(key)

    def _need_prices(self) -> None:
        unknown = [batch for batch in self.ledger.under_way() if batch.most is None]
        if self.budget.cap is not None and unknown:
            raise UsageError(
                f"--budget cannot be kept: the price of {unknown[0].provider} was unknown when a batch of {unknown[0].at[:16]} was "
                "sent, and it is still under way. Leave --budget out, or wait for that batch."
            )

    def _stop_unless_worth_waiting(self, asked: Engine | Collector, fetched: Fetched) -> None:
        spent = asked.spent if isinstance(asked, Collector) else None
        unsent = asked.unsent if isinstance(asked, Collector) else 0
        if not asked.left_out:
            if spent:
                raise spent
            if unsent and self.batches:
                raise MibenchError(
                    f"{self.batches.company} takes no batch of {self.plan.requests} questions: {fetched.full}. "
                    "Judge without --batch, or repeat the command when its queue has room."
                )
            return
        if not self.plan.wait:
            raise StillUnderWay(self._where(asked.left_out, unsent, spent is not None))

    def _where(self, keys: set[str], unsent: int, spent: bool) -> str:
        assert self.batches is not None
        held = self.ledger.batches_of(keys)
        doubtful = sum(batch.id is None for batch in held)
        said = f"{_count(len(held), 'batch', 'batches')} with {_count(len(keys), 'question')} {'is' if len(held) == 1 else 'are'}"
        said += f" with {self.batches.company}"
        if doubtful:
            said += f" (of {doubtful} it is not known yet whether it arrived)"
        said += "; the same command later fetches them."
        if unsent:
            room = f"the budget of ${self.budget.cap:.2f}" if spent else "room in its queue"
            said += f" {_count(unsent, 'more question')} {'waits' if unsent == 1 else 'wait'} for {room}."
        return said if self.plan.send else f"Everything else is asked. {said}"


def beside(calls: Path) -> Path:
    """Where the batches stand whose answers go into `calls`."""
    return calls.with_name("batches.jsonl")


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
