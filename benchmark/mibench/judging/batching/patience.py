"""Try what can succeed later again, with the pauses of the engine."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mibench.errors import MibenchError
from mibench.judging.engine import Limits, pause
from mibench.judging.providers import Hopeless, Later, Refused

T = TypeVar("T")


async def patiently(attempt: Callable[[], Awaitable[T]], limits: Limits, name: str) -> T:
    """What `attempt` returns, in one of `limits.attempts` tries. Raises MibenchError when it is no use."""
    rng = random.Random()  # noqa: S311 - jitter
    why, seconds = "", 0.0
    for number in range(limits.attempts):
        await asyncio.sleep(seconds)
        try:
            return await attempt()
        except Later as later:
            why = str(later)
            seconds = pause(number, later.seconds, limits.longest_pause, rng)
        except (Hopeless, Refused) as error:
            raise useless(error) from None
    raise MibenchError(
        f"{name} does not answer: {why}. Everything answered is kept; repeat the command when it is back."
    )


def useless(error: Exception) -> MibenchError:
    """What a person is told when a provider will not do what is asked."""
    return MibenchError(f"The judge cannot go on: {error} Everything answered is kept.")
