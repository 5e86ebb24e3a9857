"""A counsellor that reads its replies from a file: for tests, teaching, and replies made elsewhere."""

import time
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mibench.errors import UsageError
from mibench.generating.counsellors.counsellor import Counsellor
from mibench.records import digest_of_files, read_lines


class ScriptedReply(BaseModel):
    """A line of the script; other fields are ignored, so that a run's replies.jsonl will do."""

    round: str
    """Round id."""
    text: str
    """What to say there."""


class Scripted(Counsellor):
    """`--model scripted --model-args path=replies.jsonl`; `delay=0.1` waits so many seconds before each reply."""

    def __init__(self, path: str, delay: float = 0.0) -> None:
        super().__init__()
        self.path = Path(path)
        self.delay = float(delay)
        self.script = {reply.round: reply.text for _, reply in read_lines(self.path, ScriptedReply)}
        self.revision = f"file-{digest_of_files([self.path])[:16]}"

    def answer(self, messages: list[dict[str, str]], doc: dict[str, Any]) -> str:
        """The script's line for this round. Raises UsageError if it has none."""
        if doc["round"] not in self.script:
            raise UsageError(f"{self.path} has no line for round {doc['round']}; give it one, or use --limit.")
        time.sleep(self.delay)
        return self.script[doc["round"]]
