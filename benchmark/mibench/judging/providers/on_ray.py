"""A checkpoint on every worker of a Ray cluster, asked like one: the questions go to whoever has least to do."""

from functools import cached_property, partial
from typing import Any

from mibench.cluster import Pool, Workers
from mibench.errors import MibenchError
from mibench.judging.providers.provider import Answer, Gone, Hopeless, Later, Provider, Question, Refused


class RayProvider:
    """`hf/PATH` or `vllm/PATH` on workers; name and identity are those of the same provider in one process."""

    def __init__(self, spec: str, workers: Workers) -> None:
        self.spec = spec
        self.workers = workers
        self._one = _load(spec)

    @property
    def name(self) -> str:
        """As the user wrote it, without the path."""
        return self._one.name

    @property
    def identity(self) -> dict[str, Any]:
        """Where it runs shapes no answer."""
        return self._one.identity

    @property
    def weighs(self) -> bool:
        """As in one process."""
        return self._one.weighs

    @cached_property
    def _pool(self) -> Pool:
        build = partial(_Asker, self.spec)
        return Pool(build, self.workers, is_model=True, at_a_time=2 * self._one.concurrency)

    @property
    def concurrency(self) -> int:
        """Twice what one is worth for each worker: the next question lies there before the last is answered."""
        return 2 * self._one.concurrency * len(self._pool)

    def open(self) -> None:
        """Start the workers."""
        _ = self._pool

    async def ask(self, question: Question) -> Answer:
        """The answer of one worker."""
        try:
            answer: Answer | Exception = await self._pool.ask("ask", question)
        except MibenchError as error:
            raise Gone(str(error)) from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        """Let the workers go."""
        pool = self.__dict__.pop("_pool", None)
        if pool is not None:
            pool.close()


class _Asker:
    """The provider on a worker; its failures travel back as values."""

    def __init__(self, spec: str) -> None:
        self.provider = _load(spec)

    async def ask(self, question: Question) -> Answer | Exception:
        try:
            return await self.provider.ask(question)
        except (Later, Refused, Hopeless) as failure:
            return failure


def _load(spec: str) -> Provider:
    from mibench.judging.providers.registry import load_provider

    return load_provider(spec)
