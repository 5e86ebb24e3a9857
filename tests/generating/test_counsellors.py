"""Claims about the counsellors that ship, in both languages."""

import json
import subprocess
import sys

import numpy as np
import pytest

from mibench.errors import MissingExtra, UnknownName, UsageError
from mibench.generating.counsellors.adviser import Adviser
from mibench.generating.counsellors.reflector import Reflector
from mibench.generating.counsellors.retrieval import GRAMS, Memory, Retrieval, corpus
from mibench.generating.models import load_model, public_args
from mibench.suites import load_suite, read_dialogues
from mibench.suites.chat import chat_messages


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


def retrieved(name, root):
    """A suite, what the retrieval counsellor says in its rounds, and the corpus of that language."""
    suite, language = load_suite(name), name[-2:]
    training = read_dialogues(root / f"finetune/data/mi_{language}_train.jsonl")
    counsellor = load_model("retrieval", {})
    chats = [[message.model_dump() for message in chat_messages(round_, suite.prompt)] for round_ in suite.rounds]
    return suite, [counsellor.answer(chat, {"language": language}) for chat in chats], training


@pytest.mark.parametrize("name", ["mi_zh", "mi_en"])
def test_every_retrieved_reply_is_a_counsellors_turn_of_the_training_corpus_and_none_is_the_suites(name, root):
    suite, replies, training = retrieved(name, root)
    assert set(replies) <= {turn.text for dialogue in training for turn in dialogue.turns[1::2]}
    assert not set(replies) & {turn.text for dialogue in suite.dialogues for turn in dialogue.turns}
    assert len(set(replies)) > len(replies) / 4  # a few turns that are near to everything would be no retrieval


def test_the_retrieval_counsellor_opens_its_corpus_no_file_of_a_suite_and_no_scikit_learn(root):
    """Asked in a process of its own in which every file that is opened is told."""
    code = (
        "from mibench.generating.counsellors.retrieval import Retrieval\n"
        "import sys\n"
        "sys.addaudithook(lambda event, args: print('opened', args[0]) if event == 'open' else None)\n"
        "print(Retrieval().answer([{'role': 'user', 'content': '我想戒烟。'}], {}))\n"
        "print('sklearn' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout.splitlines()
    opened = [line for line in shown if line.startswith("opened")]
    assert any("mi_zh_train.jsonl" in line for line in opened)
    assert not [line for line in opened if str(root / "tasks") in line]
    assert shown[-1] == "False"


def test_the_retrieval_counsellor_gives_a_training_dialogue_its_own_next_turn(root):
    for language in ("zh", "en"):
        dialogue = read_dialogues(root / f"finetune/data/mi_{language}_train.jsonl")[5]
        chat = [
            {"role": "user" if turn.speaker == "client" else "assistant", "content": turn.text}
            for turn in dialogue.turns[:7]
        ]
        assert Retrieval().answer(chat, {"language": language}) == dialogue.turns[7].text


def test_the_clients_last_words_count_most(root):
    last = read_dialogues(root / "finetune/data/mi_en_train.jsonl")[3].turns
    chat = [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hello, what brings you here?"}]
    reply = Retrieval().answer([*chat, {"role": "user", "content": last[4].text}], {"language": "en"})
    assert reply == last[5].text


def test_the_retrieval_counsellors_nearest_turn_is_that_of_scikit_learns_counts():
    """The same n-grams counted by `CountVectorizer`, on clients' first turns; the formula as its docstring has it."""
    from sklearn.feature_extraction.text import CountVectorizer

    dialogues = read_dialogues(corpus("en"))
    firsts, replies = ([dialogue.turns[place].text for dialogue in dialogues] for place in (0, 1))
    memory = Memory([([first], reply) for first, reply in zip(firsts, replies, strict=True)], GRAMS["en"])
    counter = CountVectorizer(analyzer="char", ngram_range=GRAMS["en"]).fit(firsts)
    logs = np.log1p(counter.transform(firsts).toarray())
    rarity = np.log((1 + len(firsts)) / (1 + (logs > 0).sum(axis=0)))
    known = logs * rarity / np.linalg.norm(logs * rarity, axis=1, keepdims=True)
    for dialogue in load_suite("mi_en").dialogues:
        asked = np.log1p(counter.transform([dialogue.turns[0].text]).toarray()[0]) * rarity
        assert memory.nearest([dialogue.turns[0].text]) == replies[int((known @ asked).round(9).argmax())]
