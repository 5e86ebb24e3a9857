"""A model of any lm-eval type outside a suite: plain texts to go on with, and how likely a text is to it."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mibench.generating.models import COUNSELLORS, load_model

GO_ON = "请一字不差地接着写下面这段文字，只写接下去的内容：\n\n"
"""What a model that only chats is told before a text."""

Speak = Callable[[Sequence[str]], list[str]]
Likelihood = Callable[[Sequence[tuple[str, str]]], list[float]]


def speaker(
    name: str, args: Mapping[str, Any], *, tokens: int = 64, as_chat: bool = False, batch_size: int | str | None = None
) -> tuple[Speak, Likelihood | None]:
    """Ways to have a model go on with texts, greedily, and to ask how likely one text is after another.

    Models that only chat, and all with `as_chat`, are told to go on and give no likelihoods: the second is None.
    Raises what `load_model` raises.
    """
    os.environ.setdefault("TQDM_DISABLE", "1")
    model = load_model(name, args, batch_size)
    from lm_eval.api.instance import Instance

    chats = as_chat or "chat" in name or name in COUNSELLORS

    def speak(texts: Sequence[str]) -> list[str]:
        prompts = [
            model.apply_chat_template([{"role": "user", "content": GO_ON + text}]) if chats else text for text in texts
        ]
        settings = {"until": [], "max_gen_toks": tokens, "do_sample": False}
        return [
            str(answer) for answer in model.generate_until(_instances(Instance, "generate_until", prompts, settings))
        ]

    def likelihood(pairs: Sequence[tuple[str, str]]) -> list[float]:
        requests = [
            Instance(request_type="loglikelihood", doc={}, arguments=pair, idx=number)
            for number, pair in enumerate(pairs)
        ]
        return [float(found[0]) for found in model.loglikelihood(requests)]

    return speak, None if chats else likelihood


def _instances(make: Any, kind: str, prompts: Sequence[Any], settings: dict[str, Any]) -> list[Any]:
    return [
        make(
            request_type=kind,
            doc={"client": "", "reference": "", "round": str(number)},
            arguments=(prompt, dict(settings)),
            idx=number,
        )
        for number, prompt in enumerate(prompts)
    ]
