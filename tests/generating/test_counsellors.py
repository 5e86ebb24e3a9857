"""Claims about the counsellors that ship, in both languages."""

import json

import pytest

from mibench.errors import MissingExtra, UnknownName, UsageError
from mibench.generating.counsellors.adviser import Adviser
from mibench.generating.counsellors.reflector import Reflector
from mibench.generating.models import load_model, public_args


def ask(counsellor, *said):
    messages = [{"role": "system", "content": "你是咨询师。"}]
    for number, text in enumerate(said):
        messages.append({"role": "assistant" if number % 2 else "user", "content": text})
    return counsellor.answer(messages, {})


def test_the_reflector_gives_the_clients_words_back_with_the_persons_swapped():
    assert ask(Reflector(), "我怕打上针就断不了。").startswith("您怕打上针就断不了")


def test_the_reflector_sets_wish_beside_hindrance():
    reply = ask(Reflector(), "我想把烟戒了，可是一应酬就没办法。")
    assert "您想把烟戒了" in reply
    assert "一应酬就没办法" in reply


def test_the_reflector_does_not_advise_when_asked():
    assert ask(Reflector(), "那你说怎么办？").endswith("？")


@pytest.mark.parametrize("said", ["……嗯。", "？", "哦", "。。。"])
def test_the_reflector_has_an_answer_to_silence(said):
    assert ask(Reflector(), said)


@pytest.mark.parametrize("counsellor", [Reflector, Adviser])
def test_the_same_chat_always_gets_the_same_reply(counsellor):
    chat = ("我每天喝两杯奶茶。", "嗯。", "改不了，也不想改。")
    assert ask(counsellor(), *chat) == ask(counsellor(), *chat)


def test_the_adviser_advises_on_what_was_said():
    assert "烟" in ask(Adviser(), "我一天两包烟。")


def test_the_english_reflector_swaps_persons_and_keeps_its_capital():
    messages = [{"role": "user", "content": "Well, I'm scared my kids will see me smoking."}]
    assert Reflector().answer(messages, {"language": "en"}).startswith("You're scared your kids will see you smoking")


def test_the_english_adviser_advises_on_what_was_said():
    messages = [{"role": "user", "content": "I have a pint or two after work."}]
    assert any(word in Adviser().answer(messages, {"language": "en"}) for word in ("drink", "tea", "liver"))


def test_scripted_replies_come_from_the_file_and_a_missing_round_is_named(tmp_path):
    path = tmp_path / "script.jsonl"
    path.write_text(json.dumps({"round": "zh-made-01/01", "text": "照念。", "status": "ignored"}) + "\n")
    scripted = load_model("scripted", {"path": str(path)})
    assert scripted.answer([], {"round": "zh-made-01/01"}) == "照念。"
    with pytest.raises(UsageError, match="has no line for round zh-made-01/02"):
        scripted.answer([], {"round": "zh-made-01/02"})


def test_an_unknown_model_is_answered_with_those_that_exist():
    with pytest.raises(UnknownName, match=r"No model is called “reflektor”\. Did you mean reflector\?.*vllm"):
        load_model("reflektor", {})


def test_a_missing_library_is_answered_with_the_pip_line():
    with pytest.raises(MissingExtra, match=r"pip install 'mibench\[vllm\]'"):
        load_model("vllm", {"pretrained": "any"})


def test_wrong_model_arguments_are_a_sentence():
    with pytest.raises(UsageError, match="reflector does not take these --model-args"):
        load_model("reflector", {"temperature": 1})


def test_secrets_never_reach_the_manifest():
    args = {
        "base_url": "http://user:pw@localhost:1/v1",
        "api_key": "sk-1",
        "auth_token": "t",
        "header": "x",
        "model": "m",
    }
    assert public_args(args) == {"base_url": "http://localhost:1/v1", "model": "m"}
