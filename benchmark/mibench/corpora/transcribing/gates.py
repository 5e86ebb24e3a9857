"""What a rewritten dialogue must pass, each gate by itself, cheap ones first; MITI comes last, see `coding`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from mibench.content import room
from mibench.corpora.texts import long_grams, shared
from mibench.corpora.transcribing.drafts import Draft
from mibench.corpora.transcribing.facts import facts_of, missing
from mibench.scans import personal_data, unsafe_advice
from mibench.schema import SourceDialogue
from mibench.suites import load_suite, suite_names

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Bars:
    """How high the gates stand."""

    min_rounds: int = 6
    max_rounds: int = 16
    longest_turn: int = 200
    """Characters of a counsellor's turn; five times as many of English."""
    facts: float = 0.6
    """Least share of the client's named facts that is kept, 0–1."""
    copied: float = 0.3
    """Most that the counsellor may share with the source's counsellor, in runs of eight characters (five words), 0–1."""
    r_to_q: float = 1.0
    """Least R:Q; MITI's Fair."""
    percent_cr: float = 50.0
    """Least %CR, 0–100; MITI's Good."""
    mina: int = 1
    """Most MI non-adherent codes in the dialogue."""
    without_goal: bool = False
    """Whether dialogues without a change goal are written and kept."""


class Failure(NamedTuple):
    """A gate that was not passed, and what it found."""

    gate: str
    detail: str

    def told(self, language: str) -> str:
        """What the model is told."""
        words = reasons()[language]
        return str(words["head"]).format(why=str(words[self.gate]).format(detail=self.detail))

    def said(self) -> str:
        """What stands in reports."""
        return str(reasons()["en"][self.gate]).format(detail=self.detail)


Measures = dict[str, float]


def text_gates(draft: Draft, source: SourceDialogue, bars: Bars, measures: Measures) -> Failure | None:
    """The first gate that is not passed, or None; what was measured is added to `measures`."""
    gates: tuple[Callable[[], Iterator[Failure]], ...] = (
        lambda: _alternation(draft),
        lambda: _length(draft, source.language, bars, measures),
        lambda: _facts(draft, source, bars, measures),
        lambda: _source_copy(draft, source, bars, measures),
        lambda: _suite_copy(draft, source.language),
        lambda: _unsafe(draft),
        lambda: _personal(draft),
    )
    return next((failure for gate in gates for failure in gate()), None)


def _alternation(draft: Draft) -> Iterator[Failure]:
    for number, turn in enumerate(draft.turns):
        if turn.speaker != ("counsellor" if number % 2 else "client"):
            yield Failure("alternation", f"turn {number + 1}: {turn.speaker}")
    if len(draft.turns) < 2 or len(draft.turns) % 2:
        yield Failure("alternation", f"{len(draft.turns)} turns")


def _length(draft: Draft, language: str, bars: Bars, measures: Measures) -> Iterator[Failure]:
    rounds = len(draft.turns) // 2
    most = bars.longest_turn if language == "zh" else 5 * bars.longest_turn
    longest = max(len(turn.text) for turn in draft.turns[1::2])
    measures |= {"rounds": rounds, "longest_turn": longest}
    if not bars.min_rounds <= rounds <= bars.max_rounds:
        yield Failure("rounds", f"{rounds}; {bars.min_rounds}–{bars.max_rounds}")
    if longest > most:
        yield Failure("length", f"{longest}; ≤ {most}")


def _facts(draft: Draft, source: SourceDialogue, bars: Bars, measures: Measures) -> Iterator[Failure]:
    facts = facts_of(source.words_of("client"), source.language)
    lost = missing(facts, draft.words_of("client"), source.language)
    measures["facts"] = len(facts)
    measures["facts_kept"] = round(1 - len(lost) / len(facts), 4) if facts else 1.0
    if measures["facts_kept"] < bars.facts:
        yield Failure("facts", ("、" if source.language == "zh" else ", ").join(lost[:8]))


def _source_copy(draft: Draft, source: SourceDialogue, bars: Bars, measures: Measures) -> Iterator[Failure]:
    size = 8 if source.language == "zh" else 5
    copied = shared(draft.words_of("counsellor"), source.words_of("counsellor"), source.language, size)
    measures["copied"] = round(copied, 4)
    if copied > bars.copied:
        yield Failure("source copy", f"{copied:.0%}")


def _suite_copy(draft: Draft, language: str) -> Iterator[Failure]:
    known = suite_grams(language)
    for turn in draft.turns:
        found = long_grams(turn.text, language) & known
        if found:
            yield Failure("suite copy", min(found))


def _unsafe(draft: Draft) -> Iterator[Failure]:
    for turn in draft.turns[1::2]:
        for finding in unsafe_advice(turn.text):
            yield Failure("unsafe advice", finding.words)


def _personal(draft: Draft) -> Iterator[Failure]:
    for text in (draft.client, *(turn.text for turn in draft.turns)):
        for finding in personal_data(text):
            yield Failure("personal data", finding.words)


@cache
def suite_grams(language: str) -> frozenset[str]:
    """Every long run of every turn of every suite that ships, in one language."""
    return frozenset(
        gram
        for name in suite_names()
        for dialogue in load_suite(name).dialogues
        if dialogue.language == language
        for turn in dialogue.turns
        for gram in long_grams(turn.text, language)
    )


@cache
def reasons() -> Any:
    """`judges/transcribe/reasons.yaml`."""
    import yaml

    return yaml.safe_load((room("judges") / "transcribe" / "reasons.yaml").read_text(encoding="utf-8"))
