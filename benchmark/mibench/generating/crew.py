"""The same model on every worker of a Ray cluster."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from mibench.cluster import Pool, Workers
from mibench.generating.answering import Answerer
from mibench.schema import Message, Reply
from mibench.suites import Suite


class Crew:
    """Used like an Answerer. Prompts stay chats until the worker that answers them, which has the model's template."""

    save_every = None
    tokenizer_name = "on the workers"

    def __init__(
        self, workers: Workers, name: str, args: Mapping[str, Any], batch_size: int | str | None, seed: int
    ) -> None:
        self._pool = Pool(partial(Answerer, name, args, batch_size, seed), workers, is_model=True)
        self._method = "answer"

    @property
    def model(self) -> "Crew":
        """What renders prompts."""
        return self

    def revision(self, suite: Suite) -> str:
        """See `models.model_revision`."""
        return str(self._pool.call("revision", suite))

    def check_template(self, messages: Sequence[Message]) -> None:
        """See `templates.check_template`."""
        self._pool.call("check_template", messages)

    def apply_chat_template(self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True) -> str:
        """The chat as it is, as JSON: the worker that answers it has the template."""
        self._method = "answer_chats"
        return json.dumps(chat_history, ensure_ascii=False)

    def chat_template(self, chat_template: bool | str = False) -> str:
        """Known to the workers."""
        return ""

    def answers(self, groups: Sequence[list[Any]]) -> Iterator[list[Reply]]:
        """The replies to each group of requests, as they come, in no order."""
        return self._pool.map(self._method, groups)

    def close(self) -> None:
        """Let the workers go."""
        self._pool.close()
