"""The questions that the engine asks one by one, sent in batches at a lower price and fetched later, killed or not."""

from mibench.judging.batching.desk import Desk
from mibench.judging.batching.plan import Batching, StillUnderWay

__all__ = ["Batching", "Desk", "StillUnderWay"]
