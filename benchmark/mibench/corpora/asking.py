"""What this room needs of a model and of a judge; whoever calls it brings both, so it knows neither engine nor judges."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from mibench.schema import Call, Occasion, Verdict


class Asked(NamedTuple):
    """One question to a model."""

    key: str
    """sha256 of all that shapes the answer: what is never paid twice."""
    subject: str
    """Id of the dialogue."""
    system: str
    user: str
    schema: dict[str, Any]
    """JSON schema of the answer."""
    sampling: Mapping[str, Any]
    turns: tuple[tuple[Literal["assistant", "user"], str], ...] = ()
    """What followed: an answer that did not do, and why."""


AskAll = Callable[[str, Sequence[Asked]], Mapping[str, Call | str]]
"""Called with (what this is for progress, questions); returns key → the answer, or why there is none."""


class Model(NamedTuple):
    """A model that can be asked."""

    name: str
    """`provider/model`."""
    digest: str
    """sha256 of all that shapes its answers."""
    ask_all: AskAll
    in_batches: bool = False
    """Whether answers come in batches, hours later."""


class Coder(NamedTuple):
    """A judge that codes replies by MITI."""

    name: str
    digest: str
    code: Callable[[Sequence[tuple[Occasion, str]]], Sequence[Verdict]]
    """(occasion, reply) → verdict, in order."""
