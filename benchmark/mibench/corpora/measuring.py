"""Cheap measures of a corpus's text, beside what a model says of it: no network, no model."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import mean, median

from mibench.corpora import minhash
from mibench.corpora.texts import units
from mibench.scans import personal_data, unsafe_advice
from mibench.schema import Record, SourceDialogue

NEAR = 0.7
"""Estimated Jaccard likeness of 5-character shingles from which two dialogues are near-duplicates."""


class TextMeasures(Record):
    """What can be counted in a corpus."""

    dialogues: int
    rounds: float
    """Median counsellor turns of a dialogue."""
    characters: float
    """Median characters of a dialogue; of English likewise."""
    counsellor_turn: float
    """Median characters of a counsellor's turn."""
    distinct_2: float
    """Different pairs of neighbouring characters (words) among all of the counsellors', 0–1; falls with the corpus's size."""
    openings: float
    """Share of counsellor turns that begin with one of the ten commonest four-character (two-word) openings, 0–1."""
    balance: float
    """Mean share of the counsellor in a dialogue's characters, 0–1."""
    near_duplicates: int
    """Dialogues that are near-duplicates of an earlier one."""
    unsafe: int
    """Dialogues in which a pattern finds unsafe advice."""
    personal: int
    """Dialogues in which a pattern finds personal data."""


def measure(dialogues: Sequence[SourceDialogue]) -> TextMeasures:
    """Count a corpus, or a sample of one. At least one dialogue."""
    turns = [(d.language, t.text) for d in dialogues for t in d.turns if t.speaker == "counsellor"]
    return TextMeasures(
        dialogues=len(dialogues),
        rounds=median(d.rounds for d in dialogues),
        characters=median(sum(len(t.text) for t in d.turns) for d in dialogues),
        counsellor_turn=median(len(text) for _, text in turns),
        distinct_2=_distinct(turns),
        openings=_openings(turns),
        balance=mean(len(d.words_of("counsellor")) / sum(len(t.text) for t in d.turns) for d in dialogues),
        near_duplicates=near_duplicates(dialogues),
        unsafe=sum(bool(unsafe_advice(d.words_of("counsellor"))) for d in dialogues),
        personal=sum(bool(personal_data("\n".join(t.text for t in d.turns))) for d in dialogues),
    )


def near_duplicates(dialogues: Sequence[SourceDialogue]) -> int:
    """How many dialogues are near-duplicates of an earlier one."""
    found = minhash.clusters(minhash.signatures("\n".join(t.text for t in d.turns) for d in dialogues), NEAR)
    return len(found) - len(set(found.tolist()))


def _distinct(turns: Sequence[tuple[str, str]]) -> float:
    seen: set[tuple[str, str]] = set()
    total = 0
    for language, text in turns:
        words = units(text, language)
        seen.update(pairwise(words))
        total += max(0, len(words) - 1)
    return len(seen) / total if total else 0.0


def _openings(turns: Sequence[tuple[str, str]]) -> float:
    heads = Counter(tuple(units(text[:60], language)[: 4 if language == "zh" else 2]) for language, text in turns)
    return sum(count for _, count in heads.most_common(10)) / len(turns)
