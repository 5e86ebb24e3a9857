"""Many questions to one model: as many at a time as it bears, none paid twice, none lost, no more money than allowed."""

from mibench.judging.engine.budget import Budget, BudgetSpent
from mibench.judging.engine.engine import NO_ANSWER, Engine, Limits, call_record, pause
from mibench.judging.engine.prices import Price, price_of

__all__ = ["NO_ANSWER", "Budget", "BudgetSpent", "Engine", "Limits", "Price", "call_record", "pause", "price_of"]
