"""Made tables of the shape of human-coded corpora: every word here is invented."""

import csv
import io
import random

import pytest

ANNOMI_SIMPLE = [
    "transcript_id",
    "mi_quality",
    "video_title",
    "video_url",
    "topic",
    "utterance_id",
    "interlocutor",
    "timestamp",
    "utterance_text",
    "main_therapist_behaviour",
    "client_talk_type",
]
ANNOMI_FULL = [
    "mi_quality",
    "transcript_id",
    "video_title",
    "video_url",
    "topic",
    "utterance_id",
    "interlocutor",
    "timestamp",
    "utterance_text",
    "annotator_id",
    "therapist_input_exists",
    "therapist_input_subtype",
    "reflection_exists",
    "reflection_subtype",
    "question_exists",
    "question_subtype",
    "main_therapist_behaviour",
    "client_talk_type",
]
MISC = ["corp_conv_idx", "conv_id", "speaker", "corp_vol_idx", "conv_vol_idx", "vol_text", "corp_utt_idx", "conv_utt_idx", "utt_text", "t1_label_GT", "t2_label_GT"]  # fmt: skip
MISC_AUTO = [*MISC, "t1_label_auto", "t2_label_auto"]
MI_TAGS = ["id", "Video Title", "Annotator", "Empathy", "SofteningSustainTalk", "CultivatingChangeTalk", "Partnership", "Only Text", "Tagged Text", "Only Tags"]  # fmt: skip


def csv_text(columns, rows, end="\n"):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([row.get(column, "x") for column in columns] for row in rows)
    return text.getvalue()


def annomi_row(utterance, speaker="therapist", words=None, **changes):
    """A row for either table: a client's is neutral, a therapist's a simple reflection, unless changed."""
    client = speaker == "client"
    row = {
        "mi_quality": "high", "transcript_id": 1, "video_title": "A GOOD EXAMPLE", "video_url": "https://v/1",
        "topic": "smoking cessation", "utterance_id": utterance, "interlocutor": speaker, "timestamp": "00:00:01",
        "utterance_text": words or f"words {utterance}", "annotator_id": 3,
        "therapist_input_exists": "n/a" if client else "False", "therapist_input_subtype": "n/a",
        "reflection_exists": "n/a" if client else "True", "reflection_subtype": "n/a" if client else "simple",
        "question_exists": "n/a" if client else "False", "question_subtype": "n/a",
        "main_therapist_behaviour": "n/a" if client else "reflection",
        "client_talk_type": "neutral" if client else "n/a",
    }  # fmt: skip
    return row | changes


@pytest.fixture
def annomi(tmp_path):
    """annomi(rows) → the path of a full table; annomi(rows, "AnnoMI-simple.csv") → of a simple one."""

    def write(rows, name="AnnoMI-full.csv", columns=None, end="\n", bom=False):
        path = tmp_path / name
        columns = columns or (ANNOMI_SIMPLE if "simple" in name else ANNOMI_FULL)
        path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + csv_text(columns, rows, end).encode())
        return path

    return write


def misc_rows(volleys, conversation=1, name="high_001"):
    """Rows of one session from (speaker, [(words, code), …]) or (speaker, [(words, code, model's code), …])."""
    rows, number = [], 0
    for volley, (speaker, utterances) in enumerate(volleys):
        text = " ".join(words for words, *_ in utterances)
        for words, code, *auto in utterances:
            row = {
                "corp_conv_idx": conversation, "conv_id": name, "speaker": speaker, "conv_vol_idx": volley,
                "vol_text": text, "conv_utt_idx": number, "utt_text": words, "t2_label_GT": code,
            }  # fmt: skip
            rows.append(row | ({"t2_label_auto": auto[0]} if auto else {}))
            number += 1
    return rows


@pytest.fixture
def misc_gold(tmp_path):
    """misc_gold(rows) → the path of a table of MISC codes."""

    def write(rows, name="hlqc_misc_gold.csv"):
        path = tmp_path / name
        path.write_text(csv_text(MISC_AUTO if "t2_label_auto" in rows[0] else MISC, rows), encoding="utf-8")
        return path

    return write


def session_row(tagged, number=7, **changes):
    return {
        "id": number, "Video Title": "How not to do it", "Annotator": "A1", "Empathy": 2, "SofteningSustainTalk": 3,
        "CultivatingChangeTalk": 4, "Partnership": 5, "Only Text": "T: a\nC: b", "Tagged Text": tagged,
    } | changes  # fmt: skip


@pytest.fixture
def mi_tags(tmp_path):
    """mi_tags(rows) → the path of a table of sessions."""

    def write(rows, name="sample_global_mitis.csv"):
        path = tmp_path / name
        path.write_text(csv_text(MI_TAGS, rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def utterance():
    """utterance(0, "client", "words", **cells) → a row of AnnoMI."""
    return annomi_row


@pytest.fixture
def volleys():
    """volleys([("client", [("words", "N")]), …]) → rows of MISC codes."""
    return misc_rows


@pytest.fixture
def session():
    """session("T: [Question] …", **cells) → a row of MI-TAGS."""
    return session_row


KINDS = {
    "reflection": {},
    "question": {
        "reflection_exists": "False", "reflection_subtype": "n/a", "question_exists": "True",
        "main_therapist_behaviour": "question",
    },
    "advice": {
        "reflection_exists": "False", "reflection_subtype": "n/a", "therapist_input_exists": "True",
        "therapist_input_subtype": "advice", "main_therapist_behaviour": "therapist_input",
    },
    "other": {"reflection_exists": "False", "reflection_subtype": "n/a", "main_therapist_behaviour": "other"},
}  # fmt: skip


@pytest.fixture
def counselling(annomi):
    """counselling() → a full table of 24 invented sessions, 12 good and 12 bad ones, with pairs beside it.

    The first four sessions have five coders, who now and then differ. The counsellor's words are `<kind> …`.
    """

    def write(transcripts=24, turns=12):
        draw = random.Random(3)
        rows = []
        for number in range(1, transcripts + 1):
            good = number % 2
            shared = {
                "transcript_id": number, "mi_quality": "high" if good else "low", "video_url": f"https://v/{number}",
                "topic": "more exercise",
            }  # fmt: skip
            for turn in range(turns):
                rows.append(annomi_row(2 * turn, "client", f"client says {turn}", **shared))
                odds = (5, 4, 1, 2) if good else (1, 4, 5, 2)
                kind = draw.choices(list(KINDS), odds)[0]
                words = f"{kind} {'word ' * draw.randint(1, 30)}".strip()
                for coder in range(5 if number <= 4 else 1):
                    seen = kind if draw.random() < 0.9 else draw.choice(list(KINDS))
                    cells = dict(KINDS[seen])
                    if seen == "reflection":
                        cells["reflection_subtype"] = draw.choice(["simple", "complex"])
                    rows.append(annomi_row(2 * turn + 1, "therapist", words, annotator_id=coder, **shared, **cells))
        path = annomi(rows)
        pairs = [{"low_transcript_id": n + 1, "high_transcript_id": n} for n in range(1, transcripts, 2)]
        (path.parent / "matched_pairs.csv").write_text(csv_text(["low_transcript_id", "high_transcript_id"], pairs))
        return path

    return write
