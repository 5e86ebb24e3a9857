"""Where judge and people part: the items to read, largest first."""

from typing import NamedTuple

from mibench.schema import CodedItem, Verdict
from mibench.validating.trials.sheet import Sheet

TURNS = 4
"""Turns of context."""


class Parted(NamedTuple):
    """One label of one item on which the judge's decision is not the people's."""

    label: str
    given: int
    """Coders who gave it."""
    coders: int
    """Coders who decided it."""
    judge: float
    """The judge's share, 0–1."""
    kind: str
    """`missed` by the judge, or `added`."""

    @property
    def size(self) -> float:
        """Distance of the shares, 0–1."""
        return abs(self.judge - self.given / self.coders)


class Disagreement(NamedTuple):
    """One item with all its labels that part."""

    item: CodedItem
    verdict: Verdict
    context: tuple[tuple[str, str], ...]
    """(speaker, words), the last few turns before."""
    people: tuple[tuple[str, int, int], ...]
    """(label, coders who gave it, coders who decided it), of labels that anyone gave."""
    parted: tuple[Parted, ...]

    @property
    def size(self) -> tuple[float, float, int]:
        """Largest distance of a label, then all together, then the number of coders."""
        return max(p.size for p in self.parted), sum(p.size for p in self.parted), len(self.item.codings)


def disagreements(sheet: Sheet) -> list[Disagreement]:
    """Every item with a label on which the judge's decision is not the majority's, largest first."""
    import numpy as np

    labels = sheet.corpus.labels
    decided_I_L = (~np.isnan(sheet.votes_C_I_L)).sum(axis=0)
    given_I_L = np.nansum(sheet.votes_C_I_L, axis=0).astype(int)
    found = []
    for place, item in enumerate(sheet.items):
        said = [
            (
                label,
                int(given_I_L[place, column]),
                int(decided_I_L[place, column]),
                float(sheet.judge_I_L[place, column]),
                bool(sheet.given_I_L[place, column]),
            )
            for column, label in enumerate(labels)
            if decided_I_L[place, column]
        ]
        parted = tuple(
            Parted(label.name, given, coders, share, "added" if gave else "missed")
            for label, given, coders, share, gave in said
            if label.codes and 2 * given != coders and gave != (2 * given > coders)
        )
        if parted:
            people = tuple((label.name, given, coders) for label, given, coders, _, _ in said if given)
            context = item.occasion.history[-TURNS:]
            found.append(Disagreement(item, sheet.verdicts[place], context, people, parted))
    return sorted(found, key=lambda entry: ([-part for part in entry.size], entry.item.id))
