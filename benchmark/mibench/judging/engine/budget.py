"""A hard cap on a run's money: what a call can cost at most is reserved before it is sent."""

from mibench.errors import MibenchError


class BudgetSpent(MibenchError):
    """The next call could pass the cap; everything finished is kept."""

    exit_code = 3


class Budget:
    """Dollars spent and reserved; `cap` None is no cap."""

    def __init__(self, cap: float | None, spent: float = 0.0) -> None:
        self.cap = cap
        self.spent = spent
        self.reserved = 0.0

    def reserve(self, most: float) -> None:
        """Set aside what a call can cost at most. Raises BudgetSpent if that could pass the cap."""
        if self.cap is not None and self.spent + self.reserved + most > self.cap + 1e-12:
            raise BudgetSpent(
                f"The budget of ${self.cap:.2f} could be passed: ${self.spent:.4f} is spent"
                + (f", ${self.reserved:.4f} set aside for calls under way" if self.reserved else "")
                + ". Everything answered is kept; raise --budget and repeat the command to go on."
            )
        self.reserved += most

    def settle(self, most: float, cost: float | None) -> None:
        """Turn a reservation into what the call did cost; None gives it back whole."""
        self.reserved = max(0.0, self.reserved - most)
        self.spent += cost or 0.0
