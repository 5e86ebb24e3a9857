"""Claims about reading, splitting and guarding training data. No torch."""

import json

import pytest

from mibench.errors import BadRecord, UsageError
from mibench.tuning import load_prepared, prepare, read_conversations


def chat(number, **extra):
    return {
        "messages": [{"role": "user", "content": f"第{number}次来。"}, {"role": "assistant", "content": "您又来了。"}],
        **extra,
    }


def test_the_three_forms_give_the_same_words(write_rows, made):
    turns = made()["turns"]
    pairs = [(turn["speaker"], turn["text"]) for turn in turns]
    names = {"client": ("user", "human"), "counsellor": ("assistant", "gpt")}
    forms = {
        "dialogues": made(),
        "messages": {"messages": [{"role": names[who][0], "content": words} for who, words in pairs]},
        "sharegpt": {"conversations": [{"from": names[who][1], "value": words} for who, words in pairs]},
    }
    found = {}
    for form, row in forms.items():
        (conversation,), source = read_conversations(write_rows([row], f"{form}.jsonl"))
        assert source.form == form
        found[form] = conversation.spoken
    assert found["dialogues"] == found["messages"] == found["sharegpt"] == [words for _, words in pairs]


def test_a_dialogue_is_trained_with_the_prompt_it_is_tested_with(write_rows, made):
    from mibench.schema import Dialogue, Round
    from mibench.suites import chat_messages, load_suite

    (conversation,), _ = read_conversations(write_rows([made()]))
    dialogue = Dialogue.model_validate_json(json.dumps(made()))
    asked = chat_messages(Round(id="x/01", dialogue=dialogue, number=1), load_suite("mi_zh").prompt)
    assert list(conversation.messages[:2]) == asked


def test_a_json_array_and_a_client_who_speaks_last_are_taken(tmp_path):
    rows = [
        {
            "conversations": [
                {"from": "human", "value": "在吗"},
                {"from": "gpt", "value": "在"},
                {"from": "human", "value": "好"},
            ]
        }
    ]
    path = tmp_path / "array.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    (conversation,), source = read_conversations(path)
    assert conversation.spoken == ["在吗", "在"]
    assert source.cut == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"messages": []}, "empty"),
        ({"messages": [{"role": "doctor", "content": "x"}]}, "by “doctor”; roles that can be read"),
        ({"messages": [{"role": "user", "content": " "}]}, "turn 1 is empty"),
        ({"messages": [{"role": "user"}]}, "turn 1 has no text under “content”"),
        ({"messages": [{"role": "user", "content": "x"}]}, "no round"),
        ({"messages": [{"role": "user", "content": "x"}, {"role": "system", "content": "y"}]}, "system message"),
        ({"text": "x"}, "has none of messages"),
        ({"turns": [{"speaker": "client"}]}, "id: Field required"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(write_rows, row, said):
    path = write_rows([chat(1), row])
    with pytest.raises(BadRecord, match=said) as error:
        read_conversations(path)
    assert f"{path.name}:2" in str(error.value)


def test_an_empty_file_is_a_sentence(tmp_path):
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(UsageError, match="holds no conversation"):
        read_conversations(tmp_path / "empty.jsonl")


def test_clients_and_scenarios_are_never_parted_even_through_others(write_rows, tmp_path):
    rows = [chat(n, id=f"d{n}", client=f"client {n // 2}", scenario=f"scenario {(n + 1) // 2}") for n in range(8)]
    rows += [chat(n, id=f"d{n}", client=f"alone {n}") for n in range(8, 30)]
    prepare([write_rows(rows)], tmp_path / "out", valid_share=0.3, seed=1)
    _, train, valid = load_prepared(tmp_path / "out")
    assert {group for one in train for group in one.groups} & {group for one in valid for group in one.groups} == set()
    chained = {f"d{n}" for n in range(8)}
    assert chained <= {one.id for one in train} or chained <= {one.id for one in valid}
    assert len(valid) >= 0.3 * 30


def test_data_of_one_client_cannot_be_split_and_says_so(write_rows, tmp_path):
    with pytest.raises(UsageError, match="share clients or scenarios"):
        prepare([write_rows([chat(n, client="one") for n in range(3)])], tmp_path / "out")


def test_words_of_a_test_suite_are_refused_and_an_override_is_on_record(write_rows, small_suite, tmp_path):
    from mibench.suites import load_suite

    leaked = next(turn.text for turn in load_suite("mi_zh").dialogues[0].turns if len(turn.text) > 20)
    rows = [chat(n, id=f"d{n}") for n in range(6)]
    rows[3]["messages"][0]["content"] = f"嗯，{leaked}"
    path = write_rows(rows)
    with pytest.raises(UsageError, match=r"1 of 6 .* mi_zh .*d3 and zh-.*--allow-overlap"):
        prepare([path], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    manifest = prepare([path], tmp_path / "out", allow_overlap=True)
    assert manifest.overlap_allowed
    assert {overlap.suite: overlap.conversations for overlap in manifest.overlap} == {"mi_en": 0, "mi_zh": 1}
    assert load_prepared(tmp_path / "out")[0] == manifest


def test_a_suite_of_ones_own_is_guarded_too(write_rows, small_suite, made, tmp_path):
    folder = small_suite(2)
    path = write_rows([made(1), made(2)])
    with pytest.raises(UsageError, match="share words with the test suite made"):
        prepare([path], tmp_path / "out", suites=[str(folder)])


def test_the_shipped_corpora_share_nothing_with_the_suites_and_a_seed_repeats_the_split(root, tmp_path):
    files = [root / f"finetune/data/mi_{language}_train.jsonl" for language in ("zh", "en")]
    one = prepare(files, tmp_path / "one")
    assert not one.overlap_allowed
    assert all(overlap.conversations == 0 for overlap in one.overlap)
    assert prepare(files, tmp_path / "two").digest == one.digest
    assert prepare(files, tmp_path / "three", seed=7).digest != one.digest


def test_files_that_were_changed_after_preparing_are_refused(write_rows, tmp_path):
    prepare([write_rows([chat(n, id=f"d{n}") for n in range(6)])], tmp_path / "out")
    train = tmp_path / "out/train.jsonl"
    train.write_text(train.read_text(encoding="utf-8").replace("您又来了。", "您来了。"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"not those its manifest\.json describes"):
        load_prepared(tmp_path / "out")
