"""Dialogues → files: JSON lines with a canary, and a suite folder that `mibench run --suite` and lm-eval take."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from mibench.content import room
from mibench.errors import UsageError
from mibench.records import digest_of
from mibench.records.jsonl import write_whole
from mibench.schema import Dialogue
from mibench.suites import load_suite
from mibench.suites.card import card_tables

SHIPPED = {"zh": "mi_zh", "en": "mi_en"}
"""The suite whose lm-eval YAML and counsellor prompt a new one begins with."""


def write_dialogues(path: Path, dialogues: Sequence[Dialogue], note: str) -> None:
    """One dialogue a line, a canary in the first. The canary is made from the dialogues, so that each set has its own."""
    mark = digest_of([dialogue.id for dialogue in dialogues])
    canary = f"mibench-canary {mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:32]}"
    lines = [json.dumps({"canary": canary, "note": note}, ensure_ascii=False)]
    lines += [dialogue.model_dump_json() for dialogue in dialogues]
    write_whole(path, "\n".join(lines) + "\n")


def write_messages(path: Path, dialogues: Iterable[Dialogue]) -> None:
    """One `{"messages": [{"role", "content"}]}` a line, as trainers read it: the client is the user."""
    roles = {"client": "user", "counsellor": "assistant"}
    lines = [
        json.dumps(
            {"messages": [{"role": roles[turn.speaker], "content": turn.text} for turn in dialogue.turns]},
            ensure_ascii=False,
        )
        for dialogue in dialogues
    ]
    write_whole(path, "".join(f"{line}\n" for line in lines))


def write_suite(folder: Path, dialogues: Sequence[Dialogue], about: str, *, prompt: str | None = None) -> None:
    """A suite: dialogues.jsonl, counsellor.jinja, <name>.yaml for lm-eval, and a README with counts.

    `about`: what stands in the README before the counts. `prompt`: the counsellor prompt; None is the shipped one's.
    Raises UsageError for a name lm-eval cannot take, or dialogues of two languages.
    """
    name = folder.name
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UsageError(f"“{name}” is no name for a suite: small letters, digits and _ only, a letter first.")
    languages = {dialogue.language for dialogue in dialogues}
    if len(languages) != 1:
        raise UsageError(f"A suite has one language; these dialogues have {', '.join(sorted(languages))}.")
    shipped = SHIPPED[languages.pop()]
    yaml = (room("tasks") / shipped / f"{shipped}.yaml").read_text(encoding="utf-8")
    yaml = re.sub(r"(?m)^#.*\n", "", yaml).replace(f"task: {shipped}", f"task: {name}")
    write_dialogues(folder / "dialogues.jsonl", dialogues, "Test data: do not train on it.")
    write_whole(folder / f"{name}.yaml", f"# Made by mibench; README.md beside this file is the data card.\n{yaml}")
    if prompt is None:
        prompt = (room("tasks") / shipped / "counsellor.jinja").read_text(encoding="utf-8")
    write_whole(folder / "counsellor.jinja", prompt)
    write_whole(folder / "README.md", f"# {name}\n\n{about}\n\n## Counts\n\n{card_tables(load_suite(folder))}\n")
