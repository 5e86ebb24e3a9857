"""Has a model seen a suite? Three looks, none a proof: continuations, the order of the file, the canary.

Continuations  a turn of a client is cut in the middle; does the model go on as the file does, more than as another turn does?
Order          Oren et al. (2023, arXiv 2310.17623): a model that has not read the file has no reason to find its order likelier
               than a shuffled one; dialogues' first turns, in shards, canonical against shuffled order, a one-sided t-test
Canary         does the model complete the suite's canary? How does its likelihood rank among random ones
               (Carlini et al. 2019, arXiv 1802.08232: exposure)?
"""

import random
import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from statistics import mean
from typing import NamedTuple

from mibench.corpora.texts import LONG_GRAM, units
from mibench.schema import ClientTurn, Dialogue, Record

Speak = Callable[[Sequence[str]], Sequence[str]]
"""Texts → how the model goes on with each."""
Likelihood = Callable[[Sequence[tuple[str, str]]], Sequence[float]]
"""(context, continuation) → natural logarithm of the continuation's probability."""

CANARY = re.compile(r'"canary": "(?P<head>[\w-]+ [0-9a-f]{8}-)(?P<rest>[0-9a-f-]{27})"')
SHARD = 5
ORDERS = 8
RIVALS = 399
SURE = 0.003
"""Level of each look, so that all three together accuse a model that has not seen a suite less than once in a hundred."""


class Continuations(Record):
    """How a model goes on with turns cut in the middle."""

    turns: int
    """Turns that were cut."""
    true: float
    """Mean length of the longest run shared with the true rest, as a share of that rest, 0–1."""
    other: float
    """The same with the rest of another turn: what chance gives."""
    p: float | None
    """Of the difference, by a paired sign-flip permutation test, one-sided; null with fewer than six turns."""
    verbatim: int
    """Turns continued with a run of 13 characters (10 words) of the true rest."""
    at: tuple[str, ...] = ()
    """Dialogues of those turns."""


class Order(Record):
    """Whether the file's order is likelier than a shuffled one."""

    shards: int
    gain: float
    """Mean gain of the canonical order in log-likelihood a character."""
    p: float | None
    """One-sided t-test over shards; null with fewer than three."""


class Canary(Record):
    """Whether the canary is known."""

    completed: bool
    """Whether the model writes the rest of it."""
    rank: int | None = None
    """Rank of its likelihood among it and 399 random ones, from 1; null where the model gives no likelihoods."""


class Probe(Record):
    """What the three looks found."""

    suite: str
    model: str
    continuations: Continuations
    order: Order | None
    """Null where the model gives no likelihoods."""
    canary: Canary | None
    """Null where the suite has none."""
    seen: bool
    """Whether any look says so: p below .003, a turn continued word for word, the canary completed or ranked first of 400."""


class _Cut(NamedTuple):
    dialogue: Dialogue
    before: str
    rest: str


def probe(
    suite: str, model: str, dialogues: Sequence[Dialogue], canary_line: str, speak: Speak, likelihood: Likelihood | None,
    *, turns: int, seed: int,
) -> Probe:  # fmt: skip
    """Take the three looks. `canary_line`: the first line of the suite's file."""
    rng = random.Random(seed)  # noqa: S311 - a draw, no secret
    continuations = _continuations(dialogues, speak, turns, rng)
    order = _order(dialogues, likelihood, rng) if likelihood else None
    canary = _canary(canary_line, speak, likelihood, rng)
    seen = bool(
        continuations.verbatim
        or (continuations.p is not None and continuations.p < SURE)
        or (order and order.p is not None and order.p < SURE)
        or (canary and (canary.completed or canary.rank == 1))
    )
    return Probe(suite=suite, model=model, continuations=continuations, order=order, canary=canary, seen=seen)


def _continuations(dialogues: Sequence[Dialogue], speak: Speak, turns: int, rng: random.Random) -> Continuations:
    cuts = [
        _Cut(dialogue, turn.text[: len(turn.text) // 2], turn.text[len(turn.text) // 2 :])
        for dialogue in dialogues
        for turn in dialogue.turns
        if isinstance(turn, ClientTurn) and len(units(turn.text, dialogue.language)) >= 2 * LONG_GRAM[dialogue.language]
    ]
    cuts = rng.sample(cuts, min(turns, len(cuts)))
    said = speak([cut.before for cut in cuts])
    true = [_longest(text, cut.rest, cut.dialogue.language) for text, cut in zip(said, cuts, strict=True)]
    shifted = [*cuts[1:], *cuts[:1]]
    other = [_longest(text, cut.rest, cut.dialogue.language) for text, cut in zip(said, shifted, strict=True)]
    shares = [run / size for run, size in true]
    chance = [run / size for run, size in other]
    word_for_word = [
        cut.dialogue.id for cut, (run, _) in zip(cuts, true, strict=True) if run >= LONG_GRAM[cut.dialogue.language]
    ]
    return Continuations(
        turns=len(cuts),
        true=round(mean(shares), 4) if shares else 0.0,
        other=round(mean(chance), 4) if chance else 0.0,
        p=_sign_flip([a - b for a, b in zip(shares, chance, strict=True)], rng),
        verbatim=len(word_for_word),
        at=tuple(word_for_word),
    )


def _longest(said: str, rest: str, language: str) -> tuple[int, int]:
    """The longest run of units that both share, and the units of the true rest."""
    mine, theirs = units(said[:2000], language), units(rest, language)
    match = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match()
    return match.size, max(1, len(theirs))


def _sign_flip(differences: Sequence[float], rng: random.Random, draws: int = 9999) -> float | None:
    if len(differences) < 6:
        return None
    total = sum(differences)
    as_high = sum(
        sum(value if rng.random() < 0.5 else -value for value in differences) >= total - 1e-12 for _ in range(draws)
    )
    return (as_high + 1) / (draws + 1)


def _order(dialogues: Sequence[Dialogue], likelihood: Likelihood, rng: random.Random) -> Order:
    firsts = [dialogue.turns[0].text for dialogue in dialogues]
    shards = [firsts[start : start + SHARD] for start in range(0, len(firsts) - SHARD + 1, SHARD)]
    texts = [
        ("", "\n".join(order))
        for shard in shards
        for order in [shard, *(rng.sample(shard, len(shard)) for _ in range(ORDERS))]
    ]
    found = list(likelihood(texts)) if texts else []
    gains = []
    for place, shard in enumerate(shards):
        canonical, *shuffled = found[place * (ORDERS + 1) : (place + 1) * (ORDERS + 1)]
        gains.append((canonical - mean(shuffled)) / sum(map(len, shard)))
    return Order(shards=len(shards), gain=round(mean(gains), 6) if gains else 0.0, p=_above_zero(gains))


def _above_zero(gains: Sequence[float]) -> float | None:
    if len(gains) < 3 or max(gains) - min(gains) < 1e-12:
        return None
    from scipy.stats import ttest_1samp

    return float(ttest_1samp(gains, 0.0, alternative="greater").pvalue)


def _canary(line: str, speak: Speak, likelihood: Likelihood | None, rng: random.Random) -> Canary | None:
    found = CANARY.search(line)
    if not found:
        return None
    head, rest = found["head"], found["rest"]
    completed = rest[:13] in speak([head])[0]
    if likelihood is None:
        return Canary(completed=completed)
    rivals = ["".join(c if c == "-" else rng.choice("0123456789abcdef") for c in rest) for _ in range(RIVALS)]
    mine, *theirs = likelihood([(head, text) for text in [rest, *rivals]])
    return Canary(completed=completed, rank=1 + sum(other > mine for other in theirs))
