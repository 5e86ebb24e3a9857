"""Segments → token ids and labels, with what was cut and left out counted."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from mibench.errors import UsageError
from mibench.schema import Message
from mibench.tuning.conversations import Conversation
from mibench.tuning.formats import Format, Segment, segments

IGNORED = -100
"""The label that a loss leaves out (torch's `ignore_index`)."""

Encode = Callable[[str], Sequence[int]]
"""Text → token ids; control tokens in the text become their ids, nothing is added before or after."""


class Example(NamedTuple):
    """One conversation as a model is trained on it."""

    id: str
    input_ids: list[int]
    labels: list[int]
    """As `input_ids` where the model is to learn, -100 elsewhere."""

    @property
    def trained(self) -> int:
        """Tokens that are learnt."""
        return sum(label != IGNORED for label in self.labels)


class Encoded(NamedTuple):
    """All conversations of a file, encoded."""

    examples: list[Example]
    truncated: list[str]
    """Ids of conversations that lost turns at their end, whole rounds at a time."""
    dropped: list[str]
    """Ids of conversations of which not even the first round fits."""

    @property
    def tokens(self) -> int:
        """Tokens in all examples."""
        return sum(len(example.input_ids) for example in self.examples)

    @property
    def trained(self) -> int:
        """Tokens that are learnt."""
        return sum(example.trained for example in self.examples)


def encode_all(
    conversations: Iterable[Conversation],
    form: Format,
    encode: Encode,
    max_length: int,
    *,
    last_only: bool = False,
) -> Encoded:
    """Every conversation as an example of at most `max_length` tokens.

    A longer one loses whole rounds from its end, so that every reply that is left ends as replies end. Raises
    UsageError (with the conversation's id) where pieces and whole give different tokens, or nothing would be learnt.
    """
    examples, truncated, dropped = [], [], []
    for conversation in conversations:
        kept = list(conversation.messages)
        example = encode_one(conversation.id, kept, form, encode, last_only=last_only)
        while len(example.input_ids) > max_length and len(kept) > 2 and kept[-2].role == "user":
            kept = kept[:-2]
            if not any(message.role == "assistant" for message in kept):
                break
            example = encode_one(conversation.id, kept, form, encode, last_only=last_only)
        if len(example.input_ids) > max_length:
            dropped.append(conversation.id)
            continue
        if len(kept) < len(conversation.messages):
            truncated.append(conversation.id)
        examples.append(example)
    return Encoded(examples, truncated, dropped)


def encode_one(
    name: str, messages: Sequence[Message], form: Format, encode: Encode, *, last_only: bool = False
) -> Example:
    """One conversation. Raises UsageError as `encode_all` does."""
    try:
        pieces = segments(form, messages, last_only=last_only)
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from error
    ids: list[int] = []
    labels: list[int] = []
    for piece in pieces:
        tokens = list(encode(piece.text))
        ids += tokens
        labels += tokens if piece.train else [IGNORED] * len(tokens)
    _check(name, pieces, ids, labels, form, encode)
    return Example(name, ids, labels)


def _check(
    name: str, pieces: Sequence[Segment], ids: list[int], labels: list[int], form: Format, encode: Encode
) -> None:
    whole = list(encode("".join(piece.text for piece in pieces)))
    if whole != ids:
        place = next((n for n, (a, b) in enumerate(zip(whole, ids, strict=False)) if a != b), min(len(whole), len(ids)))
        raise UsageError(
            f"{name}: the tokenizer gives other tokens for the whole prompt than for its pieces, from token {place + 1} on. "
            f"It would see something else when it answers than in training; is this a tokenizer of the {form.name} family?"
        )
    if all(label == IGNORED for label in labels):
        raise UsageError(f"{name}: nothing in it would be learnt; a conversation needs a reply of the assistant.")
    end = list(encode(form.end))
    if len(end) != 1:
        raise UsageError(
            f"The tokenizer has no token {form.end}: it becomes {len(end)} pieces. "
            f"The recipe says format {form.name}; is the base model of that family?"
        )
    if labels[-1] != end[0]:
        raise UsageError(f"{name}: its last trained token is not {form.end}; the model would not learn to stop.")


def check_losses(encoded: Encoded, max_dropped: float, max_truncated: float, max_length: int) -> None:
    """Raise UsageError when a larger share was dropped or truncated than allowed (each 0-1), or nothing is left."""
    total = len(encoded.examples) + len(encoded.dropped)
    if not encoded.examples:
        raise UsageError(f"None of {total} conversations fits into {max_length} tokens. Raise max_length.")
    for what, names, allowed, key in (
        ("do not fit at all", encoded.dropped, max_dropped, "max_dropped"),
        ("lose rounds at their end", encoded.truncated, max_truncated, "max_truncated"),
    ):
        if len(names) > allowed * total:
            raise UsageError(
                f"{len(names)} of {total} conversations {what} at max_length={max_length} (first: {names[0]}); "
                f"{key}={allowed:g} allows {allowed:.0%}. Raise max_length, or {key}."
            )


def encoder(tokenizer: Any) -> Encode:
    """How a transformers tokenizer encodes a piece of prompt."""
    return lambda text: tokenizer(text, add_special_tokens=False)["input_ids"] if text else []
