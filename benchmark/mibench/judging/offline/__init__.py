"""The offline judge: a trained coder that needs no network, no key and no torch."""

from mibench.judging.offline.judge import OfflineJudge

__all__ = ["OfflineJudge"]
