"""Training data in three common forms → conversations in one: messages, ShareGPT, and the dialogues of a suite."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from mibench.content import room
from mibench.errors import BadRecord, UsageError
from mibench.schema import ClientTurn, Dialogue, Message, Record, Round
from mibench.suites import chat_messages, normalised

ROLES = {
    "system": "system",
    "user": "user", "human": "user", "client": "user", "来访者": "user", "求助者": "user",
    "assistant": "assistant", "gpt": "assistant", "counsellor": "assistant", "counselor": "assistant", "咨询师": "assistant",
}  # fmt: skip
"""Who speaks, as data sets name it → as chat templates do."""


class Conversation(Record):
    """One conversation to train on: system or none, then user and assistant in turn, the assistant last."""

    id: str
    """Unique in its file."""
    groups: tuple[str, ...] = ()
    """What it shares with others, e.g. `client …`, `scenario …`: a split never parts what shares one."""
    messages: tuple[Message, ...] = Field(min_length=2)

    @property
    def spoken(self) -> list[str]:
        """The words of client and counsellor, in order."""
        return [message.content for message in self.messages if message.role != "system"]


class Source(Record):
    """A file that conversations were read from."""

    name: str
    """File name."""
    digest: str
    """sha256 of its contents."""
    form: str
    """messages, sharegpt or dialogues."""
    conversations: int = Field(ge=1)
    cut: int = Field(ge=0)
    """Conversations that ended with the user; their last turn was left out, since nothing answers it."""


def read_conversations(path: Path, prompt: str | None = None) -> tuple[list[Conversation], Source]:
    """All conversations of a JSON-lines or JSON-array file, in normal form.

    `prompt`: Jinja text of the system message for conversations without one; dialogues of a suite have the counsellor
    prompt of the suite in their language by default, so that a model is trained on what it is tested with.
    Raises BadRecord (file:line) for what cannot be read; UsageError for an empty file.
    """
    import hashlib

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror or error}.") from error
    conversations: list[Conversation] = []
    seen: dict[str, int] = {}
    forms, cut = set(), 0
    for line, row in _rows(path, data):
        form, make = _form_of(path, line, row)
        conversation, shortened = make(path, line, row, prompt)
        if conversation.id in seen:
            raise BadRecord(path, line, f"id {conversation.id} stands already in line {seen[conversation.id]}.")
        seen[conversation.id] = line
        forms.add(form)
        cut += shortened
        conversations.append(conversation)
    if not conversations:
        raise UsageError(f"{path} holds no conversation.")
    if len(forms) > 1:
        raise UsageError(f"{path} mixes {' and '.join(sorted(forms))}; give each form its own file.")
    digest = hashlib.sha256(data).hexdigest()
    return conversations, Source(
        name=path.name, digest=digest, form=forms.pop(), conversations=len(conversations), cut=cut
    )


def _rows(path: Path, data: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}).") from error
    if text.lstrip().startswith("["):
        try:
            rows = list(enumerate(json.loads(text), 1))
        except json.JSONDecodeError as error:
            raise BadRecord(path, error.lineno, f"is no JSON: {error.msg}.") from error
    else:
        rows = [(number, _json(path, number, line)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for number, row in rows:
        if not isinstance(row, dict):
            raise BadRecord(path, number, "a JSON object was expected: messages, conversations (ShareGPT) or turns.")
        if "canary" not in row:
            yield number, row


def _json(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise BadRecord(path, number, f"is no JSON: {error.msg}.") from error


Maker = Callable[[Path, int, Mapping[str, Any], "str | None"], tuple[Conversation, bool]]


def _form_of(path: Path, line: int, row: Mapping[str, Any]) -> tuple[str, Maker]:
    for key, form, make in (
        ("messages", "messages", _from_messages),
        ("conversations", "sharegpt", _from_sharegpt),
        ("turns", "dialogues", _from_dialogue),
    ):
        if key in row:
            return form, make
    raise BadRecord(
        path, line,
        "has none of messages (role, content), conversations (from, value) or turns (a suite's dialogue); "
        f"it has {', '.join(map(str, row)) or 'nothing'}.",
    )  # fmt: skip


def _from_messages(path: Path, line: int, row: Mapping[str, Any], prompt: str | None) -> tuple[Conversation, bool]:
    return _from_pairs(path, line, row, _pairs(path, line, row["messages"], "role", "content"), prompt)


def _from_sharegpt(path: Path, line: int, row: Mapping[str, Any], prompt: str | None) -> tuple[Conversation, bool]:
    pairs = _pairs(path, line, row["conversations"], "from", "value")
    head = [("system", str(row["system"]))] if row.get("system") else []
    return _from_pairs(path, line, row, head + pairs, prompt)


def _from_dialogue(path: Path, line: int, row: Mapping[str, Any], prompt: str | None) -> tuple[Conversation, bool]:
    try:
        dialogue = Dialogue.model_validate_json(json.dumps(row))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        raise BadRecord(path, line, f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
    text = prompt or (room("tasks") / f"mi_{dialogue.language}" / "counsellor.jinja").read_text(encoding="utf-8")
    first = Round(id=f"{dialogue.id}/01", dialogue=dialogue, number=1)
    system = chat_messages(first, text)[0]
    spoken = [
        Message(role="user" if isinstance(turn, ClientTurn) else "assistant", content=turn.text)
        for turn in dialogue.turns
    ]
    scenario = dialogue.id.rpartition("-")[0]
    groups = (f"client {dialogue.client}", f"scenario {scenario}", f"topic {dialogue.language} {dialogue.topic}")
    return Conversation(id=dialogue.id, groups=groups, messages=(system, *spoken)), False


def _pairs(path: Path, line: int, turns: Any, who: str, what: str) -> list[tuple[str, str]]:
    if not isinstance(turns, list) or not turns:
        raise BadRecord(path, line, "its list of turns is empty.")
    pairs = []
    for number, turn in enumerate(turns, 1):
        if not isinstance(turn, dict) or not isinstance(turn.get(what), str):
            raise BadRecord(path, line, f"turn {number} has no text under “{what}”.")
        role = ROLES.get(str(turn.get(who)).strip().lower())
        if role is None:
            raise BadRecord(
                path, line, f"turn {number} is by “{turn.get(who)}”; roles that can be read: {', '.join(ROLES)}."
            )
        if not turn[what].strip():
            raise BadRecord(path, line, f"turn {number} is empty.")
        pairs.append((role, turn[what]))
    return pairs


def _from_pairs(
    path: Path, line: int, row: Mapping[str, Any], pairs: Sequence[tuple[str, str]], prompt: str | None
) -> tuple[Conversation, bool]:
    roles = [role for role, _ in pairs]
    if "system" in roles[1:]:
        raise BadRecord(path, line, f"turn {roles.index('system', 1) + 1} is a system message; it may only come first.")
    messages = [Message(role=role, content=words.strip()) for role, words in pairs]
    if prompt and roles[0] != "system":
        messages = [Message(role="system", content=prompt.strip()), *messages]
    messages = normalised(messages)
    shortened = messages[-1].role == "user"
    if shortened:
        messages = messages[:-1]
    spoken = [message.role for message in messages if message.role != "system"]
    if spoken != ["user", "assistant"] * (len(spoken) // 2) or not spoken:
        raise BadRecord(path, line, "has no round of a user and an answering assistant.")
    keys = [f"{key} {row[key]}" for key in ("group", "client", "scenario", "topic") if row.get(key)]
    opening = next(message.content for message in messages if message.role == "user")
    name = str(row.get("id") or f"{path.stem}-{line}")
    return Conversation(id=name, groups=tuple(keys or [f"opening {opening}"]), messages=tuple(messages)), shortened
