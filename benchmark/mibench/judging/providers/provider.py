"""What a provider is: one question in, one answer out, and four ways to fail.

Later      the same question may succeed later: rate limit, overload, time-out, dropped connection
Refused    this question will never succeed, others may: too long, content refused by the server
Hopeless   no question will succeed: wrong key, wrong model, wrong address
Gone       the server went away for good in the middle of a run
"""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True)
class Question:
    """One call to a judging model."""

    key: str
    """What is never paid twice; see `schema.Call.key`."""
    subject: str
    """Round or dialogue id."""
    system: str
    """The rubric: the same for all questions of a prompt, so that providers can cache it."""
    user: str
    """The dialogue and what is to be judged."""
    schema: dict[str, Any]
    """JSON schema of the answer."""
    turns: tuple[tuple[Literal["assistant", "user"], str], ...] = ()
    """What followed: an answer that did not fit, and what was wrong with it."""
    sampling: dict[str, Any] = field(default_factory=dict)
    """`temperature`, `max_tokens`."""
    options: tuple[str, ...] = ()
    """Words of which the answer is one; if there are any, no text is wanted but the probability of each (`weighing.py`)."""

    @property
    def longest_answer(self) -> int:
        """Most tokens the answer may have."""
        return int(self.sampling.get("max_tokens", 1000))

    @property
    def rough_tokens(self) -> int:
        """Prompt tokens, estimated from above: a token a Chinese character, one for three Latin ones.

        By bytes, for this is asked before every call: UTF-8 has three for a Chinese character, one for a Latin one.
        """
        text = self.system + self.user + "".join(words for _, words in self.turns)
        wide = (len(text.encode("utf-8", "surrogatepass")) - len(text)) // 2
        return wide + max(0, len(text) - wide) // 3 + 20


@dataclass(frozen=True)
class Answer:
    """What came back."""

    text: str
    finish: Literal["stop", "length", "refused"] = "stop"
    tokens_in: int = 0
    tokens_cached: int = 0
    """Of these, read from the provider's cache."""
    tokens_written: int = 0
    """Of these, written to it."""
    tokens_out: int = 0


class Later(Exception):
    """Try again, not before `seconds` if the server said so."""

    def __init__(self, why: str, seconds: float | None = None, *, crowded: bool = False) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.crowded = crowded
        """Whether the server is overloaded or limits the rate: fewer calls at a time would help."""


class Refused(Exception):
    """This question will never be answered."""


class Hopeless(Exception):
    """No question will be answered; the text says what to change."""


class Gone(Hopeless):
    """The server is no longer there."""


class Provider(Protocol):
    """Asks one model."""

    @property
    def name(self) -> str:
        """`provider/model`, as the user wrote it."""

    @property
    def identity(self) -> dict[str, Any]:
        """Everything that shapes its answers, without secrets."""

    @property
    def concurrency(self) -> int:
        """Calls worth having in flight at a time."""

    @property
    def weighs(self) -> bool:
        """Whether it tells the probabilities of a question's options."""

    def open(self) -> None:
        """Get ready where that is slow and costs nothing, so that the first call is timed by itself."""

    async def ask(self, question: Question) -> Answer:
        """The answer. Raises Later, Refused or Hopeless."""

    async def close(self) -> None:
        """Let go of connections."""
