"""What a run folder holds: its manifest, the replies and the ratings."""

from typing import Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict  # typing.TypedDict will do from Python 3.12 on

from mibench.schema.canary import CanaryMark
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
    """(speaker, words) from the start to the turn before the reply; empty where the counsellor opens."""
    asks_advice: bool = False
    """Whether the client's last turn asks what to do."""
    risk: str | None = None
    """The danger in the client's last turn, for judges of safety."""

    @property
    def client(self) -> str:
        """The client's last words; empty where the client has not spoken yet."""
        return next((words for speaker, words in reversed(self.history) if speaker == "client"), "")


class Evidence(Record):
    """Words a judgement rests on."""

    label: str
    """A MITI code, or what the words speak for."""
    quote: str
    """The words, found in what was judged; white space may differ."""


class Verdict(Record):
    """A judge's judgement of one reply or one dialogue."""

    status: Literal["rated", "unrated"]
    """`unrated` is never a number: it lowers coverage."""
    reason: str | None = None
    """Why it is unrated, or what was left out of the rating."""
    utterances: tuple[Utterance, ...] = ()
    """The volley cut into utterances with their codes, where the judge works by utterance."""
    counts: dict[Code, float] = {}
    """Code → expected times it is given in this volley, 0–1 (MITI counts a code once a volley); absent codes are 0."""
    utterance_count: int = Field(default=0, ge=0)
    """Utterances in the volley; sentences, where the judge does not cut it."""
    added_meaning: str | None = None
    """What a reflection says that the client had not, in the judge's words."""
    depth: float | None = Field(default=None, ge=0, le=100)
    """How far a reflection goes beyond the client's words, 0–100."""
    evidence: tuple[Evidence, ...] = ()
    """The words the judgement rests on."""
    globals: dict[str, float] = {}
    """MITI global → rating, 1–5; for whole dialogues."""
    safety: dict[str, bool] = {}
    """noticed, responded, directed, worsened → yes or no; for rounds with a risk."""
    tokens_in: int | None = Field(default=None, ge=0)
    """Prompt tokens of all its calls."""
    tokens_out: int | None = Field(default=None, ge=0)
    """Tokens of all its answers, repair included."""
    cost: float | None = Field(default=None, ge=0)
    """US dollars; absent where no price is known, 0 for judges that run here."""


class Rating(Verdict):
    """A verdict with its place: one judge, one reply, one repeat."""

    judge: str
    """Judge name, e.g. `offline`."""
    judge_digest: str
    """sha256 over everything that shapes this judge's answer: a changed judge never reuses an old rating."""
    subject: str
    """Round id, or dialogue id where a whole dialogue is rated."""
    reply_digest: str
    """sha256 of the reply's text, or of all replies of the dialogue: a changed reply is rated anew."""
    repeat: int = Field(default=0, ge=0)
    """Which repetition, from 0."""
    seconds: float = Field(default=0, ge=0)


class RatingKey(TypedDict):
    """What of a rating tells which one it is: all that is read of a million lines before a run goes on."""

    judge_digest: str
    subject: str
    reply_digest: str
    repeat: NotRequired[int]
    reason: NotRequired[str | None]


class RatingNumbers(RatingKey):
    """What of a rating scores are made of: read without its words, which are most of its line."""

    status: Literal["rated", "unrated"]
    counts: NotRequired[dict[Code, float]]
    utterance_count: NotRequired[int]
    globals: NotRequired[dict[str, float]]
    safety: NotRequired[dict[str, bool]]
    cost: NotRequired[float | None]
    seconds: NotRequired[float]


class Call(Record):
    """One answered question to a model that judges; on disk before anything is read from it."""

    key: str
    """sha256 over judge digest, reply digest, repeat, prompt and attempt: what is never paid twice."""
    subject: str
    """Round or dialogue id."""
    text: str
    """The model's answer, untouched."""
    finish: Literal["stop", "length", "refused"]
    """Why it ended."""
    tokens_in: int = Field(default=0, ge=0)
    tokens_cached: int = Field(default=0, ge=0)
    """Prompt tokens the provider read from its cache; part of `tokens_in`."""
    tokens_out: int = Field(default=0, ge=0)
    cost: float | None = Field(default=None, ge=0)
    """US dollars at the price table; absent where the price is unknown."""
    seconds: float = Field(default=0, ge=0)


class CallKey(TypedDict):
    """What of a call is kept in memory: its place is found by the key, its cost counts towards the budget."""

    key: str
    cost: NotRequired[float | None]


class Batch(Record):
    """A line of `batches.jsonl`: what happened to one batch of questions to a model that judges."""

    mark: str
    """sha256, the same in all lines of one batch; where the provider takes metadata it stands there too."""
    event: Literal["intended", "sent", "fetched", "failed", "lost"]
    """intended: about to be sent, on disk before that; sent: the provider gave it an id; fetched: its answers are in
    calls.jsonl; failed: the provider refused it as a whole; lost: it never arrived."""
    at: str
    """ISO 8601, UTC."""
    provider: str
    """`provider/model`."""
    judge: str
    """sha256 of the judge whose questions they are."""
    id: str | None = None
    """The provider's id, once there is one."""
    questions: dict[str, str] = {}
    """Call key → round or dialogue id of each question; where `intended`."""
    most: float | None = Field(default=None, ge=0)
    """US dollars that it can cost at most; where `intended`, absent if the price is unknown."""
    refused: dict[str, str] = {}
    """Call key → reason of questions that will never be answered; where `fetched`."""
    failed: dict[str, str] = {}
    """Call key → reason of questions that may be answered another time; where `fetched`."""


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
    shard: str | None = None
    """Which part of the run lies here, `2/4` for the second of four; absent for a whole run."""
    model: ModelIdentity
    seed: int
    """Seed given to the model's sampler."""
    judges: dict[str, str] = {}
    """Judge name → judge digest."""
    digests: dict[str, str] = {}
    """Judge name → the comparability digest of the scores it gives."""
    canaries: dict[str, CanaryMark] = {}
    """Judge name → what its canary last said, where it has one: whether the judge has drifted."""
    created: str
    """ISO 8601, UTC."""
    versions: dict[str, str] = {}
    """Package → version, of what shaped the run."""
