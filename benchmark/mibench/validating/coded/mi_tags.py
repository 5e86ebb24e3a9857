"""MI-TAGS: public videos of MI, coded utterance by utterance and rated as a whole by MITI 4.2; Cohen et al. (2024).

A row of the table is one annotator's session; its `Tagged Text` has a line an utterance, `T: [Question] and so …`.
An item is a volley: the therapist's consecutive lines.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from mibench.errors import BadRecord, UsageError
from mibench.schema import CODES, NAMES, Code, CodedCorpus, Coding, CorpusCard, Talk, TalkCoding, Utterance
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
    name="mi-tags",
    title="MI-TAGS: 242 sessions from public videos with MITI 4.2 codes and global ratings; two of them are public.",
    language="en",
    unit="a counsellor's volley, with its coded utterances",
    coded="the ten MITI codes; the four MITI globals of each session, 1 to 5; client talk (change, neutral, counter-change)",
    files="the table with the column Tagged Text (sample_global_mitis.csv), or a folder with one *global_mitis*.csv",
    source="github.com/Advanced-Reality-Lab/MI-TAGS has a sample; all sessions come by request from its authors",
    licence="none stated",
)

GLOBALS = {
    "CultivatingChangeTalk": "cultivating_change_talk",
    "SofteningSustainTalk": "softening_sustain_talk",
    "Partnership": "partnership",
    "Empathy": "empathy",
}
COLUMNS = ("id", "Video Title", "Annotator", *GLOBALS, "Tagged Text")

CODE_TAGS: dict[str, Code | None] = {
    **{name.title(): code for code, name in NAMES.items()},
    "Giving Information": "GI",
    "Seeking Collaboration": "Seek",
    "Emphasizing Autonomy": "Emphasize",
    "Structure Statement": None,
}
TALK_TAGS: dict[str, Talk] = {
    "Change Talk": "change", "Neutral": "neutral", "Counter-Change Talk": "sustain", "Sustain Talk": "sustain",
}  # fmt: skip

LINE = re.compile(r"^\s*([TC]):\s*(\[.*)$")
TAG = re.compile(r"\[\s*([^\]]*?)\s*\]")
RATINGS = {**{str(rating): float(rating) for rating in range(1, 6)}, **{f"{r}.0": float(r) for r in range(1, 6)}}


class Line(NamedTuple):
    """One tagged utterance."""

    speaker: Speaker
    words: str
    tag: str
    """A key of CODE_TAGS or TALK_TAGS, as the speaker is."""


def load_mi_tags(path: Path) -> CodedCorpus:
    """MI-TAGS from its table of sessions.

    Raises UsageError for other files, BadRecord for a row or a line of a cell (file:line) that does not fit.
    """
    found = find(path, ("*global_mitis*.csv",), CARD.files)
    if len(found) > 1:
        raise UsageError(f"{path} holds {', '.join(file.name for file in found)}: which? Expected {CARD.files}.")
    notes = Notes()
    rows, repeated = without_repeats(read_table(found[0], COLUMNS), ("id",))
    notes.add("rows that repeat another left out", count=repeated)
    titles = Counter(row["Video Title"].strip() for row in rows)
    notes.add(
        "sessions of a video that stands more than once, kept apart in one group",
        count=sum(count for count in titles.values() if count > 1),
    )
    talks = [_session(row, notes) for row in rows]
    return corpus(CARD, miti_labels(CODES), talks, notes)


def _session(row: Row, notes: Notes) -> Conversation:
    id_ = f"mi-tags-{row.number('id'):03d}"
    coder = row["Annotator"].strip()
    turns: list[Spoken] = []
    for number, (speaker, group) in enumerate(groupby(_lines(row, notes), key=lambda line: line.speaker)):
        lines = list(group)
        words = " ".join(line.words for line in lines)
        if speaker == "client":
            talk = [(line.words, TalkCoding(coder=coder, talk=TALK_TAGS[line.tag])) for line in lines]
            turns.append(
                Spoken(number, speaker, words, pieces=tuple(Piece(words, (coding,)) for words, coding in talk))
            )
            continue
        utterances = tuple(Utterance(text=line.words, code=CODE_TAGS[line.tag]) for line in lines)
        labels = volley_labels([utterance.code for utterance in utterances], notes, f"{id_}/{number:03d}")
        turns.append(Spoken(number, speaker, words, (Coding(coder=coder, labels=labels),), utterances=utterances))
    ratings = {name: row.choice(column, RATINGS) for column, name in GLOBALS.items() if row[column].strip()}
    notes.add("global ratings missing", count=len(GLOBALS) - len(ratings))
    # The title often says whether the counselling is good: it may be the group, never the topic or the goal.
    return conversation(id_, turns, group=row["Video Title"].strip(), change_goal=NOT_STATED, ratings=ratings)


def _lines(row: Row, notes: Notes) -> Iterator[Line]:
    for number, text in enumerate(row["Tagged Text"].split("\n"), row.line_of("Tagged Text")):
        line = LINE.match(text.strip())
        if line:
            yield from _tagged(row.path, number, line[1], line[2], notes)
        elif text.strip():
            raise BadRecord(
                row.path,
                number,
                f"“{text.strip()[:40]}” is no tagged line; expected “T: [Question] …” or “C: [Neutral] …”.",
            )


def _tagged(path: Path, number: int, who: str, text: str, notes: Notes) -> Iterator[Line]:
    """The utterances of a line: it may hold several tags, and brackets that are none (“[laughs]”) behind the first."""
    known = {_plain(tag): tag for tag in (CODE_TAGS if who == "T" else TALK_TAGS)}
    marks = [mark for mark in TAG.finditer(text) if not mark.start() or _plain(mark[1]) in known]
    if not marks or _plain(marks[0][1]) not in known:
        speaker = "therapist" if who == "T" else "client"
        raise BadRecord(
            path, number, f"“{text[:40]}” has no tag of the {speaker}; expected one of {', '.join(known.values())}."
        )
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        words = text[mark.end() : end].strip()
        if words:
            yield Line("counsellor" if who == "T" else "client", words, known[_plain(mark[1])])
        else:
            notes.add("tags without words left out")


def _plain(tag: str) -> str:
    return re.sub(r"[\W_]+", " ", tag).strip().casefold()
