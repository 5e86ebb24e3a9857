"""An lm-eval model around any other: it puts each reply on disk at once and never asks a finished round again.

lm-eval writes only at the end of a run, and its response cache is keyed without the model's name.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from lm_eval.api.model import LM

from mibench.generating.answering import Answerer
from mibench.generating.crew import Crew
from mibench.generating.plan import OnReply
from mibench.records import Appender
from mibench.schema import Reply


class Recorder(LM):  # type: ignore[misc]  # lm_eval ships no types
    """Hands rounds to `inner` in groups of about `save_every`; answers finished rounds from `done`."""

    def __init__(
        self,
        inner: Answerer | Crew,
        replies: Appender,
        done: dict[str, Reply],
        save_every: int,
        total: int,
        on_reply: OnReply,
        *,
        by_length: bool = False,
    ) -> None:
        super().__init__()
        self.inner = inner
        self.replies = replies
        self.done = done
        self.save_every = inner.save_every or max(1, save_every)
        self.total = total
        self.on_reply = on_reply
        self.by_length = by_length

    def generate_until(self, requests: list[Any], disable_tqdm: bool = False) -> list[str]:
        """Replies in the order of `requests`, as lm-eval wants them."""
        open_ = [request for request in requests if request.doc["round"] not in self.done]
        finished = len(requests) - len(open_)
        self.on_reply(finished, self.total)
        for replies in self.inner.answers(list(in_groups(open_, self.save_every, by_length=self.by_length))):
            for reply in replies:
                self.replies.append(reply)
                self.done[reply.round] = reply
                finished += 1
                self.on_reply(finished, self.total)
        return [self.done[request.doc["round"]].text for request in requests]

    def loglikelihood(self, requests: list[Any]) -> list[tuple[float, bool]]:
        """Not part of any suite."""
        raise NotImplementedError("mibench asks for replies only")

    loglikelihood_rolling = loglikelihood

    def apply_chat_template(self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True) -> Any:
        """The inner model's own rendering of the chat."""
        return self.inner.model.apply_chat_template(chat_history, add_generation_prompt=add_generation_prompt)

    def chat_template(self, chat_template: bool | str = False) -> str | None:
        """The inner model's template text."""
        return self.inner.model.chat_template(chat_template)

    @property
    def tokenizer_name(self) -> str:
        """The inner model's tokenizer."""
        return str(self.inner.model.tokenizer_name)


def in_groups(requests: Sequence[Any], size: int, *, by_length: bool = False) -> Iterator[list[Any]]:
    """Requests in groups of at most `size`, in the order of the suite: rounds of one dialogue begin with the same words.

    An engine that remembers what it has read finds them together. `by_length`: the longest first, as lm-eval has them in a
    batch, so that a prompt too long for the memory shows at once. Where replies are drawn at random no group goes beyond a
    dialogue, so that they do not depend on how a run is divided.
    """
    if requests and _drawn(requests[0].args[1]):
        dialogues = [list(rounds) for _, rounds in groupby(requests, lambda each: each.doc["round"].partition("/")[0])]
    else:
        dialogues = [sorted(requests, key=_length, reverse=True) if by_length else list(requests)]
    for rounds in dialogues:
        for start in range(0, len(rounds), size):
            yield rounds[start : start + size]


def _length(request: Any) -> int:
    return len(request.args[0])


def _drawn(settings: dict[str, Any]) -> bool:
    return bool(settings.get("do_sample")) or float(settings.get("temperature") or 0) > 0
