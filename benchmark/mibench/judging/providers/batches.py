"""What a Batch API is: many questions sent at once, their answers fetched hours later, at a lower price."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from mibench.judging.providers.provider import Answer, Later, Question
from mibench.schema import Batch


class Unanswered(Later):
    """The connection broke: nobody can say whether the request was carried out."""


@dataclass(frozen=True)
class State:
    """How far a batch is."""

    ended: bool
    """Whether nothing more will be answered in it; its results can be fetched unless there is a `fault`."""
    total: int = 0
    finished: int = 0
    """Of `total` questions, as far as the provider tells before the end."""
    fault: str | None = None
    """Why the batch failed as a whole: none of its questions was asked."""
    full: bool = False
    """Whether it failed only because the provider's queue was full."""


class Lookup(NamedTuple):
    """Whether a batch that was about to be sent has arrived."""

    id: str | None
    """The provider's id, if it has."""
    sure: bool
    """False as long as another look is needed."""


class Batches(Protocol):
    """The Batch API of one model. Every method raises Later, Unanswered, Refused or Hopeless."""

    company: str
    """Whose it is, for messages."""
    most_requests: int
    """Questions a batch may hold."""
    most_bytes: int
    """Its size in bytes at most."""

    def request(self, question: Question) -> dict[str, Any]:
        """One question as it stands in a batch; its id there is the question's key."""

    async def submit(self, requests: Sequence[Mapping[str, Any]], mark: str) -> str:
        """Send a batch; returns the provider's id. Unanswered: it may have arrived."""

    async def find(self, batch: Batch, known: set[str]) -> Lookup:
        """Look for a batch of which only the intent is on disk; `known` are ids that belong to others."""

    async def state(self, id_: str) -> State:
        """How far the batch is."""

    def results(self, id_: str) -> AsyncIterator[tuple[str, Answer | Exception]]:
        """(key, answer or Refused, Later, Hopeless) of an ended batch, in any order."""
