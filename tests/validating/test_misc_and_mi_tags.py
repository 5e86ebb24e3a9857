"""Claims about reading MISC gold codes and MI-TAGS, on made tables of their shape."""

import pytest

from mibench.errors import BadRecord, UsageError
from mibench.validating.coded import load_coded, load_mi_tags, load_misc_gold


def test_a_volley_is_one_item_with_each_label_once_and_its_utterances_beside(misc_gold, volleys):
    rows = volleys([
        ("client", [("hm", "N"), ("I want to stop", "D+"), ("it is hard", "AB-")]),
        ("counsellor", [("so you want it", "SR"), ("you fear to fail", "CR"), ("what helped", "OQ"), ("did it", "CQ"), ("okay", "FA")]),
    ])  # fmt: skip
    corpus = load_misc_gold(misc_gold(rows))
    (item,) = corpus.items
    assert (item.id, item.quality, item.reply) == (
        "hlqc-01/001",
        "high",
        "so you want it you fear to fail what helped did it okay",
    )
    assert item.occasion.history == (("client", "hm I want to stop it is hard"),)
    assert item.codings[0].labels == ("complex reflection", "question", "reflection")
    assert [utterance.code for utterance in item.utterances] == ["SR", "CR", "Q", "Q", None]
    assert [(note.what, note.count) for note in corpus.notes] == [("volleys with CR and SR, counted as CR", 1)]
    assert [(client.id, client.codings[0].talk) for client in corpus.client_items] == [
        ("hlqc-01/000.1", "neutral"), ("hlqc-01/000.2", "change"), ("hlqc-01/000.3", "sustain"),
    ]  # fmt: skip
    assert corpus.client_items[1].occasion.history == (("client", "hm"),)
    assert "high" not in corpus.items[0].occasion.model_dump_json()


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        ("RF", ("complex reflection", "reflection")),
        ("ADP", ("persuade with permission", "persuasion")),
        ("ADW", ("persuade", "persuasion", "MI non-adherent")),
        ("RCW", ("persuade", "persuasion", "MI non-adherent")),
        ("DI", ("persuade", "persuasion", "MI non-adherent")),
        ("CO", ("confront", "MI non-adherent")),
        ("WA", ("confront", "MI non-adherent")),
        ("EC", ("emphasize autonomy",)),
        ("GI", ("give information",)),
        ("SU", ()),
        ("ST", ()),
    ],
)
def test_a_misc_code_becomes_the_miti_code_it_means(misc_gold, volleys, code, labels):
    (item,) = load_misc_gold(misc_gold(volleys([("counsellor", [("words", code)])]))).items
    assert item.codings[0].labels == labels


def test_a_models_codes_stand_apart_from_peoples(misc_gold, volleys):
    rows = volleys(
        [("client", [("no", "N", "R-")]), ("counsellor", [("well done", "AF", "SU"), ("why", "OQ", "??")])], name="p1"
    )
    corpus = load_misc_gold(misc_gold(rows, "mibot_misc_gold.csv"))
    (item,) = corpus.items
    assert corpus.coders == ("consensus",)
    assert [coding.labels for coding in item.codings] == [("question", "affirm")]
    assert [(coding.coder, coding.labels) for coding in item.machine] == [("published LLM", ())]
    assert corpus.client_items[0].machine[0].talk == "sustain"
    assert item.occasion.change_goal == "stop smoking"
    assert [(note.count, note.places) for note in corpus.notes] == [(1, ("mibot-01/001",))]


def test_a_folder_with_both_tables_is_read_whole(misc_gold, volleys):
    misc_gold(volleys([("counsellor", [("why", "OQ", "OQ")])], name="p1"), "mibot_misc_gold.csv")
    path = misc_gold(volleys([("counsellor", [("why", "OQ")])], name="low_1"))
    corpus = load_coded(f"misc-gold:{path.parent}")
    assert [(s.id, s.quality) for s in corpus.sessions] == [("hlqc-01", "low"), ("mibot-01", None)]


@pytest.mark.parametrize(
    ("speaker", "code", "message"),
    [
        ("counsellor", "XX", "t2_label_GT is “XX”; expected one of SR, CR"),
        ("counsellor", "N", "t2_label_GT is “N”; expected one of SR, CR"),
        ("counsellor", "", "t2_label_GT is “”; expected one of SR, CR"),
        ("client", "OQ", "t2_label_GT is “OQ”; expected a client's code"),
        ("coach", "OQ", "speaker is “coach”; expected one of client, counsellor"),
    ],
)
def test_an_unknown_misc_code_is_named_with_its_line(misc_gold, volleys, speaker, code, message):
    rows = volleys([("client", [("hello", "N")]), (speaker, [("words", code)])])
    with pytest.raises(BadRecord, match=r"hlqc_misc_gold.csv:3: " + message):
        load_misc_gold(misc_gold(rows))


def test_two_speakers_in_one_volley_are_a_fault(misc_gold, volleys):
    rows = volleys([("client", [("hello", "N")]), ("counsellor", [("why", "OQ")])])
    rows[1]["conv_vol_idx"] = 0
    with pytest.raises(BadRecord, match=r":3: two speakers in volley 0"):
        load_misc_gold(misc_gold(rows))


TAGGED = """T: [Structure Statement] welcome
T: [Question] what brings you
C: [Neutral] well [laughs] my doctor
C: [Counter-Change Talk] I see no need
T: [Simple Reflection] you see none [Persuade] but you should
C: [Change Talk] perhaps"""


def test_tagged_lines_become_volleys_and_several_tags_in_a_line_several_utterances(mi_tags, session):
    corpus = load_mi_tags(mi_tags([session(TAGGED)]))
    first, second = corpus.items
    assert (first.id, first.reply, first.occasion.history) == ("mi-tags-007/000", "welcome what brings you", ())
    assert first.codings[0].labels == ("question",)
    assert [(u.text, u.code) for u in second.utterances] == [("you see none", "SR"), ("but you should", "Persuade")]
    assert second.codings[0].labels == ("simple reflection", "persuade", "reflection", "persuasion", "MI non-adherent")
    assert second.occasion.history[1] == ("client", "well [laughs] my doctor I see no need")
    assert [client.codings[0].talk for client in corpus.client_items] == ["neutral", "sustain", "change"]


def test_globals_are_read_by_name_and_the_title_reaches_no_judge(mi_tags, session):
    corpus = load_mi_tags(mi_tags([session(TAGGED), session(TAGGED, number=8, Empathy="", Annotator="A2")]))
    assert corpus.sessions[0].globals == {
        "cultivating_change_talk": 4, "softening_sustain_talk": 3, "partnership": 5, "empathy": 2,
    }  # fmt: skip
    assert "empathy" not in corpus.sessions[1].globals
    assert {session.group for session in corpus.sessions} == {"How not to do it"}
    told = corpus.model_dump_json(
        include={"items": {"__all__": {"occasion"}}, "sessions": {"__all__": {"occasion", "topic"}}}
    )
    assert "How not" not in told
    assert {note.what: note.count for note in corpus.notes} == {
        "sessions of a video that stands more than once, kept apart in one group": 2, "global ratings missing": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T: [Musing] hm", r":5: “\[Musing\] hm” has no tag of the therapist; expected one of Simple Reflection"),
        ("C: [Question] hm", r":5: .*no tag of the client; expected one of Change Talk"),
        ("T: no tag", r":5: “T: no tag” is no tagged line"),
    ],
)
def test_a_bad_line_of_a_cell_is_named_with_its_own_line_of_the_file(mi_tags, session, line, message):
    # Head in line 1, the row from line 2; the cell “Only Text” before it holds one line break.
    with pytest.raises(BadRecord, match=r"sample_global_mitis.csv" + message):
        load_mi_tags(mi_tags([session(f"T: [Question] why\nC: [Neutral] so\n{line}")]))


def test_a_rating_off_the_scale_is_a_fault(mi_tags, session):
    with pytest.raises(BadRecord, match=r":2: Partnership is “6”; expected one of 1, 2, 3, 4, 5"):
        load_mi_tags(mi_tags([session(TAGGED, Partnership=6)]))


def test_the_table_of_single_utterances_is_recognised(tmp_path):
    path = tmp_path / "sample_utterances.csv"
    path.write_text("id,Video Title,Turn,Speaker,Text,Code,Annotator,Normalized Turn\n", encoding="utf-8")
    with pytest.raises(BadRecord, match="table of single utterances, which lacks the conversation"):
        load_mi_tags(path)


def test_two_tables_of_sessions_in_a_folder_are_a_question(mi_tags, session):
    path = mi_tags([session(TAGGED)])
    mi_tags([session(TAGGED)], "other_global_mitis.csv")
    with pytest.raises(UsageError, match=r"holds other_global_mitis.csv, sample_global_mitis.csv: which\?"):
        load_mi_tags(path.parent)
