"""A round as the chat a model sees: the client is the user, the counsellor the assistant, the task the system.

Templates differ in what they refuse (a leading assistant turn, a role twice in a row, a system role), so histories are
brought into the one form that all accept before any template sees them.
"""

import re
from collections.abc import Sequence
from typing import Literal

from mibench.schema import ClientTurn, Message, Round

SystemPlace = Literal["system-role", "in-first-user-turn"]

SPEAKERS = {"zh": ("来访者", "咨询师"), "en": ("Client", "Counsellor")}

CLIENT_SPEAKS = re.compile(
    r"^\s*(?:\*\*)?(?:来访者|求助者|客户|患者|用户|client|patient|user|human)(?:\*\*)?\s*[:：]",
    re.IGNORECASE | re.MULTILINE,
)
"""The head of a line that a model wrote for the client."""


def chat_messages(round_: Round, prompt: str, system: SystemPlace = "system-role") -> list[Message]:
    """System prompt and history of a round, ending on the client's turn, in normalised form.

    `prompt`: the suite's Jinja template; it may use `change_goal`, `topic` and `client`.
    Raises jinja2.UndefinedError for any other name.
    """
    from jinja2 import Environment, StrictUndefined

    template = Environment(undefined=StrictUndefined).from_string(prompt)  # noqa: S701 - plain text, not HTML
    dialogue = round_.dialogue
    text = template.render(change_goal=dialogue.change_goal, topic=dialogue.topic, client=dialogue.client).strip()
    history = [
        Message(role="user" if isinstance(turn, ClientTurn) else "assistant", content=turn.text)
        for turn in round_.history
    ]
    return normalised([Message(role="system", content=text), *history], system)


def normalised(messages: Sequence[Message], system: SystemPlace = "system-role") -> list[Message]:
    """The same conversation in a form that strict templates accept.

    - system messages are joined into one at the start;
    - runs of one speaker are merged, a line each;
    - a conversation that the assistant opens has that opening quoted at the end of the system message;
    - with `in-first-user-turn` the system text stands at the head of the first user turn, a blank line below.
    """
    head = "\n\n".join(message.content for message in messages if message.role == "system")
    turns: list[Message] = []
    for message in messages:
        if message.role == "system":
            continue
        if turns and turns[-1].role == message.role:
            joined = f"{turns[-1].content}\n{message.content}"
            turns[-1] = Message(role=message.role, content=joined)
        else:
            turns.append(message)
    if turns and turns[0].role == "assistant":
        head = "\n\n".join(filter(None, (head, f"（{turns.pop(0).content}）")))
    if not head:
        return turns
    if system == "in-first-user-turn" and turns:
        return [Message(role="user", content=f"{head}\n\n{turns[0].content}"), *turns[1:]]
    return [Message(role="system", content=head), *turns]


def plain_transcript(messages: Sequence[Message], language: str) -> str:
    """The chat as a readable transcript that ends where the counsellor speaks; for models without a chat template."""
    client, counsellor = SPEAKERS[language]
    colon = "：" if language == "zh" else ": "
    name = {"system": "", "user": client + colon, "assistant": counsellor + colon}
    lines = [name[message.role] + message.content for message in messages]
    return "\n".join([*lines[:1], "", *lines[1:], counsellor + colon.rstrip()])
