"""What is estimated of a volley, and how the ten codes follow from it."""

from collections.abc import Mapping

from mibench.schema import Code

HEADS = (
    "reflection", "complex", "question", "input", "information", "advice", "permission", "affirm", "seek", "emphasize",
    "confront", "uncoded", "spoken",
)  # fmt: skip
"""Each the probability that a trained coder sees it in the volley; `complex` among those who see a reflection,
`permission` among those who see advice; `input` is information, advice or a plan; `uncoded` is none of all. `spoken` is
no code but what the words look like, transcribed speech or writing: people who code the one agree less than the authors
of the other, and the trees must know how sure to be."""

FEWEST = 0.001
"""Shares below are left out of a verdict."""


def counts_of(shares: Mapping[str, float], *, asked: bool) -> dict[Code, float]:
    """Code → expected count in the volley, 0–1. Advice the client had asked for is with permission (MITI 4.2.1, E.3)."""
    permitted = 1.0 if asked else shares["permission"]
    counts: dict[Code, float] = {
        "SR": shares["reflection"] * (1 - shares["complex"]),
        "CR": shares["reflection"] * shares["complex"],
        "Q": shares["question"],
        "AF": shares["affirm"],
        "Seek": shares["seek"],
        "Emphasize": shares["emphasize"],
        "GI": shares["information"],
        "PwP": shares["advice"] * permitted,
        "Persuade": shares["advice"] * (1 - permitted),
        "Confront": shares["confront"],
    }
    return {code: round(count, 4) for code, count in counts.items() if count >= FEWEST}
