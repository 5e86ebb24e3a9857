"""A model of any lm-eval type outside a suite: plain texts to go on with, and how likely a text is to it."""

import os
from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

from mibench.errors import UsageError
from mibench.generating.models import COUNSELLORS, load_model

GO_ON = "请一字不差地接着写下面这段文字，只写接下去的内容。Continue this text word for word, write nothing else.\n\n"
"""What a model that only chats is told before a text."""

GROUP = 32
"""Texts given to the model at a time."""

Speak = Callable[[Sequence[str]], list[str]]
Likelihood = Callable[[Sequence[tuple[str, str]]], list[float]]


def speaker(
    name: str, args: Mapping[str, Any], *, tokens: int = 64, as_chat: bool = False, batch_size: int | str | None = None,
    on_answers: Callable[[str, int, int], None] = lambda *_: None,
) -> tuple[Speak, Likelihood | None]:  # fmt: skip
    """Ways to have a model go on with texts, greedily, and to ask how likely one text is after another.

    `on_answers` is told (what, done, total) as they come, GROUP at a time. Models that only chat, and all with `as_chat`,
    are told to go on and give no likelihoods: the second is None. Raises what `load_model` raises.
    """
    os.environ.setdefault("TQDM_DISABLE", "1")  # loading
    model = load_model(name, args, batch_size)
    from lm_eval.api.instance import Instance

    chats = as_chat or "chat" in name or name in COUNSELLORS

    def speak(texts: Sequence[str]) -> list[str]:
        prompts = [
            model.apply_chat_template([{"role": "user", "content": GO_ON + text}]) if chats else text for text in texts
        ]
        settings = {"until": [], "max_gen_toks": tokens, "do_sample": False}
        requests = _instances(Instance, "generate_until", [(prompt, dict(settings)) for prompt in prompts])
        return [str(answer) for answer in _in_groups(model.generate_until, requests, "continuations", on_answers)]

    def likelihood(pairs: Sequence[tuple[str, str]]) -> list[float]:
        requests = _instances(Instance, "loglikelihood", pairs)
        try:
            return [float(found[0]) for found in _in_groups(model.loglikelihood, requests, "likelihoods", on_answers)]
        except NotImplementedError as error:
            raise UsageError(f"The model {name} gives no likelihoods. Use --as-chat to look without them.") from error

    return speak, None if chats else likelihood


def _instances(make: Any, kind: str, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    return [
        make(request_type=kind, doc={"client": "", "reference": "", "round": str(number)}, arguments=each, idx=number)
        for number, each in enumerate(arguments)
    ]


def _in_groups(
    ask: Callable[..., Sequence[Any]],
    requests: list[Any],
    what: str,
    on_answers: Callable[[str, int, int], None],
) -> list[Any]:
    found: list[Any] = []
    quiet = {"disable_tqdm": True} if "disable_tqdm" in signature(ask).parameters else {}
    for start in range(0, len(requests), GROUP):
        found += ask(requests[start : start + GROUP], **quiet)
        on_answers(what, len(found), len(requests))
    return found
