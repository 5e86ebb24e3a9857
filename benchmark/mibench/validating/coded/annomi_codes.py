"""What a row of AnnoMI says: labels, the MITI codes they stand for, and the cells that give them."""

from mibench.schema import Coding, Label, Main, Talk
from mibench.validating.coded.conversation import Notes, Speaker
from mibench.validating.coded.table import Row

LABELS = (
    Label(name="reflection", codes=("SR", "CR")),
    Label(name="simple reflection", codes=("SR",)),
    Label(name="complex reflection", codes=("CR",)),
    Label(name="question", codes=("Q",)),
    Label(name="therapist input", codes=("GI", "PwP", "Persuade")),
    Label(name="information", codes=("GI",)),
    Label(name="advice", codes=("PwP", "Persuade")),
    Label(name="negotiation", codes=()),
    Label(name="options", codes=()),
)
"""Advice with and without permission is one thing to AnnoMI; negotiation and options have no MITI code of their own."""

MAIN_LABELS = {"reflection": "reflection", "question": "question", "therapist_input": "therapist input"}

REFLECTION = {"simple": "simple reflection", "complex": "complex reflection", "n/a": None}
INPUT = {"information": "information", "advice": "advice", "negotiation": "negotiation", "options": "options", "n/a": None}  # fmt: skip
YES_NO = {"True": True, "False": False, "n/a": None}
MAIN: dict[str, Main | None] = {"reflection": "reflection", "question": "question", "therapist_input": "therapist_input", "other": "other", "n/a": None}  # fmt: skip
TALK: dict[str, Talk | None] = {"change": "change", "neutral": "neutral", "sustain": "sustain", "n/a": None}

MAJORITY = "majority"
"""The coder of the simple table."""


def talk_of(row: Row, speaker: Speaker) -> Talk | None:
    """What a client says; None where nobody coded it. Raises BadRecord for a cell that does not fit."""
    talk = row.choice("client_talk_type", TALK)
    if talk and speaker == "counsellor":
        raise row.fault(f"client_talk_type is “{talk}” in a row of the therapist; expected n/a. Are columns swapped?")
    return talk


def simple_coding(row: Row, coder: str, speaker: Speaker, _: Notes, __: str) -> Coding | None:
    """A row of the simple table: one behaviour, which says nothing of the others unless it is “other”; None where uncoded."""
    main = _main(row, speaker)
    if main is None:
        return None
    given = MAIN_LABELS.get(main)
    others = tuple(label for label in MAIN_LABELS.values() if label != given)
    return Coding(coder=coder, labels=(given,) if given else (), unknown=others if given else (), main=main)


def full_coding(row: Row, coder: str, speaker: Speaker, notes: Notes, place: str) -> Coding | None:
    """A row of the full table: every behaviour present or absent, with its kind; None where uncoded."""
    main = _main(row, speaker)
    if main is None:
        return None
    labels: list[str] = []
    unknown: list[str] = []
    if row.choice("question_exists", YES_NO):
        labels.append("question")
    for label, column, kinds in (
        ("reflection", "reflection", REFLECTION),
        ("therapist input", "therapist_input", INPUT),
    ):
        kind = row.choice(f"{column}_subtype", kinds)
        if row.choice(f"{column}_exists", YES_NO):
            labels += [label, kind] if kind else [label]
            unknown += [] if kind else [name for name in kinds.values() if name]
        elif kind:
            notes.add(f"kinds of {label} left out where the coder saw none", place)
    if main != "other" and MAIN_LABELS[main] not in labels:
        notes.add("main behaviours that their coder did not call present, both kept", place)
    return Coding(coder=coder, labels=tuple(labels), unknown=tuple(unknown), main=main)


def _main(row: Row, speaker: Speaker) -> Main | None:
    main = row.choice("main_therapist_behaviour", MAIN)
    if main and speaker == "client":
        raise row.fault(
            f"main_therapist_behaviour is “{main}” in a row of the client; expected n/a. Are columns swapped?"
        )
    return main
