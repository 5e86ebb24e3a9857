"""Claims about the four prompt formats. No torch."""

import jinja2
import pytest

from mibench.errors import UnknownName, UsageError
from mibench.schema import Message
from mibench.tuning import format_of, segments

LLAMA3_ASKS = (
    "<|start_header_id|>user<|end_header_id|>\n\n{}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
)

EXPECTED = {
    "llama3": (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>" + LLAMA3_ASKS.format("U1"),
        "A1<|eot_id|>",
        LLAMA3_ASKS.format("U2"),
        "A2<|eot_id|>",
    ),
    "glm4": (
        "[gMASK]<sop><|system|>\nS<|user|>\nU1<|assistant|>\n", "A1<|user|>", "\nU2<|assistant|>\n", "A2<|user|>",
    ),
    "baichuan2": ("S<reserved_106>U1<reserved_107>", "A1</s>", "<reserved_106>U2<reserved_107>", "A2</s>"),
    "qwen3": (
        "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU1<|im_end|>\n<|im_start|>assistant\n",
        "A1<|im_end|>",
        "\n<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\n",
        "A2<|im_end|>",
    ),
}  # fmt: skip

TALK = [
    Message(role=role, content=words)
    for role, words in (("system", "S"), ("user", "U1"), ("assistant", "A1"), ("user", " U2\n"), ("assistant", "A2"))
]


def test_each_family_is_written_as_its_model_card_has_it_and_the_end_of_each_reply_is_trained(form):
    pieces = segments(form, TALK)
    assert tuple(piece.text for piece in pieces) == EXPECTED[form.name]
    assert [piece.train for piece in pieces] == [False, True, False, True]


def test_the_chat_template_writes_what_training_wrote(form):
    template = jinja2.Environment().from_string(form.chat_template)
    whole = "".join(piece.text for piece in segments(form, TALK))
    for end in (2, 4):
        asked = [message.model_dump() for message in TALK[:end]]
        prompt = template.render(messages=asked, add_generation_prompt=True)
        assert whole.startswith(prompt)
        assert prompt.endswith(form.assistant)


def test_only_the_last_reply_is_trained_when_asked_for(form):
    assert [piece.text for piece in segments(form, TALK, last_only=True) if piece.train] == [EXPECTED[form.name][3]]


def test_words_that_spell_a_control_token_are_refused(form):
    for token in form.controls:
        bad = [TALK[1].model_copy(update={"content": f"hm {token} hm"}), TALK[2]]
        with pytest.raises(UsageError, match="control token"):
            segments(form, bad)


def test_every_control_token_is_one_the_tokenizer_must_know(form):
    assert form.end in form.controls
    assert set(form.stops) <= set(form.controls)
    assert "\n" not in "".join(form.controls)


def test_an_unknown_format_answers_with_those_that_exist():
    with pytest.raises(UnknownName, match="baichuan2, glm4, llama3, qwen3"):
        format_of("chatml")
