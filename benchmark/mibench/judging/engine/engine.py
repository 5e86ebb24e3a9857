"""Put questions to a provider and hand each answer on once it is on disk.

A question that can succeed later is asked again after a pause that doubles, with jitter, or that the server names; one
that cannot is unrated with the server's reason. When nothing succeeds any more the run stops with a sentence.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from mibench.errors import MibenchError
from mibench.judging.engine.budget import Budget, BudgetSpent
from mibench.judging.engine.prices import Price
from mibench.judging.engine.window import PerMinute, Window
from mibench.judging.providers import Answer, Hopeless, Later, Provider, Question, Refused
from mibench.schema import Call


@dataclass(frozen=True)
class Limits:
    """How hard to press."""

    concurrency: int | None = None
    """Calls in flight at most; None as many as the provider is worth."""
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    attempts: int = 8
    """Tries of one question before it is unrated."""
    longest_pause: float = 60.0
    """Seconds between two tries at most, unless the server asks for more."""
    breaker: int = 40
    """Failures in a row, over all questions and with no success between, after which the run can stop …"""
    patience: float = 30.0
    """… once they have gone on for so many seconds: one hiccup fails all calls in flight. Four times as long for a server
    that is merely busy."""


NO_ANSWER = "no answer after"
"""How a reason begins that a later run may overcome: the question is asked again then."""

HEAD_START = 0.5
"""Seconds that the first call is given before the second and third follow: a wrong key is refused sooner."""

Job = tuple[Question, Callable[[Call | str], Awaitable[Question | None]]]
"""A question, and what to do with its call or the reason there is none; returns a follow-up question or None."""


class Engine:
    """Asks one provider; `keep` puts a call on disk before anything is done with it.

    `elsewhere` tells of a key whether its answer is on its way already: it is left out.
    """

    def __init__(
        self,
        provider: Provider,
        keep: Callable[[Call], None],
        answered: Callable[[str], Call | str | None],
        *,
        limits: Limits | None = None,
        price: Price | None = None,
        budget: Budget | None = None,
        rng: random.Random | None = None,
        elsewhere: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.provider = provider
        self.keep = keep
        self.answered = answered
        self.limits = limits or Limits()
        self.price = price
        self.budget = budget or Budget(None)
        self.rng = rng or random.Random()  # noqa: S311 - jitter
        self.window = Window(self.limits.concurrency or provider.concurrency)
        self.requests = PerMinute(self.limits.requests_per_minute)
        self.tokens = PerMinute(self.limits.tokens_per_minute)
        self.failures_in_a_row = 0
        self.failing_since = 0.0
        self.merely_busy = False
        self.calls_made = 0
        self.elsewhere = elsewhere
        self.left_out: set[str] = set()
        """Keys of questions that are answered elsewhere."""

    async def run(self, jobs: Iterable[Job]) -> None:
        """Do all jobs; the rest only once the first three are done, and the second and third after a head start.

        So a wrong key or model, which is refused at once, costs one call, and a model that cannot do the work three.
        Raises Hopeless as MibenchError, BudgetSpent once the calls under way are done, or what a job raises.
        """
        source = iter(jobs)
        trial = list(islice(source, 3))
        if not trial:
            return
        if self.answered(trial[0][0].key) is None:
            self.provider.open()
        first = asyncio.create_task(self._guarded(trial[0], first=True))
        await asyncio.wait({first}, timeout=HEAD_START)
        if first.done():
            first.result()
        await _all([first, *(asyncio.create_task(self._guarded(job)) for job in trial[1:])])
        stop: list[BaseException] = []
        await _all([asyncio.create_task(self._work(source, stop)) for _ in range(self.window.most)])
        if stop:
            raise stop[0]

    async def _work(self, source: Iterator[Job], stop: list[BaseException]) -> None:
        while not stop:
            job = next(source, None)
            if job is None:
                return
            try:
                await self._guarded(job)
            except BudgetSpent as spent:  # let the calls under way end: they are paid for
                stop.append(spent)
                return

    async def _guarded(self, job: Job, *, first: bool = False) -> None:
        try:
            question: Question | None
            question, use = job
            while question is not None:
                if self.elsewhere(question.key):
                    self.left_out.add(question.key)
                    return
                question = await use(await self._answer(question, first=first))
        except Hopeless as error:
            raise MibenchError(f"The judge cannot go on: {error} Everything answered is kept.") from None

    async def _answer(self, question: Question, *, first: bool) -> Call | str:
        """The call from disk or a new one; or the reason there is none.

        The first question, if it fails four times, with a server that is not merely busy, stops the run.
        """
        known = self.answered(question.key)
        if known is not None:
            return known
        why = ""
        for attempt in range(self.limits.attempts):
            try:
                return await self._call(question)
            except Refused as refusal:
                return str(refusal)
            except Later as later:
                why = str(later)
                self._count_failure(later)
                if later.crowded:
                    self.window.crowded(later.seconds)
                elif first and attempt == 3:
                    raise Hopeless(
                        f"{self.provider.name} does not answer: {why}. Check the address and whether it runs."
                    ) from None
                if attempt + 1 < self.limits.attempts:
                    await asyncio.sleep(pause(attempt, later.seconds, self.limits.longest_pause, self.rng))
        return f"{NO_ANSWER} {self.limits.attempts} tries, last: {why}"

    async def _call(self, question: Question) -> Call:
        most = self.price.at_most(question) if self.price else 0.0
        await self.requests.take(1)
        await self.tokens.take(question.rough_tokens + question.longest_answer)
        await self.window.enter()
        cost: float | None = None
        try:
            self.budget.reserve(most)
            try:
                start = time.perf_counter()
                self.calls_made += 1
                answer = await self.provider.ask(question)
                cost = self.price.of(answer) if self.price else None
                call = call_record(question.key, question.subject, answer, cost, time.perf_counter() - start)
                self.keep(call)
            finally:
                self.budget.settle(most, cost)
        finally:
            self.window.leave()
        self.failures_in_a_row = 0
        self.window.went_well()
        return call

    def _count_failure(self, later: Later) -> None:
        now = time.monotonic()
        if not self.failures_in_a_row:
            self.failing_since, self.merely_busy = now, False
        self.failures_in_a_row += 1
        self.merely_busy |= later.crowded
        lasted = now - self.failing_since
        patience = self.limits.patience * (4 if self.merely_busy else 1)
        if self.failures_in_a_row >= self.limits.breaker and lasted >= patience:
            raise Hopeless(
                f"{self.failures_in_a_row} calls in a row failed, for {lasted:.0f} s, the last with: {later}. "
                "Repeat the command when it is back."
            )


def pause(attempt: int, asked: float | None, longest: float, rng: random.Random) -> float:
    """Seconds before the next try: what the server asked for, or a pause that doubles, with jitter."""
    if asked is not None:
        return asked + rng.random() * min(1.0, asked * 0.1 + 0.05)
    return rng.uniform(0.5, 1.0) * min(longest, 0.5 * 2.0**attempt)


async def _all(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait for all; when one fails, cancel the others and raise its error."""
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def call_record(key: str, subject: str, answer: Answer, cost: float | None, seconds: float) -> Call:
    """An answer as it is kept."""
    return Call(
        key=key,
        subject=subject,
        text=answer.text,
        finish=answer.finish,
        tokens_in=answer.tokens_in,
        tokens_cached=answer.tokens_cached,
        tokens_out=answer.tokens_out,
        cost=cost,
        seconds=round(seconds, 4),
    )
