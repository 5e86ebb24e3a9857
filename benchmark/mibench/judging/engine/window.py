"""How many calls may be in flight: one more for each round of successes, half as many when the server is crowded.

Additive increase, multiplicative decrease, as TCP does it; and buckets for limits a minute.
"""

import asyncio
import time
from collections import deque


class Window:
    """A semaphore whose size adapts between 1 and `most`."""

    def __init__(self, most: int, start: int | None = None) -> None:
        self.most = most
        self.size = float(min(most, start or most))
        self.in_flight = 0
        self._resting_until = 0.0
        self._halved_at = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        """Wait for a place, and for the end of a rest the server asked for."""
        while True:
            rest = self._resting_until - time.monotonic()
            if rest > 0:
                await asyncio.sleep(rest)
            elif self.in_flight < int(self.size):
                self.in_flight += 1
                return
            else:
                turn = asyncio.get_running_loop().create_future()
                self._waiting.append(turn)
                try:
                    await turn
                finally:
                    if turn in self._waiting:
                        self._waiting.remove(turn)

    def leave(self) -> None:
        """Give the place back."""
        self.in_flight -= 1
        self._wake()

    def went_well(self) -> None:
        """A call succeeded."""
        self.size = min(self.most, self.size + 1 / max(1.0, self.size))
        self._wake()

    def crowded(self, rest: float | None) -> None:
        """The server is overloaded or limits the rate: halve, once for calls of one moment, and rest as long as it asks."""
        now = time.monotonic()
        if now - self._halved_at > 1.0:
            self._halved_at = now
            self.size = max(1.0, self.size / 2)
        if rest:
            self._resting_until = max(self._resting_until, now + rest)

    def _wake(self) -> None:
        free = int(self.size) - self.in_flight
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1


class PerMinute:
    """At most `limit` units in any minute; None is no limit."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self._free = float(limit or 0)
        self._at = time.monotonic()
        self._lock = asyncio.Lock()

    async def take(self, units: int) -> None:
        """Wait until `units` are free; more than a whole minute's worth is taken as a minute's worth."""
        if self.limit is None:
            return
        units = min(units, self.limit)
        async with self._lock:
            self._refill()
            if self._free < units:
                await asyncio.sleep((units - self._free) * 60 / self.limit)
                self._refill()
            self._free -= units

    def _refill(self) -> None:
        assert self.limit is not None
        now = time.monotonic()
        self._free = min(float(self.limit), self._free + (now - self._at) * self.limit / 60)
        self._at = now
