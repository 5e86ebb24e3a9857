"""Train and test from one set: by client and scenario, never by dialogue, and free of every suite that ships."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pydantic import Field

from mibench.corpora import minhash
from mibench.corpora.similarity import nearest
from mibench.corpora.texts import long_grams
from mibench.errors import UsageError
from mibench.schema import Dialogue, Record, Transcript
from mibench.suites import load_suite, suite_names

NEAR = 0.5
"""Estimated Jaccard likeness of clients' words from which two dialogues are one scenario."""
ALIKE = 0.6
"""Cosine of character TF-IDF from which a dialogue is held too like one of another side."""


class Leak(Record):
    """What one side shares with another."""

    against: str
    """`test`, or the name of a suite."""
    long_runs: int = Field(ge=0)
    """Dialogues that share a run of 13 characters (10 words) with it."""
    minhash: int = Field(ge=0)
    """Dialogues whose estimated Jaccard likeness to one of it is .5 or more."""
    tfidf: int = Field(ge=0)
    """Dialogues whose TF-IDF cosine to one of it is .6 or more."""
    highest_jaccard: float
    """The highest estimated Jaccard likeness met, 0–1."""
    highest_cosine: float
    """The highest cosine met, 0–1."""
    left_out: int = Field(ge=0)
    """Dialogues left out for any of these."""


class SplitReport(Record):
    """`split.json`."""

    kept: int
    """Dialogues that came in."""
    groups: int
    """Clients or scenarios they belong to."""
    largest_group: int
    train: int
    test: int
    train_rounds: int
    test_rounds: int
    seed: int
    common_runs: int
    """Long runs that stand in dialogues of three or more groups, and one in a hundred: phrases, not leaks."""
    leaks: tuple[Leak, ...]
    """Against each suite, before the split; then train against test, after it."""
    licence: str
    digest: str
    """sha256 of the transcripts that came in."""


class Split(NamedTuple):
    """The two sides, in the order they came in."""

    train: list[Dialogue]
    test: list[Dialogue]
    report: SplitReport


def split(
    transcripts: Sequence[Transcript], test: int, seed: int, *, licence: str, digest: str,
    on_step: Callable[[int, int, str], None] = lambda *_: None,
) -> Split:  # fmt: skip
    """Draw whole groups into a test side of exactly `test` dialogues; the rest, without what leaks, is train.

    `on_step` is told (steps done, steps, what comes next).

    Raises UsageError when there are too few dialogues, or no groups that add up to `test`.
    """
    kept = [transcript for transcript in transcripts if transcript.dialogue]
    dialogues = [transcript.dialogue for transcript in kept if transcript.dialogue]
    if len(dialogues) <= test:
        raise UsageError(f"A test side of {test} needs more than {test} dialogues; {len(dialogues)} were kept.")
    on_step(0, 3, "clients and scenarios")
    groups = _groups(kept, dialogues)
    on_step(1, 3, "leaks from suites")
    common = _common(dialogues, groups)
    leaks, clean = _against_suites(dialogues)
    chosen = _draw([group for place, group in enumerate(groups) if clean[place]], test, seed)
    test_side = [d for d, group, ok in zip(dialogues, groups, clean, strict=True) if ok and group in chosen]
    rest = [d for d, group, ok in zip(dialogues, groups, clean, strict=True) if ok and group not in chosen]
    on_step(2, 3, "leaks from train to test")
    leak, fits = _leak("test", rest, test_side, common)
    train_side = [dialogue for dialogue, ok in zip(rest, fits, strict=True) if ok]
    on_step(3, 3, "")
    sizes = Counter(groups)
    report = SplitReport(
        kept=len(dialogues), groups=len(sizes), largest_group=max(sizes.values()), train=len(train_side),
        test=len(test_side), train_rounds=_rounds(train_side), test_rounds=_rounds(test_side), seed=seed,
        common_runs=len(common), leaks=(*leaks, leak), licence=licence, digest=digest,
    )  # fmt: skip
    return Split(train_side, test_side, report)


def _groups(transcripts: Sequence[Transcript], dialogues: Sequence[Dialogue]) -> list[int]:
    """For each dialogue a number that dialogues of one client or scenario share.

    One client: the source's group, or near-duplicate clients' words. One scenario: topic, age and sex, all known.
    """
    parent = list(range(len(dialogues)))

    def find(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(key: Callable[[int], object]) -> None:
        first: dict[object, int] = {}
        for place in range(len(dialogues)):
            value = key(place)
            if value is not None:
                parent[find(place)] = find(first.setdefault(value, place))

    near = minhash.clusters(minhash.signatures(_client_words(dialogue) for dialogue in dialogues), NEAR)
    join(lambda place: transcripts[place].group)
    join(lambda place: int(near[place]))
    join(lambda place: _scenario(dialogues[place]))
    return [find(place) for place in range(len(dialogues))]


def _scenario(dialogue: Dialogue) -> object:
    if dialogue.age is None or dialogue.sex is None:
        return None
    return dialogue.topic, dialogue.age, dialogue.sex


def _common(dialogues: Sequence[Dialogue], groups: Sequence[int]) -> set[int]:
    """Long runs that many groups share: phrases that whoever writes counselling uses."""
    by_group: dict[int, list[Dialogue]] = defaultdict(list)
    for dialogue, group in zip(dialogues, groups, strict=True):
        by_group[group].append(dialogue)
    found: Counter[int] = Counter()
    for members in by_group.values():
        found.update({run for dialogue in members for run in _runs(dialogue)})
    enough = max(3, len(by_group) // 100)
    return {run for run, count in found.items() if count >= enough}


def _against_suites(dialogues: Sequence[Dialogue]) -> tuple[list[Leak], list[bool]]:
    clean = [True] * len(dialogues)
    leaks = []
    for name in suite_names():
        suite = [d for d in load_suite(name).dialogues if d.language in {dialogue.language for dialogue in dialogues}]
        if suite:
            leak, fits = _leak(name, dialogues, suite, set())
            leaks.append(leak)
            clean = [a and b for a, b in zip(clean, fits, strict=True)]
    return leaks, clean


def _leak(name: str, side: Sequence[Dialogue], other: Sequence[Dialogue], common: set[int]) -> tuple[Leak, list[bool]]:
    """What `side` shares with `other`, and which of `side` share nothing."""
    if not side or not other:
        return Leak(against=name, long_runs=0, minhash=0, tfidf=0, highest_jaccard=0, highest_cosine=0, left_out=0), [
            True
        ] * len(side)
    known = {gram for dialogue in other for gram in _runs(dialogue)} - common
    runs = [not known.isdisjoint(_runs(dialogue)) for dialogue in side]
    theirs = minhash.signatures(_words(dialogue) for dialogue in other)
    mine = minhash.signatures(_words(dialogue) for dialogue in side)
    jaccard = [float(minhash.likeness(theirs, row).max()) for row in mine]
    cosine = nearest([_words(d) for d in side], [_words(d) for d in other])[1].tolist()
    bad = [run or j >= NEAR or c >= ALIKE for run, j, c in zip(runs, jaccard, cosine, strict=True)]
    leak = Leak(
        against=name, long_runs=sum(runs), minhash=sum(j >= NEAR for j in jaccard), tfidf=sum(c >= ALIKE for c in cosine),
        highest_jaccard=round(max(jaccard), 3), highest_cosine=round(max(cosine), 3), left_out=sum(bad),
    )  # fmt: skip
    return leak, [not each for each in bad]


def _draw(groups: Sequence[int], test: int, seed: int) -> set[int]:
    """Whole groups that add up to exactly `test`, in an order that the seed gives; large ones only if they fit."""
    sizes = Counter(groups)
    order = sorted(sizes, key=lambda group: hashlib.sha256(f"{seed}\0{group}".encode()).hexdigest())
    reach: dict[int, tuple[int, ...]] = {0: ()}
    for group in order:
        for total, chosen in list(reach.items()):
            reach.setdefault(total + sizes[group], (*chosen, group))
        if test in reach:
            return set(reach[test])
        reach = {total: chosen for total, chosen in reach.items() if total < test}
    raise UsageError(
        f"No clients add up to exactly {test} dialogues: there are {len(sizes)} of {sum(sizes.values())} that share nothing "
        f"with a suite, sizes {sorted(sizes.values(), reverse=True)[:5]} … Choose another --test."
    )


def _runs(dialogue: Dialogue) -> set[int]:
    """Hashes of its long runs: a set of two thousand dialogues has two million."""
    return {hash(gram) for turn in dialogue.turns for gram in long_grams(turn.text, dialogue.language)}


def _words(dialogue: Dialogue) -> str:
    return "\n".join(turn.text for turn in dialogue.turns)


def _client_words(dialogue: Dialogue) -> str:
    return "\n".join(turn.text for turn in dialogue.turns[::2])


def _rounds(dialogues: Sequence[Dialogue]) -> int:
    return sum(len(dialogue.turns) // 2 for dialogue in dialogues)
