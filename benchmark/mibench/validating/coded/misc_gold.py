"""The MISC 2.5 gold codes of AutoMISC's makers: human sessions (HLQC) and chatbot sessions (MIBot), by consensus.

A row is an utterance; `t2_label_GT` is its code, and in MIBot's table `t2_label_auto` that of a language model.
An item is a volley, because MITI counts a code once a volley.
"""

import re
from pathlib import Path

from mibench.schema import (
    NAMES,
    Code,
    CodedCorpus,
    Coding,
    CorpusCard,
    Quality,
    Talk,
    TalkCoding,
    Utterance,
)
from mibench.validating.coded.conversation import (
    NOT_STATED,
    Conversation,
    Notes,
    Piece,
    Speaker,
    Spoken,
    conversation,
    corpus,
    miti_labels,
    volley_labels,
)
from mibench.validating.coded.table import Row, find, read_table, without_repeats

CARD = CorpusCard(
    name="misc-gold",
    title="MISC gold: sessions of people (HLQC) and of a chatbot on smoking (MIBot), coded by MISC 2.5 in consensus.",
    language="en",
    unit="a counsellor's volley, with its coded utterances",
    coded="reflection (simple, complex), question, affirm, emphasize autonomy, give information, persuade with and without "
    "permission, confront, from MISC codes; client talk; quality of HLQC's sessions",
    files="hlqc_misc_gold.csv or mibot_misc_gold.csv (HLQC_balanced_manual.csv, MIV6.3A_manual.csv at the source), or a "
    "folder with one or both",
    source="github.com/cimhasgithub/AutoMISC",
    licence="none stated",
)

COLUMNS = (
    "corp_conv_idx", "conv_id", "speaker", "conv_vol_idx", "vol_text", "conv_utt_idx", "utt_text", "t2_label_GT",
)  # fmt: skip
GOLD, AUTO = "t2_label_GT", "t2_label_auto"

MITI: dict[str, Code | None] = {
    "SR": "SR", "CR": "CR", "RF": "CR",  # a reframe adds meaning
    "OQ": "Q", "CQ": "Q",
    "AF": "AF", "EC": "Emphasize", "GI": "GI",
    "ADP": "PwP", "RCP": "PwP",  # advice and concern raised with permission
    "ADW": "Persuade", "RCW": "Persuade", "DI": "Persuade",  # a directive is advice without a choice
    "CO": "Confront", "WA": "Confront",  # MITI counts warning to Confront
    "SU": None, "FA": None, "FI": None, "ST": None,
}  # fmt: skip
"""MISC 2.5 counsellor code → MITI 4.2.1 code, None where MITI codes nothing."""

TALK = re.compile(r"^(?:C|R|O|AB|D|TS|AC|N)([+-])$")
"""A client code: commitment, reason, other, ability, desire, taking steps, activation or need, for change or against."""

QUALITY: dict[str, Quality] = {"high": "high", "low": "low"}
SPEAKER: dict[str, Speaker] = {"client": "client", "counsellor": "counsellor"}
CODERS, MODEL = "consensus", "published LLM"


def load_misc_gold(path: Path) -> CodedCorpus:
    """MISC gold from its tables. Raises UsageError for other files, BadRecord (file:line) for a row that does not fit."""
    notes = Notes()
    talks = [
        talk for file in find(path, ("*_misc_gold.csv", "*_manual.csv"), CARD.files) for talk in _sessions(file, notes)
    ]
    return corpus(CARD, miti_labels(code for code in NAMES if code in MITI.values()), talks, notes)


def _sessions(file: Path, notes: Notes) -> list[Conversation]:
    rows, repeated = without_repeats(read_table(file, COLUMNS), ("corp_conv_idx", "conv_utt_idx"))
    notes.add("rows that repeat another left out", count=repeated)
    source = file.stem.partition("_")[0].lower()
    sessions: dict[int, list[Row]] = {}
    for row in rows:
        sessions.setdefault(row.number("corp_conv_idx"), []).append(row)
    return [_session(f"{source}-{number:02d}", rows, notes) for number, rows in sorted(sessions.items())]


def _session(id_: str, rows: list[Row], notes: Notes) -> Conversation:
    volleys: dict[int, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row.number("conv_utt_idx")):
        if row["conv_id"] != rows[0]["conv_id"]:
            raise row.fault(f"conv_id is “{row['conv_id']}”, but “{rows[0]['conv_id']}” in line {rows[0].line}.")
        volleys.setdefault(row.number("conv_vol_idx"), []).append(row)
    quality = QUALITY.get(rows[0]["conv_id"].partition("_")[0])
    chatbot = not quality and AUTO in rows[0]  # MIBot speaks of smoking only
    goal, topic = ("stop smoking", "smoking") if chatbot else (NOT_STATED, None)
    turns = [_volley(number, f"{id_}/{number:03d}", group, notes) for number, group in sorted(volleys.items())]
    return conversation(
        id_, [turn for turn in turns if turn.words], group=id_, change_goal=goal, topic=topic, quality=quality
    )


def _volley(number: int, place: str, rows: list[Row], notes: Notes) -> Spoken:
    speaker = rows[0].choice("speaker", SPEAKER)
    for row in rows:
        if row["speaker"] != rows[0]["speaker"]:
            raise row.fault(f"two speakers in volley {rows[0]['conv_vol_idx']}; expected the {speaker} alone.")
    words = rows[0]["vol_text"].strip() or " ".join(row["utt_text"].strip() for row in rows).strip()
    rows = [row for row in rows if row["utt_text"].strip()]
    auto = AUTO if rows and AUTO in rows[0] else None
    if speaker == "client":
        pieces = tuple(
            Piece(
                row["utt_text"].strip(),
                (TalkCoding(coder=CODERS, talk=_talk(row)),),
                (TalkCoding(coder=MODEL, talk=guess),) if auto and (guess := _talk_of(row[auto])) else (),
            )
            for row in rows
        )
        return Spoken(number, speaker, words, pieces=pieces)
    codes = [row.choice(GOLD, MITI) for row in rows]
    return Spoken(
        number,
        speaker,
        words,
        codings=(Coding(coder=CODERS, labels=volley_labels(codes, notes, place)),) if rows else (),
        machine=(_machine(rows, auto, notes, place),) if auto else (),
        utterances=tuple(
            Utterance(text=row["utt_text"].strip(), code=code) for row, code in zip(rows, codes, strict=True)
        ),
    )


def _machine(rows: list[Row], column: str, notes: Notes, place: str) -> Coding:
    strange = [row for row in rows if row[column].strip() not in MITI]
    notes.add("model codes that are no counsellor's code, read as none", place if strange else None, len(strange))
    return Coding(coder=MODEL, labels=volley_labels([MITI.get(row[column].strip()) for row in rows]))


def _talk(row: Row) -> Talk:
    talk = _talk_of(row[GOLD])
    if not talk:
        raise row.fault(
            f"{GOLD} is “{row[GOLD][:40]}”; expected a client's code: N, or C, R, O, AB, D, TS, AC, N with + or -."
        )
    return talk


def _talk_of(cell: str) -> Talk | None:
    if cell.strip() == "N":
        return "neutral"
    signed = TALK.match(cell.strip())
    return None if not signed else "change" if signed[1] == "+" else "sustain"
