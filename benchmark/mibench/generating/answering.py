"""A model that answers rounds in groups, each reply marked with what is odd about it."""

import inspect
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mibench.errors import MibenchError, UsageError
from mibench.generating.models import load_model, model_revision
from mibench.generating.templates import check_template
from mibench.records import digest_of
from mibench.schema import Message, Reply, ReplyStatus
from mibench.suites import CLIENT_SPEAKS, Suite

OVER_LONG = 4000
"""Characters beyond which a reply is marked over-long; the suites' longest reference has about 160."""

INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffd]"
)


class Answerer:
    """One model, built once, and the replies it gives to lm-eval's requests."""

    def __init__(self, name: str, args: Mapping[str, Any], batch_size: int | str | None, seed: int) -> None:
        self.name, self.args, self.seed = name, args, seed
        self.model = load_model(name, args, batch_size)
        if getattr(self.model, "world_size", 1) > 1:
            raise UsageError("mibench writes from one process: start it without `accelerate launch` or torchrun.")

    @property
    def save_every(self) -> int | None:
        """Rounds in a group, where the model has its own mind about it."""
        return getattr(self.model, "save_every", None)

    def revision(self, suite: Suite) -> str:
        """See `models.model_revision`."""
        return model_revision(self.name, self.args, self.model, suite)

    def check_template(self, messages: Sequence[Message]) -> None:
        """See `templates.check_template`."""
        check_template(self.model, messages)

    def answers(self, groups: Sequence[list[Any]]) -> Iterator[list[Reply]]:
        """The replies to each group of requests, as they come."""
        return map(self.answer, groups)

    def answer_chats(self, group: list[Any]) -> list[Reply]:
        """The replies to requests whose prompts are chats still, as JSON."""
        for request in group:
            prompt, *settings = request.arguments
            rendered = self.model.apply_chat_template(json.loads(prompt), add_generation_prompt=True)
            request.arguments = (rendered, *settings)
        return self.answer(group)

    def answer(self, group: list[Any]) -> list[Reply]:
        """The replies to a group, in its order; what is drawn at random depends on seed and group alone."""
        quiet = (
            {"disable_tqdm": True} if "disable_tqdm" in inspect.signature(self.model.generate_until).parameters else {}
        )
        first = group[0].doc["round"]
        seed_all(int(digest_of([self.seed, first])[:8], 16))
        start = time.perf_counter()
        try:
            texts = self.model.generate_until(group, **quiet)
        except MibenchError:
            raise
        except Exception as error:
            said = str(error).strip().splitlines()[:1] or ["no message"]
            raise MibenchError(
                f"The model failed at round {first}: {type(error).__name__}: {said[0]} "
                f"All replies before it are kept; repeat the command to go on."
            ) from error
        seconds = (time.perf_counter() - start) / len(group)
        return [self._reply(request, text, seconds) for request, text in zip(group, texts, strict=True)]

    def _reply(self, request: Any, text: str | None, seconds: float) -> Reply:
        text = _storable(text or "")
        limit = request.args[1].get("max_gen_toks")
        tokens_in, tokens_out = self._tokens(request.args[0]), self._tokens(text)
        at_limit = limit is not None and tokens_out is not None and tokens_out >= limit
        return Reply(
            round=request.doc["round"],
            text=text,
            status=reply_status(text, cut=at_limit),
            finish_reason="length" if at_limit else getattr(self.model, "finish_reason", "unknown"),
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            seconds=round(seconds, 6),
        )

    def _tokens(self, text: Any) -> int | None:
        tokenizer: Any = getattr(self.model, "tokenizer", None)
        if not isinstance(text, str) or not hasattr(tokenizer, "encode"):
            return None
        return len(tokenizer.encode(text))


def seed_all(seed: int) -> None:
    """Seed the generators that lm-eval's models draw from; torch's only if a model has loaded it."""
    import random
    import sys

    import numpy as np

    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - lm-eval's models use the global generator
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def reply_status(text: str, *, cut: bool = False) -> ReplyStatus:
    """What is odd about a reply, the gravest first; `cut` says that it ended at the token limit."""
    if not INVISIBLE.sub("", text).strip():
        return "empty"
    if CLIENT_SPEAKS.search(text):
        return "spoke_for_client"
    if cut:
        return "truncated"
    if INVISIBLE.search(text):
        return "control_characters"
    if len(text) > OVER_LONG:
        return "over_long"
    return "ok"


def _storable(text: str) -> str:
    """The text with surrogate pairs joined and lone surrogates, which UTF-8 cannot hold, replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
