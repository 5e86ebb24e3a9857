"""A reply cut into coded pieces, none of it lost, and no more of it than a page can hold."""

from collections.abc import Sequence

from mibench.schema import Utterance

LONGEST = 4000
"""Characters of one reply that are shown; replies.jsonl has the rest."""


def spans_of(pieces: Sequence[Utterance], whole: str) -> tuple[tuple[Utterance, ...], int]:
    """(`whole` in its coded `pieces`, what lies between them without a code; how many characters were left out)."""
    return _cut(_placed(pieces, whole))


def _placed(pieces: Sequence[Utterance], whole: str) -> list[Utterance]:
    found, place = [], 0
    for piece in pieces:
        at = whole.find(piece.text, place)
        if at >= 0:
            found += [Utterance(text=whole[place:at], code=None)] if at > place else []
            found.append(piece)
            place = at + len(piece.text)
    rest = whole[place:]
    return [*found, Utterance(text=rest, code=None)] if rest.strip() else found


def _cut(pieces: Sequence[Utterance]) -> tuple[tuple[Utterance, ...], int]:
    kept: list[Utterance] = []
    room, left_out = LONGEST, 0
    for piece in pieces:
        text = piece.text[:room]
        room -= len(text)
        left_out += len(piece.text) - len(text)
        if text:
            kept.append(piece if text == piece.text else piece.model_copy(update={"text": text}))
    return tuple(kept), left_out
