"""The numbers of a suite's data card, counted from its file."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mibench.schema import CODES, NAMES
from mibench.suites.suite import Suite

if TYPE_CHECKING:
    from mibench.schema import Code


def card_tables(suite: Suite) -> str:
    """Counts of dialogues, rounds, codes and slices as Markdown tables; what the card shows is this text."""
    dialogues, rounds = suite.dialogues, suite.rounds
    given: Counter[Code] = Counter(code for round_ in rounds for code in round_.reference.codes)
    reflections = given["SR"] + given["CR"]
    uncoded = sum(not round_.reference.codes for round_ in rounds)
    talk = [{span.talk for span in round_.client.talk} for round_ in rounds]
    coded = any(talk)
    before = {
        "change talk": sum("change" in kinds for kinds in talk),
        "sustain talk": sum("sustain" in kinds for kinds in talk),
        "both": sum({"change", "sustain"} <= kinds for kinds in talk),
        "neither": sum(kinds == {"neutral"} for kinds in talk),
        "a request for advice": sum(round_.client.asks_advice for round_ in rounds),
        "anger at the counsellor": sum(round_.client.angry for round_ in rounds),
        "a risk to be noticed": sum(round_.client.risk is not None for round_ in rounds),
    }
    lengths = sorted(len(round_.reference.text) for round_ in rounds)
    ages = [dialogue.age for dialogue in dialogues if dialogue.age is not None]
    head = (
        f"{len(dialogues)} dialogues, {len(rounds)} rounds, {len({d.topic for d in dialogues})} behaviours; "
        f"reference replies of {lengths[0]} to {lengths[-1]} characters (median {lengths[len(lengths) // 2]}); "
        f"R:Q {_ratio(reflections, given['Q'], '.2f')}, %CR {_ratio(100 * given['CR'], reflections, '.0f')}, "
        f"{uncoded} replies without a code; "
        + (f"clients of {min(ages)} to {max(ages)} years." if ages else "no client's age is known.")
    )
    return "\n\n".join(
        (
            head,
            _table("code", "replies", [(code, given[code]) for code in CODES], {c: NAMES[c] for c in CODES}),
            _table("client's turn before the reply holds", "rounds", before.items())
            if coded
            else "The clients' turns are not coded.",
            *(
                _table(
                    field, "dialogues", Counter(str(getattr(d, field) or "not stated") for d in dialogues).most_common()
                )
                for field in ("stage", "resistance", "area", "sex", "setting", "topic")
            ),
        )
    )


def _ratio(over: float, under: float, form: str) -> str:
    return format(over / under, form) if under else "undefined"


def _table(name: str, unit: str, rows: Iterable[tuple[str, int]], notes: dict[str, str] | None = None) -> str:
    third = (" meaning |", "---|") if notes else ("", "")
    lines = [f"| {name} | {unit} |{third[0]}", f"|---|---:|{third[1]}"]
    lines += [f"| {key} | {count} |" + (f" {notes[key]} |" if notes else "") for key, count in rows]
    return "\n".join(lines)
