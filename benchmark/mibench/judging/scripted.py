"""A judge that reads its verdicts from a file: for tests, for teaching, and for codes made elsewhere by people."""

from functools import cached_property
from pathlib import Path

from pydantic import BaseModel

from mibench.judging.volley import VOLLEY_RULES, volley_codes
from mibench.records import digest_of, digest_of_files, read_lines
from mibench.schema import Code, Occasion, Utterance, Verdict


class ScriptedVerdict(BaseModel):
    """A line of the script."""

    round: str
    """Round id."""
    codes: list[Code | None] | None = None
    """Codes of the reply's utterances, volley rules still to be applied; null leaves the reply unrated."""
    reason: str = "the script leaves it unrated"
    """Why it is unrated."""


class ScriptedJudge:
    """`--judge scripted:FILE`: a line a round, `{"round": "zh-smoking-01/01", "codes": ["CR", "Q"]}`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.script = {verdict.round: verdict for _, verdict in read_lines(path, ScriptedVerdict)}

    @property
    def name(self) -> str:
        """As the user wrote it, without a path: two scripts are two judges."""
        return f"scripted:{self.path.name}"

    @cached_property
    def digest(self) -> str:
        """Changes with the file and with the volley rules."""
        return digest_of(["scripted", digest_of_files([self.path]), VOLLEY_RULES])

    def rate(self, occasion: Occasion, reply: str) -> Verdict:
        """The script's verdict; unrated where it has none."""
        verdict = self.script.get(occasion.id)
        if verdict is None or verdict.codes is None:
            reason = verdict.reason if verdict else f"{self.path.name} has no line for it"
            return Verdict(status="unrated", reason=reason)
        codes = volley_codes(verdict.codes, asked=occasion.asks_advice)
        only = Utterance(text=reply, code=codes[0] if len(codes) == 1 else None) if reply else None
        return Verdict(
            status="rated",
            counts=dict.fromkeys(codes, 1.0),
            utterances=(only,) if only and len(codes) == 1 else (),
            utterance_count=max(1, len(verdict.codes)),
            cost=0,
        )
