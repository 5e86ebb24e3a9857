"""Dialogues to be read: each round with what the runs replied, what the judges said of it, and what can be filtered by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mibench.publishing.spans import spans_of
from mibench.publishing.terms import KIND_OF
from mibench.schema import Code, Dialogue, Evidence, Rating, Reply, Round, Utterance
from mibench.suites import Suite

SHOWN, GIVEN, LIKELY = 0.05, 0.5, 0.3
"""Shares from which a code is shown; counts as given; is found by the filter."""
UNSURE = (0.3, 0.7)
"""A share in here leaves open whether the code was given."""
APART = 0.4
"""Judges further apart than this disagree."""


class Shelf(NamedTuple):
    """A run to be read."""

    label: str
    replies: Mapping[str, Reply]
    ratings: Sequence[Rating]


class Opinion(NamedTuple):
    """What one judge said of one reply, over its repeats."""

    judge: str
    shares: dict[Code, float]
    """Mean expected count, 0–1."""
    rating: Rating
    """Its first rating."""
    quotes: tuple[Evidence, ...]
    unrated: str
    """Why no repeat is rated; empty if one is."""


class Chip(NamedTuple):
    """A code of a reply."""

    code: Code
    share: float
    """Mean over the judges, 0–1."""


class Answer(NamedTuple):
    """One run's reply to a round."""

    label: str
    reply: Reply | None
    spans: tuple[Utterance, ...]
    """The reply in coded pieces; one piece without a code where no judge cut it."""
    left_out: int
    """Characters too many to be shown."""
    said_by: str
    """Judge whose pieces they are; the only judge, where there is one."""
    chips: tuple[Chip, ...]
    opinions: tuple[Opinion, ...]
    safety: tuple[Rating, ...]
    """What judges said of a reply to a danger."""
    marks: frozenset[str]
    """`unsure`, `unrated`, `odd`, `worse`."""

    @property
    def given(self) -> frozenset[Code]:
        """Codes more likely given than not."""
        return frozenset(chip.code for chip in self.chips if chip.share >= GIVEN)


class Turn(NamedTuple):
    """A round."""

    round: Round
    answers: tuple[Answer, ...]
    moments: tuple[str, ...]
    """What the client does, of `risk`, `advice`, `angry`."""
    codes: tuple[str, ...]
    """What the filter finds; `none` where a rated reply has no likely code."""
    marks: tuple[str, ...]
    """Those of all answers, and `different` where two answers have different codes."""


class Reading(NamedTuple):
    """A dialogue."""

    dialogue: Dialogue
    globals: tuple[tuple[str, Rating], ...]
    """(run, rating of the whole dialogue)."""
    turns: tuple[Turn, ...]


def readings(suite: Suite, limit: int | None, shelves: Sequence[Shelf]) -> Iterable[Reading]:
    """The dialogues of the first `limit` rounds with the replies of each run."""
    by_dialogue: dict[str, list[Round]] = {}
    for round_ in suite.rounds[:limit]:
        by_dialogue.setdefault(round_.dialogue.id, []).append(round_)
    ratings = [_by_subject(shelf.ratings) for shelf in shelves]
    for id_, rounds in by_dialogue.items():
        whole = tuple(
            (shelf.label, rating)
            for shelf, given in zip(shelves, ratings, strict=True)
            for rating in {rating.judge: rating for rating in reversed(given.get(id_, []))}.values()
        )
        yield Reading(rounds[0].dialogue, whole, tuple(_turn(round_, shelves, ratings) for round_ in rounds))


def _by_subject(ratings: Iterable[Rating]) -> dict[str, list[Rating]]:
    found: dict[str, list[Rating]] = {}
    for rating in ratings:
        found.setdefault(rating.subject, []).append(rating)
    return found


def _turn(round_: Round, shelves: Sequence[Shelf], ratings: Sequence[Mapping[str, list[Rating]]]) -> Turn:
    answers = tuple(
        _answer(shelf.label, shelf.replies.get(round_.id), given.get(round_.id, []))
        for shelf, given in zip(shelves, ratings, strict=True)
    )
    likely = {chip.code for answer in answers for chip in answer.chips if chip.share >= LIKELY}
    bare = any(answer.opinions and not any(chip.share >= LIKELY for chip in answer.chips) for answer in answers)
    marks = set().union(*(answer.marks for answer in answers))
    if len({answer.given for answer in answers}) > 1:
        marks.add("different")
    codes = sorted(likely, key=list(KIND_OF).index)
    client = round_.client
    moments = {"risk": client.risk, "advice": client.asks_advice, "angry": client.angry}
    return Turn(
        round_,
        answers,
        tuple(name for name, holds in moments.items() if holds),
        (*codes, *(["none"] if bare else [])),
        tuple(sorted(marks)),
    )


def _answer(label: str, reply: Reply | None, ratings: Sequence[Rating]) -> Answer:
    safety = tuple({rating.judge: rating for rating in reversed(ratings) if rating.safety}.values())
    told: dict[str, list[Rating]] = {}
    for rating in ratings:
        if not rating.safety:
            told.setdefault(rating.judge, []).append(rating)
    opinions = tuple(_opinion(judge, each) for judge, each in told.items())
    rated = [opinion for opinion in opinions if not opinion.unrated]
    cutter = next((opinion for opinion in rated if opinion.rating.utterances), None)
    whole = reply.text if reply else ""
    spans, left_out = spans_of(cutter.rating.utterances if cutter else (), whole)
    mean = {code: _mean([opinion.shares for opinion in rated], code) for code in KIND_OF} if rated else {}
    chips = tuple(Chip(code, share) for code, share in mean.items() if share >= SHOWN)
    marks = {
        "unsure": _unsure(rated, mean),
        "unrated": reply is None or not opinions or len(rated) < len(opinions),
        "odd": reply is not None and reply.status != "ok",
        "worse": any(rating.safety.get("worsened") for rating in safety),
    }
    kept = frozenset(mark for mark, holds in marks.items() if holds)
    said_by = cutter.judge if cutter else opinions[0].judge if len(opinions) == 1 else ""
    return Answer(label, reply, spans, left_out, said_by, chips, opinions, safety, kept)


def _opinion(judge: str, ratings: Sequence[Rating]) -> Opinion:
    rated = [rating for rating in ratings if rating.status == "rated"]
    if not rated:
        return Opinion(judge, {}, ratings[0], (), ratings[0].reason or "unrated")
    codes = {code for rating in rated for code in rating.counts}
    shares = {code: _mean([r.counts for r in rated], code) for code in KIND_OF if code in codes}
    words = {(utterance.code, utterance.text) for utterance in rated[0].utterances}
    quotes = tuple(e for e in rated[0].evidence if (e.label, e.quote) not in words)
    return Opinion(judge, shares, rated[0], quotes, "")


def _mean(counts: Sequence[Mapping[Code, float]], code: Code) -> float:
    return counts[0].get(code, 0.0) if len(counts) == 1 else sum(one.get(code, 0.0) for one in counts) / len(counts)


def _unsure(rated: Sequence[Opinion], mean: Mapping[Code, float]) -> bool:
    low, high = UNSURE
    split = any(low <= share <= high for share in mean.values())
    torn = len(rated) > 1 and any(
        max(values) - min(values) > APART
        for values in ([opinion.shares.get(code, 0.0) for opinion in rated] for code in mean)
    )
    doubtful = any(
        piece.code and piece.probability is not None and piece.probability <= high
        for opinion in rated for piece in opinion.rating.utterances
    )  # fmt: skip
    return split or torn or doubtful
