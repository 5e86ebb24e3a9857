"""What a judge is."""

from typing import Protocol

from mibench.schema import Occasion, Verdict


class Judge(Protocol):
    """Codes one reply by MITI; sees the occasion and the reply, never who spoke."""

    @property
    def name(self) -> str:
        """The name in ratings and tables."""

    @property
    def digest(self) -> str:
        """sha256 over everything that shapes the verdict."""

    def rate(self, occasion: Occasion, reply: str) -> Verdict:
        """The verdict on a reply; a reply that cannot be coded is unrated with a reason, never an exception."""
