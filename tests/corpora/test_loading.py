"""Claims about loaders: one form comes out, and whatever was done to get there is counted."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibench.corpora.loading import load_source
from mibench.errors import BadRecord, UnknownName, UsageError


def loaded(spec, **options):
    loading = load_source(str(spec), **options)
    return list(loading), loading.report()


def counts(notes):
    return {note.what: note.count for note in notes}


@pytest.fixture
def text_case(tmp_path):
    """text_case("来访者：…") → the spec of a folder with one CPsyCounD file of these words (or bytes)."""

    def write(words):
        (tmp_path / "d").mkdir(exist_ok=True)
        (tmp_path / "d/case_1.txt").write_bytes(words if isinstance(words, bytes) else words.encode())
        return f"cpsycound:{tmp_path / 'd'}"

    return write


PLAIN = "来访者：一\n\n心理咨询师：二\n\n来访者：三\n\n心理咨询师：四\n"


def texts(dialogue):
    return [(turn.speaker, turn.text) for turn in dialogue.turns]


def test_a_plain_dialogue_is_neither_mended_nor_irregular(text_case):
    (dialogue,), report = loaded(text_case(PLAIN), strict=True)
    assert texts(dialogue) == [("client", "一"), ("counsellor", "二"), ("client", "三"), ("counsellor", "四")]
    assert (report.found, report.loaded, report.irregular, report.mended, report.left_out) == (1, 1, 0, (), ())


@pytest.mark.parametrize(
    "spoiled",
    [
        PLAIN.rstrip("\n"),
        "\ufeff" + PLAIN,
        PLAIN.replace("：", ":"),
        PLAIN.replace("来访者：", "来访者: ", 1),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("心理咨询师：", "**心理咨询师**："),
        PLAIN.replace("来访者：", "　来访者 ："),
    ],
    ids=["no final newline", "BOM", "narrow colons", "mixed colons", "CRLF", "bold marks", "wide spaces"],
)
def test_how_a_file_is_written_does_not_matter(text_case, spoiled):
    assert texts(loaded(text_case(spoiled), strict=True)[0][0]) == texts(loaded(text_case(PLAIN))[0][0])


def test_list_lines_belong_to_the_turn_before_and_directions_and_afterwords_to_nobody(text_case):
    (dialogue,), report = loaded(
        text_case(
            "来访者：一\n心理咨询师：两点：\n1. 建立沟通：多说\n2. 倾听\n（一段时间后）\n来访者：好\n心理咨询师：嗯\n（请注意，此对话仅供参考。）\n"
        )
    )
    assert dialogue.turns[1].text == "两点：\n1. 建立沟通：多说\n2. 倾听"
    assert counts(report.mended) == {
        "lines without a speaker, joined to the turn before": 2,
        "stage directions and narration left out": 1,
        "remarks of the writing model left out": 1,
    }
    assert report.irregular == 1


def test_a_speaker_twice_in_a_row_is_one_turn(text_case):
    (dialogue,), report = loaded(text_case(PLAIN + "心理咨询师：五\n"))
    assert dialogue.turns[-1].text == "四\n五"
    assert counts(report.mended) == {"turns of one speaker in a row, joined": 1}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (PLAIN + "妈妈：他从小就这样\n", "a third person speaks"),
        (PLAIN + "小红：你好\n心理咨询师：好\n小红：再见\n", "a third person speaks"),
        (PLAIN.replace("来访者：一", "来访者1：一").replace("来访者：三", "来访者2：三"), "more than one client speaks"),
        (PLAIN.replace("来访者：一", "来访者（姚先生）：一").replace("来访者：三", "来访者（姚太太）：三"), "more than one client speaks"),
        ("来访者：有人吗\n", "nobody answers"),
        ("", "nobody answers"),
        (PLAIN.encode("gb18030"), "not UTF-8"),
        (f"来访者：{'长' * 4001}\n心理咨询师：二\n", "a turn of more than 4,000 characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_left_out_with_its_reason(text_case, words, why):
    found, report = loaded(text_case(words))
    assert found == []
    assert counts(report.left_out) == {why: 1}
    assert (report.found, report.loaded, report.irregular) == (1, 0, 1)
    assert report.left_out[0].places == ("case_1",)


def test_one_client_under_a_number_a_name_or_a_manner_is_one_client(text_case):
    for mark in ("来访者1", "来访者（姚先生）", "来访者（哭泣）", "小明"):
        (dialogue,), _ = loaded(text_case(PLAIN.replace("来访者", mark)))
        assert texts(dialogue)[0] == ("client", "一")


def test_strict_mode_says_where_the_first_fault_is(text_case):
    with pytest.raises(BadRecord, match=r"case_1\.txt:7: .*turns of one speaker in a row.*Without --strict"):
        loaded(text_case(PLAIN.replace("心理咨询师：四", "来访者：四")), strict=True)
    with pytest.raises(BadRecord, match=r"case_1\.txt:9: left out: a third person speaks"):
        loaded(text_case(PLAIN + "\n妈妈：他从小就这样"), strict=True)


def test_a_ten_megabyte_line_is_left_out_and_the_others_are_read(tmp_path):
    path = tmp_path / "rows.jsonl"
    good = {"messages": [{"role": "user", "content": "在吗"}, {"role": "assistant", "content": "在"}]}
    huge = {"messages": [{"role": "user", "content": "长" * 3_500_000}, {"role": "assistant", "content": "在"}]}
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in (good, huge, good)), encoding="utf-8")
    assert path.stat().st_size > 10_000_000
    found, report = loaded(f"messages:{path}")
    assert len(found) == 2
    assert counts(report.left_out) == {"a turn of more than 4,000 characters": 1}


FORMS = {
    "messages": {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "一"},
                              {"role": "assistant", "content": "二"}]},
    "sharegpt": {"conversations": [{"from": "human", "value": "一"}, {"from": "gpt", "value": "二"}], "system": "s"},
    "alpaca": {"instruction": "一", "input": "", "output": "二", "history": [], "system": "s"},
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("shape", ["array", "array in lines", "lines", "object"])
def test_every_form_reads_arrays_lines_and_single_objects(tmp_path, name, shape):
    path, row = tmp_path / "rows.json", FORMS[name]
    text = {
        "array": json.dumps([row, row]),
        "array in lines": json.dumps([row, row], indent=2, ensure_ascii=False),
        "lines": f"{json.dumps(row)}\n\n{json.dumps(row)}",
        "object": json.dumps(row, indent=1),
    }[shape]
    path.write_text(text, encoding="utf-8")
    found, report = loaded(f"{name}:{path}", strict=True)
    assert len(found) == (1 if shape == "object" else 2)
    assert {tuple(texts(dialogue)) for dialogue in found} == {(("client", "一"), ("counsellor", "二"))}
    assert counts(report.mended)["system prompts left out"] == len(found)
    assert report.irregular == 0


def test_alpacas_history_comes_before_its_instruction(tmp_path):
    path = tmp_path / "CPsyCounD.json"
    row = {"instruction": "三", "input": "", "output": "四", "history": [["一", "二"]]}
    path.write_text(json.dumps([row]), encoding="utf-8")
    for name in ("alpaca", "cpsycound"):
        (dialogue,), _ = loaded(f"{name}:{path}")
        assert [turn.text for turn in dialogue.turns] == ["一", "二", "三", "四"]


@pytest.mark.parametrize(
    "text", ['[{"messages": 3}]', '[{"messages": [{"role": "user"}]}]', '[{"x": 1}]', "[3]", '{"messages": 1}', "[{", "{", "x", "[1,,2]"]
)  # fmt: skip
def test_rows_of_another_form_are_left_out_in_the_words_of_what_is_missing(tmp_path, text):
    path = tmp_path / "rows.json"
    path.write_text(text, encoding="utf-8")
    found, report = loaded(f"messages:{path}")
    assert found == []
    assert all(note.what.startswith("not of the corpus's form: ") for note in report.left_out)
    with pytest.raises(BadRecord, match=r"rows\.json:1"):
        loaded(f"messages:{path}", strict=True)


def test_an_unknown_role_is_a_third_person(tmp_path):
    path = tmp_path / "rows.json"
    rows = [
        {
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "tool", "content": "b"},
                {"role": "assistant", "content": "c"},
            ]
        }
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert counts(loaded(f"messages:{path}")[1].left_out) == {"a third person speaks": 1}


def test_samples_cut_from_one_dialogue_are_one_dialogue(tmp_path):
    """PsyDTCorpus's test file: 240 dialogues in 4,311 samples; how it is cut is not documented."""
    talk = [{"role": "system", "content": "s"}]
    for n in range(4):
        talk += [{"role": "user", "content": f"问{n}"}, {"role": "assistant", "content": f"答{n}"}]
    other = [*talk[:3], {"role": "user", "content": "别的"}, {"role": "assistant", "content": "嗯"}]
    rows = [{"id": n, "normalizedTag": "婚恋", "messages": talk[: 3 + 2 * n]} for n in (1, 0, 3, 2)]
    rows.append({"id": 9, "normalizedTag": "家庭", "messages": other})
    path = tmp_path / "PsyDTCorpus_test_single_turn_split.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    found, report = loaded(f"psydt:{path}")
    assert sorted((d.rounds, d.topic) for d in found) == [(2, "家庭"), (4, "婚恋")]
    assert report.irregular == 0


def test_ids_that_stand_twice_are_numbered_and_same_words_are_counted(tmp_path):
    path = tmp_path / "rows.jsonl"
    row = {"id": "a", **FORMS["messages"]}
    path.write_text("\n".join([json.dumps(row)] * 3), encoding="utf-8")
    found, report = loaded(f"messages:{path}")
    assert [dialogue.id for dialogue in found] == ["messages/a", "messages/a.2", "messages/a.3"]
    assert counts(report.mended)["dialogues with the very words of an earlier one, kept"] == 2


def test_invisible_characters_are_taken_out_and_counted(text_case):
    (dialogue,), report = loaded(text_case("来访者：一\u200b二\x07\n心理咨询师：好\n"))
    assert dialogue.turns[0].text == "一二"
    assert counts(report.mended) == {"turns with invisible or control characters, taken out": 1}


def test_a_hub_dataset_is_read_through_datasets(tmp_path, monkeypatch):
    """A local folder stands for the hub: the same library reads both."""
    (tmp_path / "org/name").mkdir(parents=True)
    (tmp_path / "org/name/train.jsonl").write_text(json.dumps(FORMS["messages"]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (dialogue,), _ = loaded("messages:hub:org/name#train")
    assert [turn.text for turn in dialogue.turns] == ["一", "二"]
    with pytest.raises(UsageError, match="could not be opened"):
        loaded("messages:hub:org/name#nosuchsplit")


def test_ones_own_dialogues_are_chinese_or_english_by_their_characters(tmp_path):
    path = tmp_path / "rows.jsonl"
    english = {
        "messages": [{"role": "user", "content": "I can't sleep."}, {"role": "assistant", "content": "Since when?"}]
    }
    path.write_text(f"{json.dumps(FORMS['messages'])}\n{json.dumps(english)}", encoding="utf-8")
    assert [dialogue.language for dialogue in loaded(f"messages:{path}")[0]] == ["zh", "en"]


def test_wrong_names_and_paths_are_sentences(tmp_path):
    with pytest.raises(UnknownName, match="Did you mean smilechat"):
        load_source("smilchat:x")
    with pytest.raises(UsageError, match="says no path"):
        load_source("smilechat")
    with pytest.raises(UsageError, match="There is no"):
        load_source(f"smilechat:{tmp_path / 'nowhere'}")
    with pytest.raises(UsageError, match="No dialogue was found"):
        loaded(f"smilechat:{tmp_path}")
    with pytest.raises(UsageError, match="is no dataset of cpsycoune"):
        load_source("cpsycoune:hub:a/b")


WORDS = st.text(alphabet="一二三：:“”\"'「」（）()[]{}\\\n \t,。嗯…🙂来访者心理咨询师", max_size=40)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["来访者", "心理咨询师", "来访者2", "妈妈", ""]), WORDS), max_size=12),
    st.booleans(),
)
def test_no_text_breaks_the_loader_and_what_comes_out_alternates(tmp_path_factory, lines, bom):
    folder = tmp_path_factory.mktemp("hostile")
    text = "\n".join(f"{who}：{words}" if who else words for who, words in lines)
    (folder / "case_1.txt").write_text(("\ufeff" if bom else "") + text, encoding="utf-8")
    found, report = loaded(f"cpsycound:{folder}")
    assert report.found == 1
    assert report.loaded == len(found) == 1 - sum(note.count for note in report.left_out)
    for dialogue in found:  # the record itself refuses what does not alternate
        assert all(turn.text.strip() for turn in dialogue.turns)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["client", "counselor", "user", "oops"]), WORDS), max_size=8), st.integers(0, 3)
)
def test_no_json_breaks_the_loader_whole_or_cut_off(tmp_path_factory, said, cut):
    folder = tmp_path_factory.mktemp("hostile")
    text = json.dumps([{"role": who, "content": words} for who, words in said], ensure_ascii=False)
    (folder / "1.json").write_text(text[: len(text) - cut], encoding="utf-8")
    found, report = loaded(f"smilechat:{folder}")
    assert report.found == 1
    assert len(found) + sum(note.count for note in report.left_out) == 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
                             lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
                             max_leaves=6), max_size=6),
       st.sampled_from([None, 2]), st.integers(3, 40))  # fmt: skip
def test_the_stream_reads_what_json_reads(tmp_path_factory, rows, indent, chunk):
    from mibench.corpora.loading import json_files

    path = tmp_path_factory.mktemp("stream") / "rows.json"
    path.write_text(json.dumps(rows, indent=indent, ensure_ascii=chunk % 2 == 0), encoding="utf-8")
    before, json_files.CHUNK = json_files.CHUNK, chunk
    try:
        assert [value.value for value in json_files.values(path)] == rows
    finally:
        json_files.CHUNK = before
