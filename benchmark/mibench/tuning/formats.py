"""A conversation in a model family's prompt format, cut into segments that are trained on or not.

Trained on are the counsellor's words *and the token that ends them*: a model that never learns the end never stops. In
GLM-4 that token is the next role token, `<|user|>`, which naive masks leave out. Words that spell a control token are
refused, since a tokenizer would read them as one.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from mibench.errors import UnknownName, UsageError
from mibench.schema import Message

Family = Literal["llama3", "glm4", "baichuan2", "qwen3"]


class Segment(NamedTuple):
    """A stretch of prompt text."""

    text: str
    train: bool
    """Whether the model is to learn to write it."""


class Format(NamedTuple):
    """How one family writes a conversation; the training text and the chat template both come from here."""

    name: Family
    head: str
    """What opens every conversation."""
    system: str
    """What stands before the system text."""
    user: str
    """Before the client's words."""
    assistant: str
    """Before the counsellor's words: the generation prompt ends with it."""
    close: str
    """After the system's and the client's words."""
    end: str
    """Ends the counsellor's words and is trained on."""
    after: str
    """What stands after `end` and is not trained on."""
    pad: str
    """A token that is never trained on."""
    stops: tuple[str, ...]
    """Tokens that end a reply at inference."""

    @property
    def controls(self) -> tuple[str, ...]:
        """Every string that is a single token of the family and must not stand in anybody's words."""
        marks = (self.head, self.system, self.user, self.assistant, self.close, self.end, *self.stops, self.pad)
        return tuple(sorted({token for mark in marks for token in _tokens(mark)}))

    @property
    def chat_template(self) -> str:
        """The Jinja template that writes the same text at inference, up to where the counsellor speaks."""
        role = (
            f"{{% if message['role'] == 'system' %}}{{{{ {self.system!r} + words + {self.close!r} }}}}"
            f"{{% elif message['role'] == 'user' %}}{{{{ {self.user!r} + words + {self.close!r} }}}}"
            f"{{% else %}}{{{{ {self.assistant!r} + words + {self._turn_end!r} }}}}{{% endif %}}"
        )
        return (
            f"{{{{ {self.head!r} }}}}{{% for message in messages %}}{{% set words = message['content'] | trim %}}{role}"
            f"{{% endfor %}}{{% if add_generation_prompt %}}{{{{ {self.assistant!r} }}}}{{% endif %}}"
        )

    @property
    def shared_end(self) -> bool:
        """Whether the token that ends a reply is also the one that opens the client's next turn, as in GLM-4."""
        return bool(self.end) and self.user.startswith(self.end)

    @property
    def _turn_end(self) -> str:
        return "" if self.shared_end else self.end + self.after


FORMATS: dict[str, Format] = {
    "llama3": Format(
        name="llama3",
        head="<|begin_of_text|>",
        system="<|start_header_id|>system<|end_header_id|>\n\n",
        user="<|start_header_id|>user<|end_header_id|>\n\n",
        assistant="<|start_header_id|>assistant<|end_header_id|>\n\n",
        close="<|eot_id|>",
        end="<|eot_id|>",
        after="",
        pad="<|end_of_text|>",
        stops=("<|eot_id|>", "<|end_of_text|>"),  # some revisions' generation_config knows only the second
    ),
    "glm4": Format(
        name="glm4",
        head="[gMASK]<sop>",
        system="<|system|>\n",
        user="<|user|>\n",
        assistant="<|assistant|>\n",
        close="",
        end="<|user|>",
        after="",
        pad="<|endoftext|>",
        stops=("<|user|>", "<|observation|>", "<|endoftext|>"),
    ),
    "baichuan2": Format(
        name="baichuan2",
        head="",
        system="",
        user="<reserved_106>",
        assistant="<reserved_107>",
        close="",
        end="</s>",
        after="",
        pad="<unk>",
        stops=("</s>",),
    ),
    "qwen3": Format(
        name="qwen3",
        head="",
        system="<|im_start|>system\n",
        user="<|im_start|>user\n",
        assistant="<|im_start|>assistant\n",
        close="<|im_end|>\n",
        end="<|im_end|>",
        after="\n",
        pad="<|endoftext|>",
        stops=("<|im_end|>", "<|endoftext|>"),
    ),
}
"""Family → format. Sources: the families' model cards and LLaMA-Factory's templates `llama3`, `glm4`, `baichuan2`, `qwen3_nothink`."""


def format_of(name: str) -> Format:
    """The format called `name`. Raises UnknownName."""
    if name not in FORMATS:
        raise UnknownName("prompt format", name, FORMATS)
    return FORMATS[name]


def segments(form: Format, messages: Sequence[Message], *, last_only: bool = False) -> list[Segment]:
    """The conversation as segments; joined, they are what the model reads. Neighbours differ in `train`.

    `last_only`: train on the last reply alone. The conversation is in normal form: system or none, then client and
    counsellor in turn, the counsellor last. Raises UsageError for words that spell a control token.
    """
    last = len(messages) - 1
    pieces = [Segment(form.head, False)]
    for place, message in enumerate(messages):
        words = _words(form, message)
        if message.role == "system":
            pieces.append(Segment(form.system + words + form.close, False))
        elif message.role == "user":
            opened = form.shared_end and place > 0 and messages[place - 1].role == "assistant"
            mark = form.user.removeprefix(form.end) if opened else form.user
            pieces.append(Segment(mark + words + form.close, False))
        else:
            train = place == last or not last_only
            pieces.append(Segment(form.assistant, False))
            pieces.append(Segment(words + form.end, train))
            if place != last:  # nothing is learnt from what follows the last reply
                pieces.append(Segment(form.after, False))
    return _joined(pieces)


def _words(form: Format, message: Message) -> str:
    words = message.content.strip()
    for token in form.controls:
        if token in words:
            raise UsageError(
                f"The words of the {message.role} hold “{token}”, which is a control token of {form.name}: "
                "the tokenizer would read it as one. Take it out of the data."
            )
    return words


def _joined(pieces: Sequence[Segment]) -> list[Segment]:
    joined: list[Segment] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].train == piece.train:
            joined[-1] = Segment(joined[-1].text + piece.text, piece.train)
        else:
            joined.append(piece)
    return joined


def _tokens(mark: str) -> list[str]:
    import re

    return re.findall(r"<[^<>\s]+>|\[gMASK\]", mark)
