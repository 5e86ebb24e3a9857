"""From the turns of a conversation, whatever corpus they come from, to items with the history before them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from mibench.schema import (
    NAMES,
    REFLECTIONS,
    ClientItem,
    Code,
    CodedCorpus,
    CodedItem,
    CodedSession,
    Coding,
    CorpusCard,
    Label,
    Note,
    Occasion,
    Quality,
    TalkCoding,
    Utterance,
)

Speaker = Literal["client", "counsellor"]

NOT_STATED = "not stated"
"""The change goal where a corpus names none."""


class Notes:
    """Counts what is done to a corpus, in the order first met."""

    FEW = 5

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._places: dict[str, list[str]] = {}

    def add(self, what: str, place: str | None = None, count: int = 1) -> None:
        """Count `what`, at the item `place` if it has one."""
        self._counts[what] += count
        if place:
            self._places.setdefault(what, []).append(place)

    def taken(self) -> tuple[Note, ...]:
        """All notes; places only where they are few."""
        return tuple(
            Note(what=what, count=count, places=tuple(places if len(places) <= self.FEW else ()))
            for what, count in self._counts.items()
            if count
            for places in [self._places.get(what, [])]
        )


class Piece(NamedTuple):
    """Client words that were coded by themselves."""

    words: str
    codings: tuple[TalkCoding, ...]
    machine: tuple[TalkCoding, ...] = ()


class Spoken(NamedTuple):
    """One turn as a corpus cuts it; without codings it is history only."""

    number: int
    """Its number in the corpus: the last part of its item's id."""
    speaker: Speaker
    words: str
    codings: tuple[Coding, ...] = ()
    machine: tuple[Coding, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    pieces: tuple[Piece, ...] = ()
    """For a client's turn."""


class Conversation(NamedTuple):
    """A session with its items."""

    session: CodedSession
    items: tuple[CodedItem, ...]
    client_items: tuple[ClientItem, ...]


def conversation(
    id_: str,
    turns: Sequence[Spoken],
    *,
    group: str,
    change_goal: str,
    topic: str | None = None,
    quality: Quality | None = None,
    ratings: dict[str, float] | None = None,
) -> Conversation:
    """Items of an English conversation; `ratings` are its globals. A judge is told the turns before and the goal, no more."""
    said = tuple((turn.speaker, turn.words) for turn in turns)
    shared = {"session": id_, "group": group, "quality": quality}
    items: list[CodedItem] = []
    client_items: list[ClientItem] = []
    for place, turn in enumerate(turns):
        number = f"{id_}/{turn.number:03d}"
        if turn.codings:
            items.append(
                CodedItem(
                    id=number,
                    **shared,
                    occasion=_occasion(number, change_goal, said[:place]),
                    reply=turn.words,
                    codings=turn.codings,
                    machine=turn.machine,
                    utterances=turn.utterances,
                )
            )
        before = said[:place]
        for count, piece in enumerate(turn.pieces, 1):
            own = number if len(turn.pieces) == 1 else f"{number}.{count}"
            occasion = _occasion(own, change_goal, before)
            words, codings, machine = piece
            client_items.append(
                ClientItem(id=own, **shared, occasion=occasion, words=words, codings=codings, machine=machine)
            )
            before = (*before, ("client", piece.words))
    session = CodedSession(
        id=id_, group=group, quality=quality, topic=topic, occasion=_occasion(id_, change_goal, said),
        globals=ratings or {}, items=tuple(item.id for item in items),
    )  # fmt: skip
    return Conversation(session, tuple(items), tuple(client_items))


def _occasion(id_: str, change_goal: str, history: Sequence[tuple[Speaker, str]]) -> Occasion:
    return Occasion(id=id_, language="en", change_goal=change_goal, history=tuple(history))


def corpus(
    card: CorpusCard,
    labels: tuple[Label, ...],
    talks: Sequence[Conversation],
    notes: Notes,
    pairs: tuple[tuple[str, str], ...] = (),
) -> CodedCorpus:
    """All conversations of a corpus as one record."""
    return CodedCorpus(
        name=card.name,
        language=card.language,
        labels=labels,
        items=tuple(item for talk in talks for item in talk.items),
        client_items=tuple(item for talk in talks for item in talk.client_items),
        sessions=tuple(talk.session for talk in talks),
        pairs=pairs,
        notes=notes.taken(),
    )


UNIONS = (
    Label(name="reflection", codes=REFLECTIONS),
    Label(name="persuasion", codes=("PwP", "Persuade")),
    Label(name="MI non-adherent", codes=("Persuade", "Confront")),
)
"""Labels that follow from finer ones: hard borders left out, and rare codes together."""


def miti_labels(codes: Iterable[Code]) -> tuple[Label, ...]:
    """The labels of a corpus whose coders could give `codes`, an utterance one code, and the unions of these."""
    return (*(Label(name=NAMES[code], codes=(code,)) for code in codes), *UNIONS)


def volley_labels(
    codes: Sequence[Code | None], notes: Notes | None = None, place: str | None = None
) -> tuple[str, ...]:
    """What a volley earns from its utterances' codes, by name: each once, one reflection, one persuasion (MITI D.3, E).

    A complex reflection or a persuasion with permission leaves out its lesser sibling, and `notes` tells of it.
    """
    given = {code for code in codes if code}
    for stronger, weaker in (("CR", "SR"), ("PwP", "Persuade")):
        if {stronger, weaker} <= given:
            given -= {weaker}
            if notes:
                notes.add(f"volleys with {stronger} and {weaker}, counted as {stronger}", place)
    unions = (union.name for union in UNIONS if not given.isdisjoint(union.codes))
    return (*(name for code, name in NAMES.items() if code in given), *unions)
