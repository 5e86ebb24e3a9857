"""What a run folder holds: its manifest, the replies and the ratings."""

from typing import Any, Literal

from pydantic import Field

from mibench.schema.dialogue import Record, Utterance
from mibench.schema.miti import Code

ReplyStatus = Literal["ok", "empty", "spoke_for_client", "truncated", "control_characters", "over_long"]
"""First that holds, in this order after `ok`: nothing but white space; goes on as the client; cut at the token limit;
holds control or invisible characters; longer than 4,000 characters."""


class Reply(Record):
    """What a model said in one round, as it said it."""

    round: str
    """Round id, `<dialogue>/<number>`."""
    text: str
    """The reply, untouched; only lone surrogates, which no file can hold, are replaced by U+FFFD."""
    status: ReplyStatus
    """Whether something is odd about it."""
    finish_reason: Literal["stop", "length", "unknown"] = "unknown"
    """Why generation ended; `unknown` where the backend does not tell."""
    tokens_in: int | None = Field(default=None, ge=0)
    """Prompt tokens, where the backend has a tokenizer or reports usage."""
    tokens_out: int | None = Field(default=None, ge=0)
    """Tokens of the reply, likewise."""
    seconds: float = Field(ge=0)
    """Wall time; in a batch, the batch's time divided by its size."""


class Occasion(Record):
    """What a judge is told about the place a reply was spoken in: everything but who spoke it."""

    id: str
    """Round id, or the id of a contrast situation."""
    language: Literal["zh", "en"]
    change_goal: str
    """The behaviour to be changed."""
    history: tuple[tuple[Literal["client", "counsellor"], str], ...]
    """(speaker, words) from the start to the client's last turn."""
    asks_advice: bool = False
    """Whether the client's last turn asks what to do."""

    @property
    def client(self) -> str:
        """The client's last words."""
        return self.history[-1][1]


class Verdict(Record):
    """A judge's coding of one reply."""

    status: Literal["rated", "unrated"]
    """`unrated` is never a number: it lowers coverage."""
    reason: str | None = None
    """Why it is unrated, or what was left out of the rating."""
    utterances: tuple[Utterance, ...] = ()
    """The volley cut into utterances with their codes, where the judge works by utterance."""
    counts: dict[Code, float] = {}
    """Code → expected times it is given in this volley, 0–1 (MITI counts a code once a volley); absent codes are 0."""
    utterance_count: int = Field(default=0, ge=0)
    """Utterances in the volley."""
    raw: str | None = None
    """The judge's own answer, where it is a text."""
    tokens_in: int | None = Field(default=None, ge=0)
    tokens_out: int | None = Field(default=None, ge=0)
    cost: float | None = Field(default=None, ge=0)
    """US dollars; absent where no price is known, 0 for judges that run here."""


class Rating(Verdict):
    """A verdict with its place: one judge, one reply, one repeat."""

    judge: str
    """Judge name, e.g. `offline`."""
    judge_digest: str
    """sha256 over everything that shapes this judge's answer: a changed judge never reuses an old rating."""
    round: str
    """Round id."""
    reply_digest: str
    """sha256 of the reply's text: a changed reply is rated anew."""
    repeat: int = Field(default=0, ge=0)
    """Which repetition, from 0."""
    seconds: float = Field(default=0, ge=0)


class ModelIdentity(Record):
    """Which model answered, and how it was asked."""

    name: str
    """lm-eval model type or a counsellor that ships: `hf`, `vllm`, `reflector` …"""
    args: dict[str, Any] = {}
    """Arguments of the model, secrets left out."""
    revision: str
    """Immutable mark of the weights: a commit, a digest of the checkpoint's files, or the package version."""
    generation: dict[str, Any] = {}
    """Sampling settings: token limit, temperature …"""
    chat_template: Literal["applied", "plain-transcript"]
    """Whether the model's own template made the prompt, or a plain transcript did."""
    system: Literal["system-role", "in-first-user-turn"]
    """Where the counsellor prompt stands."""


class Manifest(Record):
    """`run.json`: everything that must be equal for two runs to be compared, and what else is worth knowing."""

    format: Literal[1] = 1
    suite: str
    """Suite name."""
    suite_digest: str
    """sha256 over all dialogues of the suite."""
    prompt_digest: str
    """sha256 over the counsellor prompt's template."""
    limit: int | None = None
    """Only the first N rounds were asked; absent for all."""
    model: ModelIdentity
    seed: int
    """Seed given to the model's sampler."""
    judges: dict[str, str] = {}
    """Judge name → judge digest."""
    digests: dict[str, str] = {}
    """Judge name → the comparability digest of the scores it gives."""
    created: str
    """ISO 8601, UTC."""
    versions: dict[str, str] = {}
    """Package → version, of what shaped the run."""
