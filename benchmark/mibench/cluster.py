"""Workers on a Ray cluster: each builds one thing once and keeps it, such as a model on its card.

A worker that dies is started anew, builds its thing again and does again what it had not answered; this process alone
writes what comes back, so nothing is lost and nothing comes twice.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mibench.errors import MibenchError, MissingExtra, UsageError

LIVES = 3
"""Times that a worker is started anew before the run stops."""

AHEAD = 2
"""Tasks that lie with a worker, so that it never waits for the next."""


@dataclass(frozen=True)
class Workers:
    """How many workers, and what each has to itself."""

    count: int | None = None
    """None is one a GPU of the cluster; where there is none, one a machine for models, one a core for all else."""
    gpus: float | None = None
    """GPUs of each; None is one for models where the cluster has any."""


@dataclass(frozen=True)
class _Failed:
    """What a person can mend, on its way back from a worker."""

    text: str
    wrong_usage: bool


class _Worker:
    """Lives in a process of its own, anywhere on the cluster."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self.build = build
        self.thing: Any = None

    def do(self, method: str, *args: Any) -> Any:
        """What the thing's method returns."""
        try:
            return getattr(self._built(), method)(*args)
        except MibenchError as error:
            return _Failed(str(error), error.exit_code == 2)

    def _built(self) -> Any:
        if self.thing is None:
            self.thing = self.build()
        return self.thing


class _AsyncWorker(_Worker):
    """The same for things that do many tasks at a time."""

    async def do(self, method: str, *args: Any) -> Any:
        """What the thing's method returns."""
        try:
            return await getattr(self._built(), method)(*args)
        except MibenchError as error:
            return _Failed(str(error), error.exit_code == 2)


class Pool:
    """Workers that have each built the same thing.

    `at_a_time`: tasks of one worker at a time, for things whose methods are coroutines; None for plain methods. Raises
    MissingExtra without Ray; UsageError where the cluster cannot be reached or has no room.
    """

    def __init__(
        self, build: Callable[[], Any], workers: Workers, *, is_model: bool, at_a_time: int | None = None
    ) -> None:
        self._ray = _connected()
        count, resources = _share(self._ray, workers, is_model=is_model)
        how = {"max_restarts": LIVES, "max_task_retries": LIVES, **resources}
        if at_a_time:
            how["max_concurrency"] = at_a_time
        kind = self._ray.remote(_AsyncWorker if at_a_time else _Worker).options(**how)
        self._workers = [kind.remote(build) for _ in range(count)]
        self._busy = [0] * count

    def __len__(self) -> int:
        return len(self._workers)

    def call(self, method: str, *args: Any) -> Any:
        """What the method returns on one worker."""
        return self._get(self._workers[0].do.remote(method, *args))

    def map(self, method: str, items: Sequence[Any]) -> Iterator[Any]:
        """What the method returns for each item, as they are done: in no order."""
        waiting = iter(items)
        pending: dict[Any, Any] = {}

        def send(worker: Any) -> None:
            for item in islice(waiting, 1):
                pending[worker.do.remote(method, item)] = worker

        for worker in self._workers * AHEAD:
            send(worker)
        while pending:
            done = self._ray.wait(list(pending))[0][0]
            worker = pending.pop(done)
            send(worker)
            yield self._get(done)

    async def ask(self, method: str, item: Any) -> Any:
        """What the method, a coroutine, returns on the worker that has least to do."""
        place = min(range(len(self._workers)), key=self._busy.__getitem__)
        self._busy[place] += 1
        try:
            return _told(await self._workers[place].do.remote(method, item))
        except self._ray.exceptions.RayActorError as error:
            raise _died(error) from None
        finally:
            self._busy[place] -= 1

    def _get(self, reference: Any) -> Any:
        try:
            return _told(self._ray.get(reference))
        except self._ray.exceptions.RayActorError as error:
            raise _died(error) from None

    def close(self) -> None:
        """Let the workers go; a cluster that was started here ends with this process."""
        for worker in self._workers:
            self._ray.kill(worker)
        self._workers = []


def _told(answer: Any) -> Any:
    if isinstance(answer, _Failed):
        raise UsageError(answer.text) if answer.wrong_usage else MibenchError(answer.text)
    return answer


def _died(error: Exception) -> MibenchError:
    said = " ".join(str(error).split())[:200]
    return MibenchError(
        f"A worker died {LIVES + 1} times, too often to go on: {said} Finished work is kept; repeat the command to go on."
    )


def _connected() -> Any:
    """Ray, connected to the cluster at RAY_ADDRESS, or to one started here."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing here tells anyone anything
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # Ray's coming habit, without its warning
    try:
        import ray
    except ImportError as error:
        raise MissingExtra("--engine ray", "ray") from error
    if ray.is_initialized():
        return ray
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    address = os.environ.get("RAY_ADDRESS", "")
    if place := re.fullmatch(r"(?:ray://)?([^:/]+):(\d+)", address):
        _check_reachable(address, place[1], int(place[2]))
    here = {"include_dashboard": False, "_node_ip_address": "127.0.0.1", "object_store_memory": 200 * 2**20}
    try:
        ray.init(**quiet, **({} if address else here))
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        said = " ".join(str(error).split())[:200]
        raise UsageError(f"No Ray cluster {address or 'on this machine'}: {said}") from error
    return ray


def _check_reachable(address: str, host: str, port: int) -> None:
    """Ask before Ray does: it tries for minutes, and then ends the process."""
    import socket

    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError as error:
        raise UsageError(f"No Ray cluster {address} (RAY_ADDRESS): {error.strerror or error}.") from error


def _share(ray: Any, workers: Workers, *, is_model: bool) -> tuple[int, dict[str, Any]]:
    """How many workers, and what of the cluster each gets."""
    has = ray.cluster_resources()
    gpus, cpus, nodes = has.get("GPU", 0.0), has.get("CPU", 1.0), len([n for n in ray.nodes() if n["Alive"]])
    each = workers.gpus if workers.gpus is not None else float(is_model and gpus > 0)
    if each > gpus:
        raise UsageError(f"Each worker wants {each:g} GPUs; the cluster has {gpus:g}.")
    count = workers.count or int(gpus // each if each else nodes if is_model else cpus)
    if each and count * each > gpus:
        raise UsageError(f"{count} workers of {each:g} GPUs do not fit a cluster of {gpus:g}.")
    return max(1, count), {"num_gpus": each, "num_cpus": min(1.0, cpus / max(1, count))}
