"""Does a model's chat template carry the whole conversation? Asked once, before the first round.

lm-eval drops the system message with a mere log line when a template refuses it; here that is an error with a choice.
"""

import json
from collections.abc import Sequence
from typing import Any

from mibench.errors import ChatTemplateError
from mibench.schema import Message


def check_template(model: Any, messages: Sequence[Message]) -> None:
    """Render a round and look for every message in it. Raises ChatTemplateError naming what was lost."""
    tokenizer: Any = getattr(model, "tokenizer", None)
    if hasattr(tokenizer, "chat_template") and not tokenizer.chat_template:
        raise ChatTemplateError(
            "This checkpoint has no chat template, so it cannot be told who is speaking. "
            "Add a chat_template.jinja to it, or use --plain-transcript to ask it with a written-out transcript."
        )
    rendered = _rendered(model, messages)
    for message in messages:
        if _squeezed(message.content) in rendered:
            continue
        if message.role == "system":
            raise ChatTemplateError(
                "This checkpoint's chat template refuses a system role, so the counsellor prompt would be lost. "
                "Use --system-in-user to put it at the head of the client's first turn; the run records it."
            )
        raise ChatTemplateError(
            f"This checkpoint's chat template loses a turn of the {message.role}: “{message.content[:40]}”. "
            "Mend the template, or use --plain-transcript."
        )


def _rendered(model: Any, messages: Sequence[Message]) -> str:
    import jinja2

    try:
        rendered = model.apply_chat_template([message.model_dump() for message in messages], add_generation_prompt=True)
    except (jinja2.TemplateError, ValueError, NotImplementedError) as error:
        raise ChatTemplateError(
            f"This checkpoint's chat template cannot render the conversation: {error}. "
            "Mend the template, or use --plain-transcript."
        ) from error
    prompt = getattr(rendered, "prompt", rendered)  # lm-eval's API models carry the messages as a JSON text
    if not isinstance(rendered, str) or prompt.startswith("[{"):  # not GLM-4's [gMASK]
        prompt = "\n".join(str(message["content"]) for message in json.loads(prompt))
    return _squeezed(prompt)


def _squeezed(text: str) -> str:
    return "".join(text.split())
