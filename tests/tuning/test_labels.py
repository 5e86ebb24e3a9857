"""Claims about token ids and labels, with real tokenizers. No torch."""

import pytest

from mibench.errors import UsageError
from mibench.tuning import segments
from mibench.tuning.labels import IGNORED, check_losses, encode_all, encode_one


def test_pieces_give_the_ids_of_the_whole(form, encode, talk):
    for number in range(1, 12):
        messages = talk(number).messages
        example = encode_one("c", messages, form, encode)
        assert example.input_ids == encode("".join(piece.text for piece in segments(form, messages)))


def test_labels_are_the_replies_each_with_its_end_and_nothing_else(form, encode, talk):
    messages = talk(2).messages
    example = encode_one("c", messages, form, encode)
    learnt = [label for label in example.labels if label != IGNORED]
    replies = [message.content + form.end for message in messages if message.role == "assistant"]
    assert learnt == encode("".join(replies))
    assert learnt.count(encode(form.end)[0]) == 3
    assert example.labels[-1] == encode(form.end)[0]
    assert all(label in (IGNORED, token) for token, label in zip(example.input_ids, example.labels, strict=True))


def test_a_long_conversation_loses_whole_rounds_and_is_counted(form, encode, talk):
    long, short = talk(1, rounds=6), talk(2, rounds=1)
    room = len(encode_one("c", long.messages[:-4], form, encode).input_ids)
    found = encode_all([long, short], form, encode, room)
    assert found.truncated == ["c1"]
    assert found.dropped == []
    assert len(found.examples[0].input_ids) == room
    assert all(example.labels[-1] == encode(form.end)[0] for example in found.examples)


def test_what_does_not_fit_at_all_is_dropped_counted_and_fails(form, encode, talk):
    found = encode_all([talk(1), talk(2)], form, encode, 16)
    assert found.dropped == ["c1", "c2"]
    with pytest.raises(UsageError, match="None of 2 conversations fits into 16 tokens"):
        check_losses(found, 1, 1, 16)


def test_thresholds_name_the_key_to_change(form, encode, talk):
    some = [talk(number, rounds=5 if number == 1 else 1) for number in range(1, 5)]
    room = max(len(encode_one("c", each.messages, form, encode).input_ids) for each in some[1:])
    found = encode_all(some, form, encode, room)
    assert found.truncated == ["c1"]
    with pytest.raises(UsageError, match=r"1 of 4 .* max_truncated=0\.2 allows 20%"):
        check_losses(found, 0, 0.2, room)
    check_losses(found, 0, 0.25, room)


def test_a_tokenizer_of_another_family_is_refused(form, talk):
    def encode(text):
        return list(text.encode())

    with pytest.raises(UsageError, match="is the base model of that family"):
        encode_one("c", talk(1).messages, form, encode)


def test_a_tokenizer_that_joins_across_pieces_is_refused(form, encode, talk):
    with pytest.raises(UsageError, match="other tokens for the whole prompt"):
        encode_one("c", talk(1).messages, form, lambda text: [0, *encode(text)])


def test_a_conversation_without_a_reply_is_refused(form, encode, talk):
    with pytest.raises(UsageError, match="nothing in it would be learnt"):
        encode_one("c", talk(1).messages[:2], form, encode)
