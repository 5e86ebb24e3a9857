"""Human codes of part of a run's replies, and the scores they correct: `calibrated.json`."""

import re
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from mibench.schema.dialogue import Record
from mibench.schema.miti import CODES, Code
from mibench.schema.scores import Estimate

NO_CODE = "none"
"""What a sheet says of a reply that earns no code; an empty cell says that nobody has coded it."""


class HumanRating(Record):
    """One coder's codes for one reply: a filled row of a sheet, or a line of JSON."""

    round: str = Field(min_length=1)
    """Round id, `<dialogue>/<number>`."""
    coder: str = Field(min_length=1)
    """Who coded: a name or a letter, the same throughout."""
    codes: tuple[Code, ...]
    """The volley's MITI codes, each once; empty for a reply that earns none. As text: `CR, Q`, or `none`."""
    utterances: int | None = Field(default=None, ge=1)
    """Utterances the coder counts in the volley; absent where not counted."""
    reply_digest: str | None = None
    """sha256 of the reply's text, as the sheet has it: codes of another text are refused."""

    @field_validator("codes", mode="before")
    @classmethod
    def _codes_are_known(cls, given: Any) -> Any:
        if isinstance(given, str):
            names = [given] if "n/a" in given.lower() else re.split(r"[\s,;，；、+|/]+", given.strip())
            if [name.lower() for name in names] == [NO_CODE]:
                return ()
            given = names
        return tuple(_code(name) for name in given) if isinstance(given, (list, tuple)) else given

    @model_validator(mode="after")
    def _obeys_the_volley(self) -> Self:
        for code in self.codes:
            if self.codes.count(code) > 1:
                raise ValueError(f"the code {code} stands twice; MITI counts a code once in a volley")
        for one, other in (("SR", "CR"), ("PwP", "Persuade")):
            if one in self.codes and other in self.codes:
                raise ValueError(f"{one} and {other} exclude each other in one volley (MITI 4.2.1): keep one")
        if self.utterances is not None and self.utterances < len(self.codes):
            raise ValueError(f"{len(self.codes)} codes need as many utterances, not {self.utterances}")
        return self


class Correction(Record):
    """One metric three ways."""

    raw: Estimate
    """As the judge codes, over all rated replies: what `scores.json` says."""
    corrected: Estimate
    """The judge's value, put right by the human codes of part of the replies."""
    human: Estimate
    """The human codes alone, over the coded replies."""
    weight: float | None = Field(default=None, ge=0, le=1)
    """How far the correction leans on the judge: 0 not at all (human codes alone), 1 fully; null when undefined."""


class Calibrated(Record):
    """A run's scores under its judges, corrected for their error."""

    method: Literal["1"] = "1"
    """Version of the formulas."""
    model: str
    """How tables name the model."""
    suite: str
    judges: tuple[str, ...]
    """Whose error is corrected; several are a jury."""
    digest: str
    """Comparability digest of the raw scores."""
    ratings_digest: str
    """sha256 over the ratings that were corrected: when they change, this record is out of date."""
    human_digest: str
    """sha256 over the human codes, whatever the file was called."""
    rounds: int
    """Rounds the judge has rated."""
    dialogues: int
    """Dialogues they come from."""
    coded: int
    """Rounds, among these, that people coded."""
    coded_dialogues: int
    """Dialogues the coded rounds come from."""
    coders: dict[str, int]
    """Coder → replies coded."""
    utterances_by: Literal["human", "judge"]
    """Who counted the utterances below the line of the per-100 scores."""
    notes: tuple[str, ...] = ()
    """What a reader should know, a sentence each."""
    corrections: tuple[Correction, ...]
    """All metrics that rest on codes, in the order of tables."""

    @property
    def metrics(self) -> set[str]:
        """Names of the corrected metrics."""
        return {correction.raw.metric for correction in self.corrections}

    def __getitem__(self, metric: str) -> Correction:
        """The correction of `metric`; KeyError if there is none."""
        for correction in self.corrections:
            if correction.raw.metric == metric:
                return correction
        raise KeyError(metric)


def _code(name: Any) -> Code:
    for code in CODES:
        if str(name).strip().lower() == code.lower():
            return code
    raise ValueError(
        f"“{str(name)[:40]}” is no MITI code. There is: {', '.join(CODES)}; `{NO_CODE}` for a reply that earns no code; "
        "an empty cell for a reply that nobody has coded"
    )
