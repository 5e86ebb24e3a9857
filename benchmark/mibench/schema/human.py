"""How people counsel, in the suites' own measures: reference rows, in numbers only. No words of a corpus stand here."""

from pydantic import Field

from mibench.schema.coded import Quality
from mibench.schema.dialogue import Record
from mibench.schema.scores import Estimate


class HumanRow(Record):
    """The good sessions of a corpus, or the bad ones."""

    quality: Quality
    sessions: int = Field(ge=1)
    groups: int = Field(ge=1)
    """What is resampled, e.g. videos."""
    utterances: int = Field(ge=1)
    """Coded counsellor utterances."""
    estimates: tuple[Estimate, ...]
    """Ratios of sums over all utterances, each coder counting alike; intervals resample groups."""

    def get(self, metric: str) -> Estimate | None:
        """The estimate of `metric`, if there is one with a value."""
        return next((one for one in self.estimates if one.metric == metric and one.value is not None), None)


class HumanRows(Record):
    """`tasks/human_rows.json`: what `mibench corpora human` computes from a person's own copy of a corpus."""

    format: int = 1
    corpus: str
    """Name of the corpus, e.g. `annomi`."""
    name: str
    """How tables name it."""
    about: str
    """What it is, and what these numbers are not, in a line."""
    command: str
    """The command that gave this record."""
    corpus_digest: str
    """sha256 over the content of the files."""
    sessions: int
    """All sessions in the copy."""
    coders: int
    """People who coded; a session is coded by one or more of them."""
    non_adherent: str = ""
    """What counts as MI non-adherent in proficiency, where the corpus cannot say it as MITI does."""
    version: str
    """Of mibench."""
    draws: int
    seed: int
    rows: tuple[HumanRow, ...]
    """Good sessions first."""
