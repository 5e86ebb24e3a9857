"""Counselling that people have coded: what each coder said of each utterance, in terms a judge can be held against."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field

from mibench.schema.dialogue import Record, Utterance
from mibench.schema.miti import Code, Talk
from mibench.schema.run import Occasion

Main = Literal["reflection", "question", "therapist_input", "other"]
"""The one thing an utterance mainly does, where coders had to choose."""

Quality = Literal["high", "low"]
"""Whether a session was recorded to show good or bad counselling. Never shown to a judge."""


class Label(Record):
    """Something a corpus's coders could give, and the MITI codes it stands for."""

    name: str
    """In the words of MITI or of the corpus, e.g. `reflection`, `advice`."""
    codes: tuple[Code, ...]
    """A judge gives the label by giving any of these; empty where MITI has no such code, so that it cannot be scored."""

    def share(self, counts: Mapping[Code, float]) -> float:
        """A judge's probability of the label, 0–1, from its expected counts: their sum, at most 1.

        Exact where the codes exclude each other in a volley (SR and CR, PwP and Persuade), else an upper bound.
        """
        return min(1.0, sum(counts.get(code, 0.0) for code in self.codes))


class Coding(Record):
    """What one coder said of one counsellor utterance or volley."""

    coder: str
    """Which coder, the same string all over the corpus."""
    labels: tuple[str, ...]
    """Names of the labels given, each once."""
    unknown: tuple[str, ...] = ()
    """Names of labels this coding leaves open: neither given nor withheld."""
    main: Main | None = None
    """The main behaviour, where coders chose one."""


class TalkCoding(Record):
    """What one coder said of one client utterance."""

    coder: str
    talk: Talk


class CodedItem(Record):
    """What a counsellor said at one place, coded by one or several people."""

    id: str
    """`<session>/<number>`, unique in the corpus, e.g. `annomi-012/045`."""
    session: str
    """Id of its session."""
    group: str
    """What folds and resampling must never split, e.g. the video; never shown to a judge."""
    quality: Quality | None = None
    """That of the session."""
    occasion: Occasion
    """What a judge is told; the history is empty where the counsellor opens."""
    reply: str = Field(min_length=1)
    """The counsellor's words."""
    codings: tuple[Coding, ...] = Field(min_length=1)
    """One a person, in the order of coders."""
    machine: tuple[Coding, ...] = ()
    """Codings by models that the corpus brings along: to be compared with, never to be trained on."""
    utterances: tuple[Utterance, ...] = ()
    """The volley cut and coded utterance by utterance, where the corpus is; by people, each code as given."""

    def share(self, label: str) -> float | None:
        """Share of people who gave the label, 0–1, among those whose coding decides it; None where none does."""
        deciding = [coding for coding in self.codings if label not in coding.unknown]
        return sum(label in coding.labels for coding in deciding) / len(deciding) if deciding else None


class ClientItem(Record):
    """What a client said at one place, coded by one or several people."""

    id: str
    """`<session>/<number>`, with `.<piece>` behind it where a turn is coded in pieces."""
    session: str
    group: str
    quality: Quality | None = None
    occasion: Occasion
    """The history before these words."""
    words: str = Field(min_length=1)
    codings: tuple[TalkCoding, ...] = Field(min_length=1)
    """One a person."""
    machine: tuple[TalkCoding, ...] = ()
    """By models, as in CodedItem."""


class CodedSession(Record):
    """A whole conversation."""

    id: str
    group: str
    """As in its items."""
    quality: Quality | None = None
    topic: str | None = None
    """What it is about, as the corpus has it."""
    occasion: Occasion
    """The whole conversation as history, for judges that rate dialogues."""
    globals: dict[str, float] = {}
    """MITI global → rating by people, 1–5; empty where nobody rated."""
    items: tuple[str, ...]
    """Ids of its coded counsellor items, in order."""


class Note(Record):
    """Something a loader corrected, merged, left out or found odd."""

    what: str
    """In words that fit behind the count: `speaker labels corrected`."""
    count: int = Field(ge=1)
    places: tuple[str, ...] = ()
    """Ids of the places where there are few."""


class CodedCorpus(Record):
    """A corpus of coded counselling, read and checked."""

    name: str
    """Name of its loader, e.g. `annomi`."""
    language: Literal["zh", "en"]
    labels: tuple[Label, ...]
    """All labels its coders could give."""
    items: tuple[CodedItem, ...]
    client_items: tuple[ClientItem, ...] = ()
    sessions: tuple[CodedSession, ...]
    pairs: tuple[tuple[str, str], ...] = ()
    """(session id of the good one, of the bad one): one scenario done well and badly."""
    notes: tuple[Note, ...] = ()
    """What was done to the files, as counts."""

    @cached_property
    def coders(self) -> tuple[str, ...]:
        """All people who coded, sorted."""
        return tuple(sorted({coding.coder for item in self.items for coding in item.codings}))

    def label(self, name: str) -> Label:
        """The label called `name`. Raises KeyError."""
        return {label.name: label for label in self.labels}[name]


class CorpusCard(Record):
    """What a person needs to know of a corpus before getting it."""

    name: str
    """What stands before the colon in NAME:PATH."""
    title: str
    """What it is, in a sentence."""
    language: Literal["zh", "en"]
    unit: str
    """What one item is."""
    coded: str
    """What people coded."""
    files: str
    """What PATH must be or hold."""
    source: str
    """Where it comes from."""
    licence: str
    """As stated at the source."""
