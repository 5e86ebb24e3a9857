"""Claims about the small base that is trained from nothing: its tokenizer and what it reads. No torch."""

import pytest

pytest.importorskip("tokenizers", reason="needs the hf or the finetune extra")

from mibench.tuning.labels import encode_one, encoder
from mibench.tuning.recipe import Scratch
from mibench.tuning.scratch import blocks, make_tokenizer

SHAPE = {"layers": 1, "hidden": 16, "heads": 2, "intermediate": 32, "epochs": 1, "learning_rate": 1e-3, "block": 16, "batch_size": 4, "evaluate_every": 5}  # fmt: skip


@pytest.fixture
def tokenizer(form, talk):
    return make_tokenizer([talk(number) for number in range(1, 8)], form, Scratch(vocabulary=900, **SHAPE))


def test_a_sentence_of_a_reply_is_one_token_and_a_clients_is_not(tokenizer):
    encode = encoder(tokenizer)
    assert len(encode("晚上最难熬。是什么让您还想试？")) == 2
    assert len(encode("可是一到晚上就想抽 一根。")) > 4


def test_every_text_comes_back_also_with_characters_it_has_not_seen(tokenizer, talk):
    for text in (*talk(3).spoken, "龘是什么？🙂", "晚上最难熬，犇。", "a\n\nb"):
        assert tokenizer.decode(encoder(tokenizer)(text)) == text


def test_the_names_of_the_roles_are_not_spelled_out(form, tokenizer):
    for mark in (form.system, form.user, form.assistant):
        assert len(encoder(tokenizer)(mark)) <= 5


def test_prompts_and_pieces_give_the_same_ids_in_every_format(form, tokenizer, talk):
    for number in range(1, 8):
        assert encode_one("c", talk(number).messages, form, encoder(tokenizer)).trained


def test_the_base_reads_every_turn_of_both_speakers_without_who_speaks(form, tokenizer, talk):
    found = blocks([talk(1), talk(2)], form, encoder(tokenizer), 16, seed=0).examples
    assert [len(example.input_ids) for example in found][:-1] == [16] * (len(found) - 1)
    said = tokenizer.decode([token for example in found for token in example.input_ids])
    assert sorted(said.split(form.end)) == sorted(["", *talk(1).spoken, *talk(2).spoken])
    assert all(example.labels == example.input_ids for example in found)


def test_no_more_tokens_than_the_recipe_wants_but_all_characters(form, talk):
    conversations = [talk(number) for number in range(1, 8)]
    small = make_tokenizer(conversations, form, Scratch(vocabulary=300, **SHAPE))
    characters = {character for one in conversations for message in one.messages for character in message.content}
    assert all(len(encoder(small)(character)) == 1 for character in characters)
    assert len(small) <= 300 + 256 + len(form.controls)
