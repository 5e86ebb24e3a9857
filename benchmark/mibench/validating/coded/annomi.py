"""AnnoMI: real MI demonstrations, coded by experts; Wu et al. (2023), *Future Internet* 15(3), 110.

AnnoMI-full.csv has a row per utterance and annotator, AnnoMI-simple.csv one per utterance with the main behaviour only,
the annotators' majority where there are ten. What is null in a row is written `n/a`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from mibench.errors import UsageError
from mibench.schema import CodedCorpus, CorpusCard, Quality, TalkCoding
from mibench.validating.coded.annomi_codes import LABELS, MAIN_LABELS, MAJORITY, full_coding, simple_coding, talk_of
from mibench.validating.coded.conversation import (
    NOT_STATED,
    Conversation,
    Notes,
    Piece,
    Speaker,
    Spoken,
    conversation,
    corpus,
)
from mibench.validating.coded.table import Row, find, read_table, without_repeats

CARD = CorpusCard(
    name="annomi",
    title="AnnoMI: 133 demonstrations of good and bad MI from public videos, seven of them coded by ten experts each.",
    language="en",
    unit="a counsellor's utterance",
    coded="reflection (simple, complex), question, therapist input (information, advice, negotiation, options), main "
    "behaviour; client talk (change, neutral, sustain); quality of the session (high, low)",
    files="AnnoMI-full.csv, or AnnoMI-simple.csv for main behaviour only, or a folder with one of them (full goes first); "
    "pairs come from a matched_pairs.csv (low_transcript_id, high_transcript_id) beside it, if there is one",
    source="github.com/uccollab/AnnoMI; cite Wu et al. 2023",
    licence="none stated in its repository; reported as public domain",
)

SIMPLE = (
    "transcript_id", "mi_quality", "video_url", "topic", "utterance_id", "interlocutor", "utterance_text",
    "main_therapist_behaviour", "client_talk_type",
)  # fmt: skip
ONLY_FULL = (
    "annotator_id", "therapist_input_exists", "therapist_input_subtype", "reflection_exists", "reflection_subtype",
    "question_exists",
)  # fmt: skip

SPEAKER: dict[str, Speaker] = {"therapist": "counsellor", "client": "client"}
QUALITY: dict[str, Quality] = {"high": "high", "low": "low"}

TRUE_SPEAKER: dict[tuple[int, int], Speaker] = {(12, 11): "client", (117, 83): "client", (110, 78): "counsellor"}
"""(transcript, utterance) → who speaks there, by the words; the published label is wrong."""


def load_annomi(path: Path) -> CodedCorpus:
    """AnnoMI from one of its two tables, or from a folder with them.

    Consecutive utterances of one speaker stay apart, as coded; the earlier is history of the later. Raises UsageError
    for files that are not AnnoMI's, BadRecord (file:line) for a row that is not.
    """
    file = find(path, ("AnnoMI-full.csv", "AnnoMI-simple.csv"), CARD.files)[0]  # sorted: full first
    rows = read_table(file, SIMPLE)
    full = _is_full(file, rows[0])
    notes = Notes()
    rows, repeated = without_repeats(rows, ("transcript_id", "utterance_id", *(["annotator_id"] if full else [])))
    notes.add("rows that repeat another left out", count=repeated)
    raw, stripped = {row["topic"] for row in rows}, {row["topic"].strip() for row in rows}
    notes.add("topics that differ from another by outer white space only, merged", count=len(raw) - len(stripped))
    talks = [_transcript(number, group, notes, full=full) for number, group in _grouped(rows, "transcript_id").items()]
    labels = LABELS if full else tuple(label for label in LABELS if label.name in MAIN_LABELS.values())
    qualities = {talk.session.id: talk.session.quality for talk in talks}
    return corpus(CARD, labels, talks, notes, _pairs(file.parent / "matched_pairs.csv", qualities, notes))


def _is_full(file: Path, row: Row) -> bool:
    missing = [column for column in ONLY_FULL if column not in row]
    full = len(missing) < len(ONLY_FULL)
    if full and missing:
        read_table(file, (*SIMPLE, *ONLY_FULL))
    other = "simple" if full else "full"
    if other in file.stem.lower():
        kind = "full" if full else "simple"
        raise UsageError(f"{file} is called {other} and has the columns of AnnoMI-{kind}.csv. Which of the two is it?")
    return full


def _grouped(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    """Rows by a number, in its order."""
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.number(column), []).append(row)
    return dict(sorted(groups.items()))


def _transcript(number: int, rows: list[Row], notes: Notes, *, full: bool) -> Conversation:
    id_ = f"annomi-{number:03d}"
    first = rows[0]
    for column in ("video_url", "mi_quality"):
        _same(rows, column, "transcript")
    turns: list[Spoken] = []
    for utterance, coded in _grouped(rows, "utterance_id").items():
        turn = _turn(number, utterance, coded, notes, full=full)
        if not turn.words:
            notes.add("utterances without words left out", f"{id_}/{utterance:03d}")
            continue
        if turns and turns[-1].speaker == turn.speaker:
            notes.add("utterances that follow one of the same speaker, kept apart")
        turns.append(turn)
    topic = first["topic"].strip()
    goal = NOT_STATED if topic in ("unidentifiable", "") else topic
    if goal == NOT_STATED:
        notes.add(f"sessions of unidentifiable topic, whose goal is “{NOT_STATED}”", id_)
    quality = first.choice("mi_quality", QUALITY)
    return conversation(
        id_, turns, group=first["video_url"].strip(), change_goal=goal, topic=topic or None, quality=quality
    )


def _same(rows: Sequence[Row], column: str, what: str) -> None:
    for row in rows:
        if row[column].strip() != rows[0][column].strip():
            raise row.fault(
                f"{column} is “{row[column][:60]}”, but “{rows[0][column][:60]}” in line {rows[0].line} of the same {what}."
            )


def _turn(transcript: int, utterance: int, rows: Sequence[Row], notes: Notes, *, full: bool) -> Spoken:
    """One utterance from the rows of its coders."""
    place = f"annomi-{transcript:03d}/{utterance:03d}"
    _same(rows, "interlocutor", "utterance")
    words = rows[0]["utterance_text"].strip()
    if any(row["utterance_text"].strip() != words for row in rows):
        notes.add("utterances whose words differ between coders, read as the first has them", place)
    speaker = rows[0].choice("interlocutor", SPEAKER)
    pairs = [(row, row["annotator_id"].strip() if full else MAJORITY) for row in rows]
    if full:
        pairs.sort(key=lambda pair: pair[0].number("annotator_id"))
    talk = [TalkCoding(coder=coder, talk=kind) for row, coder in pairs if (kind := talk_of(row, speaker))]
    read = full_coding if full else simple_coding
    codings = [coding for row, coder in pairs if (coding := read(row, coder, speaker, notes, place))]
    truly = TRUE_SPEAKER.get((transcript, utterance), speaker)
    if truly != speaker:
        notes.add("speaker labels corrected, the codes given under them dropped", place)
        return Spoken(utterance, truly, words)
    if not (talk or codings):
        notes.add("utterances without a code, kept as history only", place)
    pieces = (Piece(words, tuple(talk)),) if talk and words else ()
    return Spoken(utterance, speaker, words, tuple(codings), pieces=pieces)


def _pairs(path: Path, qualities: dict[str, Quality | None], notes: Notes) -> tuple[tuple[str, str], ...]:
    if not path.is_file():
        return ()
    pairs = []
    for row in read_table(path, ("low_transcript_id", "high_transcript_id")):
        high, low = (f"annomi-{row.number(f'{side}_transcript_id'):03d}" for side in ("high", "low"))
        if not {high, low} <= qualities.keys():
            notes.add("pairs left out because a transcript is not in the table", f"{high} and {low}")
            continue
        for side, id_ in (("high", high), ("low", low)):
            if qualities[id_] != side:
                raise row.fault(
                    f"{id_} is of {qualities[id_]} quality in the table; expected {side}. Are columns swapped?"
                )
        pairs.append((high, low))
    return tuple(pairs)
