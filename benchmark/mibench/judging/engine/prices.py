"""What tokens cost: a dated table with its sources, which users can override. An unknown price is said, never guessed."""

from pathlib import Path

from pydantic import Field

from mibench.content import room
from mibench.errors import BadRecord
from mibench.judging.providers import Answer, Question
from mibench.schema import Record


class Price(Record):
    """US dollars for a million tokens of one model."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cached_input: float | None = Field(default=None, ge=0)
    """Prompt tokens read from the provider's cache; absent: as `input`."""
    cache_write: float | None = Field(default=None, ge=0)
    """Prompt tokens written to the provider's cache; absent: as `input`."""
    batch: float = Field(default=1.0, ge=0, le=1)
    """Share of the price that a batch costs."""
    as_of: str
    """Date of the price, ISO."""
    source: str
    """Where it was read."""

    def of(self, answer: Answer, *, batch: bool = False) -> float:
        """Dollars for one answer."""
        fresh = answer.tokens_in - answer.tokens_cached - answer.tokens_written
        cached = self.input if self.cached_input is None else self.cached_input
        written = self.input if self.cache_write is None else self.cache_write
        prompt = fresh * self.input + answer.tokens_cached * cached + answer.tokens_written * written
        dollars = (prompt + answer.tokens_out * self.output) / 1e6
        return dollars * (self.batch if batch else 1.0)

    def at_most(self, question: Question) -> float:
        """The most that one question can cost: nothing read from a cache, the longest answer."""
        dearest = max(self.input, self.cache_write or 0.0)
        return (question.rough_tokens * dearest + question.longest_answer * self.output) / 1e6


FREE = Price(input=0, output=0, as_of="always", source="runs here")


def price_of(provider_model: str, overrides: Path | None = None) -> Price | None:
    """The price of `provider/model`: from `overrides` (YAML like judges/prices.yaml) if it has it, else from the table.

    None if neither knows it; models that run here are free. A dated name falls back to the name it is a date of.
    """
    if provider_model.partition("/")[0] in ("hf", "vllm", "scripted"):
        return FREE
    tables = [_table(path) for path in (overrides, room("judges") / "prices.yaml") if path]
    names = [
        name for table in tables for name in table if provider_model == name or provider_model.startswith(f"{name}-20")
    ]
    if not names:
        return None
    best = max(names, key=len)
    return next(table[best] for table in tables if best in table)


def _table(path: Path) -> dict[str, Price]:
    import yaml
    from pydantic import ValidationError

    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return {name: Price.model_validate(entry) for name, entry in found.items()}
    except (OSError, yaml.YAMLError, ValidationError, AttributeError) as error:
        raise BadRecord(path, 1, f"no price table: {str(error).splitlines()[0]}") from error
