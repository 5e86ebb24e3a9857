"""Training data against test suites: what they share, so that nobody trains on the test by mistake."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from pydantic import Field

from mibench.errors import UsageError
from mibench.schema import Record
from mibench.suites import Suite

CHARACTERS, WORDS = 13, 10
"""So many in a row, of Chinese characters or of words in other scripts, are no chance: the bound of GPT-3's
contamination study (Brown et al. 2020, appendix C) for words, and what the shipped corpora are held to."""


class Overlap(Record):
    """What the training data shares with one suite."""

    suite: str
    suite_digest: str
    conversations: int = Field(ge=0)
    """Conversations that share something."""
    of: int = Field(ge=1)
    """Conversations looked at."""
    examples: tuple[str, ...] = ()
    """The first few: `<conversation> and <dialogue>: “words”`."""


class Spoken(Protocol):
    """Anything with an id and words: a conversation, a pair of replies."""

    @property
    def id(self) -> str:
        """Of the conversation; of a round, `<dialogue>/<number>`."""

    @property
    def spoken(self) -> list[str]:
        """All words but the system's."""


class _Shared(NamedTuple):
    conversation: str
    dialogue: str
    words: str


def overlaps(conversations: Sequence[Spoken], suites: Iterable[Suite]) -> list[Overlap]:
    """What the conversations share with each suite: a whole turn, 13 characters or 10 words in a row, or an id."""
    found = []
    for suite in suites:
        theirs: dict[str, str] = {}
        for dialogue in suite.dialogues:
            for turn in dialogue.turns:
                for gram in _grams(turn.text):
                    theirs.setdefault(gram, dialogue.id)
        ids = {dialogue.id for dialogue in suite.dialogues}
        shared = [hit for conversation in conversations if (hit := _shared(conversation, theirs, ids))]
        examples = tuple(f"{hit.conversation} and {hit.dialogue}: “{hit.words}”" for hit in shared[:5])
        found.append(
            Overlap(
                suite=suite.name,
                suite_digest=suite.digest,
                conversations=len(shared),
                of=len(conversations),
                examples=examples,
            )
        )
    return found


def refuse_overlap(found: Sequence[Overlap]) -> None:
    """Raise UsageError if anything is shared."""
    worst = max(found, key=lambda overlap: overlap.conversations, default=None)
    if worst is None or not worst.conversations:
        return
    raise UsageError(
        f"{worst.conversations} of {worst.of} conversations share words with the test suite {worst.suite} "
        f"({worst.examples[0]}). A model trained on them cannot be measured with it. Take them out, or use "
        "--allow-overlap: the manifest, the model's folder and a submission then say so."
    )


def _shared(conversation: Spoken, theirs: dict[str, str], ids: set[str]) -> _Shared | None:
    if (dialogue := conversation.id.partition("/")[0]) in ids:
        return _Shared(conversation.id, dialogue, "the same id")
    for words in conversation.spoken:
        for gram in _grams(words):
            if gram in theirs:
                return _Shared(conversation.id, theirs[gram], gram)
    return None


def _grams(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    if any("\u4e00" <= character <= "\u9fff" for character in plain):
        plain = "".join(plain.split())
        return [plain[start : start + CHARACTERS] for start in range(len(plain) - CHARACTERS + 1)]
    words = plain.split()
    return [" ".join(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)]
