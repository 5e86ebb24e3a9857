"""What these tests share: conversations, and a real tokenizer of each family, trained here."""

import json
from pathlib import Path

import pytest

from mibench.schema import Message
from mibench.tuning import FORMATS, Conversation

PATTERN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
"""How Llama-3 cuts text before BPE; GLM-4 does the same and Qwen3 takes one digit at a time."""

SAYINGS = (
    "我知道该戒了。",
    "可是一到晚上就想抽 一根。",
    "Maybe 3 or 4 a day.\n\n有时候更多。",
    "医生也说，别再喝了！",
    "那我 试试？",
)
ANSWERS = (
    "您已经想过很多次了。",
    "晚上最难熬。是什么让您还想试？",
    "Some days it runs away from you.",
    "听起来您累了。",
    "您想先从哪儿开始？",
)


def conversation(number=1, rounds=3, **changes):
    """A conversation of so many rounds, different for each number."""
    messages = [Message(role="system", content="你是咨询师。目标：戒烟")]
    for place in range(rounds):
        messages += [
            Message(role="user", content=SAYINGS[(number + place) % 5] + str(number)),
            Message(role="assistant", content=ANSWERS[(number * 3 + place) % 5]),
        ]
    return Conversation(**{"id": f"c{number}", "groups": (f"client {number}",), "messages": tuple(messages), **changes})


@pytest.fixture
def talk():
    return conversation


@pytest.fixture(params=FORMATS)
def form(request):
    return FORMATS[request.param]


def bpe(form, size=700):
    """A byte-level BPE tokenizer with the family's control tokens, as the `tokenizers` library has it."""
    tokenizers = pytest.importorskip("tokenizers", reason="needs the hf or the finetune extra")
    from tokenizers import AddedToken, Regex, decoders, models, pre_tokenizers, trainers

    made = tokenizers.Tokenizer(models.BPE())
    cut = pre_tokenizers.Split(Regex(PATTERN), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [cut, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    made.train_from_iterator([*SAYINGS, *ANSWERS] * 3, trainer)
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in form.controls])
    return made


@pytest.fixture
def encode(form):
    made = bpe(form)
    return lambda text: made.encode(text, add_special_tokens=False).ids


@pytest.fixture
def write_rows(tmp_path):
    """Write JSON lines: write_rows([…], "name.jsonl") → path."""

    def write(rows, name="data.jsonl"):
        path = Path(tmp_path) / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return write
