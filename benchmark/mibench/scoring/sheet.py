"""A sheet to code in: replies drawn at random, an empty column for their codes; opens in Excel, read by `scoring.human`."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from mibench.errors import UsageError
from mibench.records import RunFolder, digest_of
from mibench.records.jsonl import write_whole
from mibench.records.spreadsheet import csv_text
from mibench.schema import Round
from mibench.suites import Suite

COLUMNS = ("round", "change_goal", "before", "client", "reply", "coder", "codes", "utterances", "reply_digest")

Draw = Literal["rounds", "dialogues"]
"""What is drawn at random: single rounds over all dialogues, or whole dialogues."""

SPEAKERS = {"zh": {"client": "来访者", "counsellor": "咨询师"}, "en": {"client": "Client", "counsellor": "Counsellor"}}


def write_sheet(
    folder: RunFolder, suite: Suite, count: int, out: Path, *, draw: Draw = "rounds", seed: int = 0, coder: str = ""
) -> int:
    """Write a sheet of at least `count` answered rounds (fewer if the run has fewer) to `out`; returns how many.

    Every round has the same chance; with `dialogues`, whole dialogues are drawn until there are enough rounds. Rows stand
    in the order of the suite, so that a coder reads a dialogue from its start. Raises UsageError if nothing is answered
    or `out` exists: a sheet may hold somebody's work.
    """
    if out.exists():
        raise UsageError(f"{out} exists and may hold codes. Choose another --out, or delete it.")
    replies = folder.replies()
    answered = [round_ for round_ in suite.rounds[: folder.manifest().limit] if round_.id in replies]
    if not answered:
        raise UsageError(f"{folder.path} has no replies to code yet.")
    rows: list[Sequence[object]] = [COLUMNS]
    drawn = _drawn(answered, count, draw, seed)
    for round_ in drawn:
        reply = replies[round_.id].text
        *before, (_, client) = ((turn.speaker, turn.text) for turn in round_.history)
        speakers = SPEAKERS[round_.dialogue.language]
        history = "\n".join(f"{speakers[speaker]}: {text}" for speaker, text in before)
        for_people = (round_.dialogue.change_goal, history, client, reply)
        rows.append((round_.id, *for_people, coder, "", "", digest_of(reply)))
    write_whole(out, csv_text(rows))
    return len(drawn)


def _drawn(answered: Sequence[Round], count: int, draw: Draw, seed: int) -> list[Round]:
    rng = random.Random(seed)  # noqa: S311 - a sample, no secret
    if draw == "rounds":
        chosen = {round_.id for round_ in rng.sample(answered, min(count, len(answered)))}
        return [round_ for round_ in answered if round_.id in chosen]
    names = list(dict.fromkeys(round_.dialogue.id for round_ in answered))
    rng.shuffle(names)
    whole: set[str] = set()
    for name in names:
        if sum(round_.dialogue.id in whole for round_ in answered) >= count:
            break
        whole.add(name)
    return [round_ for round_ in answered if round_.dialogue.id in whole]
