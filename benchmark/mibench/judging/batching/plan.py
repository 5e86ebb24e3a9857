"""What a user can say about batches, and what a user is told."""

from dataclasses import dataclass

from mibench.errors import MibenchError


class StillUnderWay(MibenchError):
    """Questions are in batches that have not ended; the same command goes on later."""

    exit_code = 3


@dataclass(frozen=True)
class Batching:
    """Whether and how questions go out in batches. Batches sent earlier are fetched in any case."""

    send: bool = False
    """Send what is not answered in batches, instead of asking it now."""
    wait: bool = False
    """Stay until every batch has ended, instead of coming back later."""
    poll: float = 30.0
    """Seconds between two looks while waiting."""
    requests: int = 250
    """Questions in a batch at most: small enough for the queue that the smallest accounts have."""
    bytes: int = 50_000_000
    """Size of a batch at most; no more than one batch is held in memory."""
    tries: int = 4
    """Batches that a question may fail in before it is unrated."""
    grace: float = 60.0
    """Seconds after which a batch that was cut off while being sent, and is not there, never arrived."""
