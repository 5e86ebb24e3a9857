"""What the counsellors that ship have in common: each is an lm-eval model like any other."""

import json
from abc import abstractmethod
from typing import Any

from lm_eval.api.model import LM


class Counsellor(LM):  # type: ignore[misc]  # lm_eval ships no types
    """An lm-eval model that answers a chat by rule."""

    save_every = 1
    """Each reply is on disk before the next is thought of."""
    revision = "1"
    """Raised whenever the same chat would be answered otherwise."""
    finish_reason = "stop"
    """A rule says what it has to say."""
    tokenizer_name = "none"

    @abstractmethod
    def answer(self, messages: list[dict[str, str]], doc: dict[str, Any]) -> str:
        """The reply to a chat; `doc` is the round as the task has it."""

    def generate_until(self, requests: list[Any]) -> list[str]:
        """A reply for each request."""
        return [self.answer(_messages(request.args[0]), request.doc) for request in requests]

    def apply_chat_template(self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True) -> str:
        """The chat as a JSON text: what `answer` gets back."""
        return json.dumps(chat_history, ensure_ascii=False)

    def loglikelihood(self, requests: list[Any]) -> list[tuple[float, bool]]:
        """A counsellor by rule has no likelihoods."""
        raise NotImplementedError(f"{type(self).__name__} only speaks")

    loglikelihood_rolling = loglikelihood


def _messages(prompt: str) -> list[dict[str, str]]:
    if prompt.startswith("[{"):
        messages: list[dict[str, str]] = json.loads(prompt)
        return messages
    # A plain transcript: the client's last line is all that a rule needs.
    last = next((line for line in reversed(prompt.splitlines()[:-1]) if line.strip()), "")
    return [{"role": "user", "content": last.partition("：")[2] or last.partition(": ")[2] or last}]
