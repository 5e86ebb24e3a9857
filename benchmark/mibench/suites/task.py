"""The lm-eval task that all suites share. `tasks/*/*.yaml` name its class; nothing else imports it.

lm-eval 0.4.13 can give each item a system prompt and one user turn, not a history. `RoundTask` overrides
`fewshot_context`, the one place where a prompt is built, so that the model's chat template gets real roles.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datasets
from lm_eval.api.task import ConfigurableTask

from mibench.errors import UsageError
from mibench.schema import Message
from mibench.suites.chat import chat_messages, normalised, plain_transcript
from mibench.suites.suite import load_suite

if TYPE_CHECKING:
    from mibench.suites.chat import SystemPlace


def rounds_dataset(config_source: str, **_: Any) -> dict[str, datasets.Dataset]:
    """lm-eval's `custom_dataset`: the rounds of the suite whose YAML is `config_source`, as split `test`."""
    suite = load_suite(Path(config_source).parent)
    rows = [
        {
            "round": round_.id,
            "language": round_.dialogue.language,
            # A JSON text, since a column of structs would be padded and re-ordered by Arrow.
            "messages": json.dumps([m.model_dump() for m in chat_messages(round_, suite.prompt)], ensure_ascii=False),
            "client": round_.client.text,
            "topic": round_.dialogue.topic,
            "reference": round_.reference.text,
        }
        for round_ in suite.rounds
    ]
    return {"test": datasets.Dataset.from_list(rows)}


class RoundTask(ConfigurableTask):  # type: ignore[misc]  # lm_eval ships no types
    """One request a round: authored history up to the client's turn, generation of the counsellor's."""

    def __init__(self, config: dict[str, Any]) -> None:
        # lm-eval hands over the YAML with `class` still in it, which its own config record refuses.
        super().__init__(config={key: value for key, value in config.items() if key != "class"})
        self.system_place: SystemPlace = "system-role"

    def fewshot_context(
        self,
        doc: dict[str, Any],
        num_fewshot: int = 0,
        system_instruction: str | None = None,
        apply_chat_template: bool = False,
        fewshot_as_multiturn: bool = False,
        chat_template: Callable[..., str] | None = None,
        gen_prefix: str | None = None,
    ) -> str:
        """The prompt of a round: system, user, assistant, … user through the model's template, or a transcript.

        Raises UsageError when few-shot examples are asked for: a round has its own history.
        """
        if num_fewshot:
            raise UsageError(f"{self.config.task} is answered without examples; leave --num_fewshot at 0.")
        messages = [Message(**message) for message in json.loads(doc["messages"])]
        if system_instruction:
            messages.insert(0, Message(role="system", content=system_instruction))
        messages = normalised(messages, self.system_place)
        if apply_chat_template and chat_template is not None:
            render = partial(chat_template, add_generation_prompt=not gen_prefix)
            return render([message.model_dump() for message in messages])
        return plain_transcript(messages, doc["language"])
