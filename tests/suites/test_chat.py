"""Claims about the chat a model sees."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from mibench.schema import Message
from mibench.suites import CLIENT_SPEAKS, chat_messages, load_suite, normalised, plain_transcript


def chat(*pairs):
    return [Message(role=role, content=content) for role, content in pairs]


def test_a_round_becomes_system_then_user_and_assistant_in_turn(small_suite):
    suite = load_suite(small_suite(1))
    messages = chat_messages(suite.rounds[1], suite.prompt)
    assert [message.role for message in messages] == ["system", "user", "assistant", "user"]
    assert messages[0].content == "你是咨询师。目标：戒烟"


def test_the_system_prompt_may_stand_in_the_first_user_turn(small_suite):
    suite = load_suite(small_suite(1))
    messages = chat_messages(suite.rounds[0], suite.prompt, "in-first-user-turn")
    assert messages == chat(("user", "你是咨询师。目标：戒烟\n\n想戒，又怕戒不掉。"))


def test_an_unknown_name_in_the_prompt_fails_loudly(small_suite):
    with pytest.raises(UndefinedError):
        chat_messages(load_suite(small_suite(1)).rounds[0], "{{ reference }}")


def test_braces_in_what_a_client_says_are_not_rendered(small_suite, made):
    row = made(1)
    row["turns"][0] = {"speaker": "client", "text": "{{ 7*7 }}", "talk": [{"text": "{{ 7*7 }}", "talk": "neutral"}]}
    suite = load_suite(small_suite(lines=[row]))
    assert chat_messages(suite.rounds[0], suite.prompt)[1].content == "{{ 7*7 }}"


def test_runs_of_one_speaker_are_merged_and_an_opening_by_the_assistant_goes_to_the_system():
    messages = chat(
        ("system", "S"), ("assistant", "您好"), ("user", "a"), ("user", "b"), ("assistant", "c"), ("user", "d")
    )
    assert normalised(messages) == chat(
        ("system", "S\n\n（您好）"), ("user", "a\nb"), ("assistant", "c"), ("user", "d")
    )


@given(st.lists(st.tuples(st.sampled_from(["system", "user", "assistant"]), st.text(min_size=1)), min_size=1))
@example([("system", "\r"), ("assistant", "0")])
def test_normalised_chats_satisfy_the_strictest_template_and_lose_no_word(pairs):
    messages = normalised(chat(*pairs))
    roles = [message.role for message in messages]
    assert "system" not in roles[1:]
    turns = [role for role in roles if role != "system"]
    assert turns == ["user" if place % 2 == 0 else "assistant" for place in range(len(turns))]
    whole = "\0".join(message.content for message in messages)
    assert all(content in whole for _, content in pairs)


def test_a_plain_transcript_ends_where_the_counsellor_speaks():
    text = plain_transcript(chat(("system", "S"), ("user", "想戒。"), ("assistant", "嗯？"), ("user", "难。")), "zh")
    assert text == "S\n\n来访者：想戒。\n咨询师：嗯？\n来访者：难。\n咨询师："


@pytest.mark.parametrize("text", ["好的。\n来访者：我", "**来访者**：我", "Client: well", "嗯\n\n 用户: 好"])
def test_a_line_written_for_the_client_is_noticed(text):
    assert CLIENT_SPEAKS.search(text)


@pytest.mark.parametrize("text", ["我见过一位来访者：他也这样", "您的客户：他们怎么看？吗", "好的"])
def test_a_client_who_is_only_mentioned_is_not(text):
    assert not CLIENT_SPEAKS.search(text)
