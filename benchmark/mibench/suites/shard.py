"""A part of a run for one of several processes: whole dialogues, dealt out in turn, the same to everyone who asks."""

import re
from typing import NamedTuple, Self

from mibench.errors import UsageError
from mibench.schema import Round
from mibench.suites.suite import Suite


class Shard(NamedTuple):
    """The `number`th of `of` parts; written `2/4`."""

    number: int
    """From 1."""
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The shard that `2/4` means. Raises UsageError if the text means none."""
        found = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise UsageError(f"“{text}” is no shard. Write I/N with I from 1 to N, e.g. 2/4 for the second of four.")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @property
    def folder(self) -> str:
        """Where in a run's folder this shard lies."""
        return f"shards/{self.number}-of-{self.of}"


def rounds_asked(suite: Suite, limit: int | None, shard: Shard | None = None) -> tuple[Round, ...]:
    """The first `limit` rounds of a suite; of these, those of the shard's dialogues."""
    rounds = suite.rounds[:limit]
    if shard is None:
        return rounds
    own = {dialogue.id for dialogue in suite.dialogues[shard.number - 1 :: shard.of]}
    return tuple(round_ for round_ in rounds if round_.dialogue.id in own)
