"""Any questions to any provider, for rooms that ask models something else than judgements: never paid twice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from mibench.judging.batching import Desk
from mibench.judging.batching.desk import OnBatches, need_batches
from mibench.judging.engine.engine import Job
from mibench.judging.prompted.calls import Calls
from mibench.judging.prompted.stage import Means
from mibench.judging.providers import Provider, Question
from mibench.judging.stage import JudgeSettings, means_of
from mibench.records import digest_of
from mibench.schema import Call

OnAnswer = Callable[[int, int, float], None]
"""Called with (answered, total, dollars that these answers have cost) after each answer."""


def ask_all(
    provider: Provider,
    questions: Sequence[Question],
    calls: Path,
    settings: JudgeSettings,
    on_answer: OnAnswer = lambda *_: None,
    on_batches: OnBatches = lambda *_: None,
) -> dict[str, Call | str]:
    """Key → the answer, or why there is none; answers already in the file `calls` are not asked for again.

    Raises MibenchError when the provider cannot go on, BudgetSpent at the cap, StillUnderWay when questions are in
    batches that have not ended; answers are kept.
    """
    found: dict[str, Call | str] = {}
    dollars = 0.0

    def jobs() -> Iterator[Job]:
        return ((question, use(question)) for question in questions if question.key not in found)

    def use(question: Question) -> Callable[[Call | str], Awaitable[Question | None]]:
        async def keep(answer: Call | str) -> None:
            nonlocal dollars
            found[question.key] = answer
            dollars += (answer.cost or 0.0) if isinstance(answer, Call) else 0.0
            on_answer(len(found), len(questions), dollars)

        return keep

    if settings.batching.send:
        need_batches(provider, provider.name)
    means = means_of(provider.name, settings, on_batches)
    on_answer(0, len(questions), 0.0)
    asyncio.run(_ask(provider, calls, means, jobs))
    return found


async def _ask(provider: Provider, path: Path, means: Means, jobs: Callable[[], Iterator[Job]]) -> None:
    with Calls(path) as calls:
        desk = Desk(
            provider, digest_of(provider.identity), calls,
            plan=means.batching, limits=means.limits, price=means.price, cap=means.budget, on_batches=means.on_batches,
        )  # fmt: skip
        try:
            await desk.run(jobs)
        finally:
            await provider.close()
