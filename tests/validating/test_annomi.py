"""Claims about reading AnnoMI, on made tables of its shape."""

import pytest

from mibench.errors import BadRecord, UnknownName, UsageError
from mibench.judging import load_judge
from mibench.schema import Label
from mibench.validating.coded import load_annomi, load_coded


def notes(corpus):
    return {note.what.split(",")[0]: note.count for note in corpus.notes}


def test_an_item_is_told_the_turns_before_it_the_goal_and_nothing_that_gives_the_quality_away(annomi, utterance):
    corpus = load_annomi(annomi([utterance(0), utterance(1, "client", "sure"), utterance(2, words="go on")]))
    first, second = corpus.items
    assert (first.id, second.id) == ("annomi-001/000", "annomi-001/002")
    assert first.occasion.history == ()
    assert second.occasion.history == (("counsellor", "words 0"), ("client", "sure"))
    assert second.occasion.change_goal == "smoking cessation"
    assert (second.reply, second.quality, second.group) == ("go on", "high", "https://v/1")
    told = corpus.model_dump_json(include={"items": {"__all__": {"occasion"}}, "sessions": {"__all__": {"occasion"}}})
    assert not [word for word in ("high", "GOOD", "https") if word in told]
    assert corpus.sessions[0].items == (first.id, second.id)
    assert corpus.client_items[0].codings[0].talk == "neutral"


def test_the_offline_judge_rates_an_opening_and_a_reply_behind_the_counsellors_own_words(annomi, utterance):
    corpus = load_annomi(
        annomi([utterance(0), utterance(1), utterance(2, "client", "sure"), utterance(3), utterance(4)])
    )
    judge = load_judge("offline")
    assert [item.occasion.client for item in corpus.items] == ["", "", "sure", "sure"]
    assert {judge.rate(item.occasion, item.reply).status for item in corpus.items} == {"rated"}


def test_ten_coders_are_ten_codings_and_each_keeps_its_own_labels(annomi, utterance):
    rows = [
        utterance(0, annotator_id=coder, reflection_subtype="complex" if coder < 3 else "simple") for coder in range(8)
    ]
    rows += [
        utterance(0, annotator_id=coder, reflection_exists="False", reflection_subtype="n/a", question_exists="True",
                  therapist_input_exists="True", therapist_input_subtype="advice", main_therapist_behaviour="question")
        for coder in (9, 8)
    ]  # fmt: skip
    (item,) = load_annomi(annomi(rows)).items
    assert [coding.coder for coding in item.codings] == list("0123456789")
    assert item.codings[9].labels == ("question", "therapist input", "advice")
    assert item.codings[9].main == "question"
    assert item.share("reflection") == 0.8
    assert item.share("complex reflection") == 0.3
    assert item.share("advice") == 0.2


def test_labels_stand_for_miti_codes_and_advice_for_both_kinds_of_persuasion(annomi, utterance):
    corpus = load_annomi(annomi([utterance(0)]))
    assert corpus.label("reflection").share({"SR": 0.25, "CR": 0.5, "Q": 1}) == 0.75
    assert corpus.label("advice").share({"PwP": 0.7, "Persuade": 0.7}) == 1
    assert corpus.label("options") == Label(name="options", codes=())


def test_the_simple_table_leaves_open_what_it_cannot_say(annomi, utterance):
    rows = [
        utterance(0, main_therapist_behaviour="question"),
        utterance(1, "client"),
        utterance(2, main_therapist_behaviour="other"),
    ]
    corpus = load_annomi(annomi(rows, "AnnoMI-simple.csv"))
    question, other = corpus.items
    assert question.share("question") == 1
    assert question.share("reflection") is None
    assert other.share("reflection") == 0
    assert [label.name for label in corpus.labels] == ["reflection", "question", "therapist input"]


def test_topics_are_stripped_and_an_unidentifiable_one_is_no_goal(annomi, utterance):
    topics = {1: "smoking cessation ", 2: "smoking cessation", 3: "unidentifiable"}
    rows = [utterance(0, transcript_id=number, topic=topic) for number, topic in topics.items()]
    corpus = load_annomi(annomi(rows))
    assert [session.topic for session in corpus.sessions] == [
        "smoking cessation",
        "smoking cessation",
        "unidentifiable",
    ]
    assert corpus.items[2].occasion.change_goal == "not stated"
    assert notes(corpus)["topics that differ from another by outer white space only"] == 1


def test_utterances_of_one_speaker_in_a_row_stay_apart_and_the_earlier_is_history(annomi, utterance):
    corpus = load_annomi(annomi([utterance(0, "client"), utterance(1), utterance(2)]))
    assert corpus.items[1].occasion.history[-1] == ("counsellor", "words 1")
    assert notes(corpus)["utterances that follow one of the same speaker"] == 1


def test_wrong_speakers_are_put_right_and_lose_the_codes_given_under_the_wrong_name(annomi, utterance):
    rows = [utterance(10, transcript_id=12), utterance(11, transcript_id=12), utterance(12, transcript_id=12)]
    rows += [utterance(77, transcript_id=110), utterance(78, "client", transcript_id=110)]
    corpus = load_annomi(annomi(rows))
    assert [item.id for item in corpus.items] == ["annomi-012/010", "annomi-012/012", "annomi-110/077"]
    assert corpus.items[1].occasion.client == "words 11"
    assert corpus.sessions[1].occasion.history[-1] == ("counsellor", "words 78")
    assert corpus.client_items == ()
    assert notes(corpus)["speaker labels corrected"] == 2


def test_a_copy_whose_speakers_are_right_already_keeps_its_codes(annomi, utterance):
    corpus = load_annomi(annomi([utterance(11, "client", transcript_id=12)]))
    assert corpus.client_items[0].id == "annomi-012/011"
    assert corpus.notes == ()


def test_na_is_null_and_an_empty_cell_is_a_fault_with_its_line(annomi, utterance):
    rows = [utterance(0), utterance(1, therapist_input_subtype="")]
    with pytest.raises(BadRecord, match=r"AnnoMI-full.csv:3: therapist_input_subtype is empty.*n/a.*take the original"):
        load_annomi(annomi(rows))
    uncoded = utterance(0, main_therapist_behaviour="n/a")
    corpus = load_annomi(annomi([uncoded, utterance(1, "client"), utterance(2)]))
    assert [item.id for item in corpus.items] == ["annomi-001/002"]
    assert corpus.items[0].occasion.history[0] == ("counsellor", "words 0")
    assert notes(corpus) == {"utterances without a code": 1}


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ({"main_therapist_behaviour": "refection"}, "main_therapist_behaviour is “refection”; expected one of reflection, "),
        ({"client_talk_type": "change"}, "client_talk_type is “change” in a row of the therapist"),
        ({"reflection_exists": "simple", "reflection_subtype": "True"}, "reflection_subtype is “True”; expected one of simple"),
        ({"interlocutor": "words", "utterance_text": "therapist"}, "interlocutor is “words”; expected one of therapist, client"),
        ({"mi_quality": "medium", "transcript_id": 2}, "mi_quality is “medium”; expected one of high, low"),
        ({"mi_quality": "low"}, "mi_quality is “low”, but “high” in line 2 of the same transcript"),
        ({"utterance_id": "1a"}, "utterance_id is “1a”; expected a whole number"),
    ],
)  # fmt: skip
def test_a_cell_that_fits_nothing_is_named_with_its_line(annomi, utterance, cell, message):
    with pytest.raises(BadRecord, match=r"AnnoMI-full.csv:3: (" + message + ")"):
        load_annomi(annomi([utterance(0), utterance(1, **cell)]))


def test_columns_in_another_order_change_nothing(annomi, utterance):
    rows = [utterance(0), utterance(1, "client"), utterance(2)]
    columns = sorted(rows[0])
    assert load_annomi(annomi(rows)) == load_annomi(annomi(rows, columns=columns))


def test_a_byte_order_mark_and_crlf_change_nothing(annomi, utterance):
    rows = [utterance(0, words="two\nlines, and “marks”"), utterance(1, "client")]
    assert load_annomi(annomi(rows)) == load_annomi(annomi(rows, end="\r\n", bom=True))


def test_capitals_of_a_spreadsheet_change_nothing(annomi, utterance):
    plain = load_annomi(annomi([utterance(0)]))
    assert load_annomi(annomi([utterance(0, reflection_exists="TRUE", question_exists="FALSE")])) == plain


def test_rows_out_of_order_come_in_order(annomi, utterance):
    rows = [utterance(0), utterance(1, "client"), utterance(2), utterance(10)]
    assert load_annomi(annomi(rows[::-1])).items == load_annomi(annomi(rows)).items


def test_a_repeated_row_counts_once_and_two_that_differ_are_a_fault(annomi, utterance):
    corpus = load_annomi(annomi([utterance(0), utterance(0)]))
    assert len(corpus.items[0].codings) == 1
    assert notes(corpus) == {"rows that repeat another left out": 1}
    with pytest.raises(BadRecord, match=r":3: .*utterance_id 0.* stands already in line 2, and the two rows differ"):
        load_annomi(annomi([utterance(0), utterance(0, reflection_subtype="complex")]))


def test_a_missing_column_is_named(annomi, utterance):
    columns = [column for column in utterance(0) if column not in ("reflection_subtype", "video_title")]
    with pytest.raises(BadRecord, match=r"AnnoMI-full.csv:1: no column reflection_subtype; expected transcript_id"):
        load_annomi(annomi([utterance(0)], columns=columns))


def test_one_table_under_the_name_of_the_other_is_refused(annomi, utterance):
    simple = [*list(utterance(0))[:9], "main_therapist_behaviour", "client_talk_type"]
    with pytest.raises(UsageError, match=r"called full and has the columns of AnnoMI-simple.csv"):
        load_annomi(annomi([utterance(0)], columns=simple))
    with pytest.raises(UsageError, match=r"called simple and has the columns of AnnoMI-full.csv"):
        load_annomi(annomi([utterance(0)], "AnnoMI-simple.csv", columns=list(utterance(0))))


def test_a_table_of_another_corpus_is_recognised(misc_gold, volleys):
    path = misc_gold(volleys([("client", [("hello", "N")])]))
    with pytest.raises(BadRecord, match=r"looks like a MISC gold table: misc-gold:PATH"):
        load_annomi(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\xff\xfe", "no text in UTF-8"),
        (b"transcript_id;mi_quality\n1;high\n", "parted by something else than commas"),
    ],
)
def test_a_file_that_is_no_such_table_is_said_to_be_none(tmp_path, content, message):
    path = tmp_path / "AnnoMI-full.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        load_annomi(path)


def test_a_file_cut_short_or_a_row_too_short_is_named_with_its_line(annomi, utterance):
    path = annomi([utterance(0), utterance(1, words='she said "go", and')])
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b'""go')])
    with pytest.raises(BadRecord, match=r":3: no readable row.*complete"):
        load_annomi(path)
    path.write_bytes(whole + b"high,1,only three\n")
    with pytest.raises(BadRecord, match=r":4: 3 cells under 18 columns"):
        load_annomi(path)
    path.write_bytes(whole.splitlines(keepends=True)[0])
    with pytest.raises(UsageError, match="has a head and no row"):
        load_annomi(path)


def test_pairs_come_with_the_good_session_first_and_missing_transcripts_are_counted(annomi, utterance):
    path = annomi([utterance(0), utterance(0, transcript_id=2, mi_quality="low", video_url="https://v/2")])
    pairs = path.parent / "matched_pairs.csv"
    pairs.write_text("low_transcript_id,high_transcript_id\n2,1\n2,9\n", encoding="utf-8")
    corpus = load_coded(f"annomi:{path.parent}")
    assert corpus.pairs == (("annomi-001", "annomi-002"),)
    assert notes(corpus) == {"pairs left out because a transcript is not in the table": 1}
    pairs.write_text("low_transcript_id,high_transcript_id\n1,2\n", encoding="utf-8")
    with pytest.raises(
        BadRecord, match=r"matched_pairs.csv:2: annomi-002 is of low quality in the table; expected high"
    ):
        load_annomi(path)


def test_transcripts_of_one_video_share_a_group(annomi, utterance):
    rows = [utterance(0), utterance(0, transcript_id=2), utterance(0, transcript_id=3, video_url="https://v/2")]
    assert [item.group for item in load_annomi(annomi(rows)).items] == ["https://v/1", "https://v/1", "https://v/2"]


def test_a_spec_that_names_nothing_says_what_there_is(tmp_path):
    with pytest.raises(UnknownName, match=r"Did you mean annomi\?.*NAME:PATH"):
        load_coded(f"anomi:{tmp_path}")
    with pytest.raises(UsageError, match=r"says no path. Write annomi:PATH"):
        load_coded("annomi")
    with pytest.raises(UsageError, match=r"There is no .*nowhere. Expected AnnoMI-full.csv"):
        load_coded(f"annomi:{tmp_path / 'nowhere'}")
    with pytest.raises(UsageError, match=r"holds no \*_misc_gold.csv or .*Expected hlqc_misc_gold.csv"):
        load_coded(f"misc-gold:{tmp_path}")
