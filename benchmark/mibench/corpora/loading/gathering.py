"""From the pieces of a conversation, as they stand in somebody's file, to one record; what is done to them is counted."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from mibench.errors import BadRecord, UsageError
from mibench.schema import CorpusCard, LoadReport, Note, SourceDialogue, SourceTurn

Kind = Literal["client", "counsellor", "system", "third", "continued", "aside", "afterword"]
"""Who speaks; words without a speaker; a stage direction; a note of the model that wrote the dialogue."""

LONGEST = 4000
"""Characters of a turn beyond which it is no turn of a conversation."""

INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd\ud800-\udfff]"
)
FEW = 5
OWN = "your own"
"""Source of a corpus that may be in either language."""


class Piece(NamedTuple):
    """A stretch of a file that one voice speaks."""

    kind: Kind
    words: str
    line: int = 1
    voice: str = ""
    """Which client or third person, where the file tells them apart."""
    remark: str = ""
    """Something irregular about its mark, in the words of the report."""


class Found(NamedTuple):
    """A dialogue as it was met."""

    id: str
    pieces: list[Piece]
    path: Path
    line: int = 1
    topic: str | None = None
    group: str | None = None
    unfit: str = ""
    """Why it cannot be read at all."""


class LeftOut(Exception):
    """Why a dialogue cannot be used."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.line = line


class Loading:
    """Iterates over the dialogues of a corpus, one at a time in memory; afterwards `report()` says what was done.

    In strict mode the first dialogue that would be mended or left out raises BadRecord (file:line).
    """

    def __init__(self, card: CorpusCard, found: Iterable[Found], *, strict: bool = False, licence: str = "") -> None:
        self.card = card
        self.found = found
        self.strict = strict
        self.licence = licence or card.licence
        self._met = self._loaded = self._irregular = self._rounds = self._characters = 0
        self._mended: dict[str, _Count] = {}
        self._left_out: dict[str, _Count] = {}
        self._digest = hashlib.sha256()
        self._texts: set[bytes] = set()
        self._ids: Counter[bytes] = Counter()

    def __iter__(self) -> Iterator[SourceDialogue]:
        for found in self.found:
            self._met += 1
            changes: list[tuple[str, int]] = []
            try:
                turns = turns_of(found, changes)
            except LeftOut as why:
                self._refuse(found, f"left out: {why}", why.line)
                self._irregular += 1
                _count(self._left_out, str(why), found.id)
                continue
            if changes:
                self._refuse(found, *changes[0])
            self._irregular += any(what not in HARMLESS for what, _ in changes)
            for what in dict.fromkeys(what for what, _ in changes):
                _count(self._mended, what, found.id, sum(what == other for other, _ in changes))
            yield self._record(found, turns, [what for what, _ in changes])
        if not self._met:
            raise UsageError(f"No dialogue was found. The corpus {self.card.name} is read from {self.card.files}.")

    def report(self) -> LoadReport:
        """What was found, mended and left out so far."""
        return LoadReport(
            corpus=self.card.name, licence=self.licence, found=self._met, loaded=self._loaded, irregular=self._irregular,
            rounds=self._rounds, characters=self._characters, mended=_notes(self._mended),
            left_out=_notes(self._left_out), digest=self._digest.hexdigest(),
        )  # fmt: skip

    def _record(self, found: Found, turns: list[SourceTurn], changes: list[str]) -> SourceDialogue:
        id_ = f"{self.card.name}/{found.id}"
        seen = hashlib.blake2b(id_.encode(), digest_size=12).digest()
        self._ids[seen] += 1
        if self._ids[seen] > 1:
            _count(self._mended, "ids that stand more than once, numbered", found.id)
            id_ = f"{id_}.{self._ids[seen]}"
        dialogue = SourceDialogue(
            id=id_, corpus=self.card.name,
            language=_language(turns) if self.card.source == OWN else self.card.language, topic=found.topic, group=found.group or id_,
            turns=tuple(turns), mended=tuple(dict.fromkeys(changes)), licence=self.licence,
        )  # fmt: skip
        text = "\0".join(turn.text for turn in turns).encode()
        print_ = hashlib.blake2b(text, digest_size=12).digest()
        if print_ in self._texts:
            _count(self._mended, "dialogues with the very words of an earlier one, kept", found.id)
        self._texts.add(print_)
        self._digest.update(id_.encode() + b"\0" + text + b"\1")
        self._loaded += 1
        self._rounds += dialogue.rounds
        self._characters += sum(len(turn.text) for turn in turns)
        return dialogue

    def _refuse(self, found: Found, what: str, line: int) -> None:
        if self.strict and what not in HARMLESS:
            raise BadRecord(found.path, line, f"{what}. Without --strict it is mended or left out, and counted.")


SYSTEM = "system prompts left out"
OPENING = "a counsellor's opening before the client speaks, left out"
HARMLESS = (SYSTEM,)
"""What a format brings with it: counted, but nothing is wrong."""


LEFT_OUT: dict[Kind, str] = {
    "system": SYSTEM,
    "aside": "stage directions and narration left out",
    "afterword": "remarks of the writing model left out",
}
"""Kind of what is no turn → how it is reported."""


def turns_of(found: Found, changes: list[tuple[str, int]]) -> list[SourceTurn]:
    """Alternating turns, the client first; what was changed is added to `changes` as (what, line). Raises LeftOut."""
    if found.unfit:
        raise LeftOut(found.unfit, found.line)
    _one_client(found.pieces)
    turns: list[tuple[Kind, list[str]]] = []
    for piece in found.pieces:
        words = INVISIBLE.sub("", piece.words).strip()
        said = [piece.remark]
        if len(words) != len(piece.words.strip()):
            said.append("turns with invisible or control characters, taken out")
        said.append(LEFT_OUT.get(piece.kind) or _add(turns, piece.kind, words))
        changes += [(what, piece.line) for what in said if what]
        if turns and sum(map(len, turns[-1][1])) > LONGEST:
            raise LeftOut(f"a turn of more than {LONGEST:,} characters", piece.line)
    if len(turns) < 2:
        raise LeftOut("nobody answers", found.line)
    return [
        SourceTurn(speaker="client" if kind == "client" else "counsellor", text="\n".join(words))
        for kind, words in turns
    ]


def _add(turns: list[tuple[Kind, list[str]]], kind: Kind, words: str) -> str:
    """Put words where they belong; returns what is irregular about them."""
    if not words:
        return "empty turns left out"
    if not turns and kind == "continued":
        return "words before the first speaker, left out"
    if not turns and kind == "counsellor":
        return OPENING
    if kind == "continued":
        turns[-1][1].append(words)
        return "lines without a speaker, joined to the turn before"
    if turns and turns[-1][0] == kind:
        turns[-1][1].append(words)
        return "turns of one speaker in a row, joined"
    turns.append((kind, [words]))
    return ""


def _language(turns: list[SourceTurn]) -> Literal["zh", "en"]:
    """Chinese if a fifth of the characters are."""
    text = "".join(turn.text for turn in turns)
    return "zh" if sum("\u4e00" <= character <= "\u9fff" for character in text) * 5 >= len(text) else "en"


def _one_client(pieces: list[Piece]) -> None:
    for piece in pieces:
        if piece.kind == "third":
            raise LeftOut("a third person speaks", piece.line)
    clients = {piece.voice: piece.line for piece in pieces if piece.kind == "client" and piece.voice}
    if len(clients) > 1:
        raise LeftOut("more than one client speaks", max(clients.values()))


class _Count:
    """How often, and the first places."""

    def __init__(self) -> None:
        self.count = 0
        self.places: list[str] = []


def _count(counts: dict[str, _Count], what: str, place: str, times: int = 1) -> None:
    entry = counts.setdefault(what, _Count())
    entry.count += times
    if len(entry.places) <= FEW:
        entry.places.append(place)


def _notes(counts: dict[str, _Count]) -> tuple[Note, ...]:
    return tuple(
        Note(what=what, count=entry.count, places=tuple(entry.places) if len(entry.places) <= FEW else ())
        for what, entry in sorted(counts.items(), key=lambda item: -item[1].count)
    )
