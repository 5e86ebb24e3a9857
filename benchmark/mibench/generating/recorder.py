"""An lm-eval model around any other: it puts each reply on disk at once and never asks a finished round again.

lm-eval writes only at the end of a run, and its response cache is keyed without the model's name.
"""

import inspect
import re
import time
from typing import Any

from lm_eval.api.model import LM

from mibench.errors import MibenchError
from mibench.generating.plan import OnReply
from mibench.records import Appender
from mibench.schema import Reply, ReplyStatus
from mibench.suites import CLIENT_SPEAKS

OVER_LONG = 4000
"""Characters beyond which a reply is marked over-long; the suites' longest reference has about 160."""

INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffd]"
)


class Recorder(LM):  # type: ignore[misc]  # lm_eval ships no types
    """Delegates to `inner` in groups of `save_every`; answers finished rounds from `done`."""

    def __init__(
        self, inner: Any, replies: Appender, done: dict[str, Reply], save_every: int, total: int, on_reply: OnReply
    ) -> None:
        super().__init__()
        self.inner = inner
        self.replies = replies
        self.done = done
        self.save_every = max(1, save_every)
        self.total = total
        self.on_reply = on_reply
        self.tokenizer: Any = getattr(inner, "tokenizer", None)

    def generate_until(self, requests: list[Any], disable_tqdm: bool = False) -> list[str]:
        """Replies in the order of `requests`, as lm-eval wants them."""
        open_ = [request for request in requests if request.doc["round"] not in self.done]
        finished = len(requests) - len(open_)
        self.on_reply(finished, self.total)
        size = getattr(self.inner, "save_every", self.save_every)
        for start in range(0, len(open_), size):
            group = open_[start : start + size]
            for reply in self._ask(group):
                self.replies.append(reply)
                self.done[reply.round] = reply
                finished += 1
                self.on_reply(finished, self.total)
        return [self.done[request.doc["round"]].text for request in requests]

    def _ask(self, group: list[Any]) -> list[Reply]:
        quiet = (
            {"disable_tqdm": True} if "disable_tqdm" in inspect.signature(self.inner.generate_until).parameters else {}
        )
        start = time.perf_counter()
        try:
            texts = self.inner.generate_until(group, **quiet)
        except MibenchError:
            raise
        except Exception as error:
            first = str(error).strip().splitlines()[:1] or ["no message"]
            raise MibenchError(
                f"The model failed at round {group[0].doc['round']}: {type(error).__name__}: {first[0]} "
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
            finish_reason="length" if at_limit else getattr(self.inner, "finish_reason", "unknown"),
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            seconds=round(seconds, 6),
        )

    def _tokens(self, text: Any) -> int | None:
        if not isinstance(text, str) or not hasattr(self.tokenizer, "encode"):
            return None
        return len(self.tokenizer.encode(text))

    def loglikelihood(self, requests: list[Any]) -> list[tuple[float, bool]]:
        """Not part of any suite."""
        raise NotImplementedError("mibench asks for replies only")

    loglikelihood_rolling = loglikelihood

    def apply_chat_template(self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True) -> Any:
        """The inner model's own rendering of the chat."""
        return self.inner.apply_chat_template(chat_history, add_generation_prompt=add_generation_prompt)

    def chat_template(self, chat_template: bool | str = False) -> str | None:
        """The inner model's template text."""
        return self.inner.chat_template(chat_template)  # type: ignore[no-any-return]

    @property
    def tokenizer_name(self) -> str:
        """The inner model's tokenizer."""
        return str(self.inner.tokenizer_name)


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
