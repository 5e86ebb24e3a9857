"""Put a prompted judge's questions to its model and read the answers: for a run, or for any replies."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern

from mibench.errors import MibenchError
from mibench.judging.batching import Batching, Desk
from mibench.judging.batching.desk import OnBatches
from mibench.judging.engine import NO_ANSWER, Limits, Price
from mibench.judging.engine.engine import Job
from mibench.judging.prompted.calls import Calls
from mibench.judging.prompted.judge import PromptedJudge
from mibench.judging.prompted.reading import Unreadable
from mibench.judging.providers import Question
from mibench.judging.subjects import Subject, subjects
from mibench.records import RunFolder
from mibench.schema import Call, Rating, Verdict
from mibench.suites import Suite

UNUSABLE = "the judge's answer cannot be used"
CUT = "the judge's answer was cut at its token limit"

OnRating = Callable[[int, int, float], None]
Rated = Callable[[Subject, int, Verdict, list[Call]], None]
"""Told (subject, repeat, verdict, its calls) as soon as all prompts of a subject are answered."""


@dataclass(frozen=True)
class Means:
    """With what the questions are asked."""

    limits: Limits = field(default_factory=Limits)
    price: Price | None = None
    budget: float | None = None
    """Dollars that all calls in the file may cost together, those already there included."""
    batching: Batching = field(default_factory=Batching)
    on_batches: OnBatches = lambda *_: None
    """Told (answered, all) of the questions in batches while they are waited for."""


def judge_with_prompts(
    folder: RunFolder, suite: Suite, judge: PromptedJudge, on_rating: OnRating, means: Means
) -> None:
    """Rate every subject in `folder` that this judge has not rated yet.

    Raises MibenchError when the provider cannot go on, BudgetSpent at the cap, StillUnderWay when questions are in
    batches that have not ended; finished ratings and calls are kept.
    """
    done = settled(folder, judge)

    def wanted() -> Iterator[tuple[Subject, int, bool]]:
        """Every subject and repeat, and whether it is rated already; a stream, so that dialogues do not pile up."""
        for subject in subjects(folder, suite, judge.card.rates):
            for repeat in range(judge.repeats):
                yield subject, repeat, (subject.id, subject.digest, repeat) in done

    marks = [rated_already for _, _, rated_already in wanted()]
    total, finished, dollars = len(marks), sum(marks), 0.0

    def open_() -> Iterator[tuple[Subject, int]]:
        return ((subject, repeat) for subject, repeat, rated_already in wanted() if not rated_already)

    with folder.append_ratings() as ratings:

        def rated(subject: Subject, repeat: int, verdict: Verdict, calls: list[Call]) -> None:
            nonlocal finished, dollars
            rating = _rating(judge, subject, repeat, verdict, calls)
            ratings.append(rating)
            done.add((subject.id, subject.digest, repeat))
            finished += 1
            dollars += rating.cost or 0.0
            on_rating(finished, total, dollars)

        on_rating(finished, total, 0.0)
        asyncio.run(_ask(judge, open_, folder.calls_path, rated, means))


def settled(folder: RunFolder, judge: PromptedJudge) -> set[tuple[str, str, int]]:
    """(subject, reply digest, repeat) of what needs no asking: rated, or unrated for good. A server's absence is not for good."""
    return {
        (intern(key["subject"]), intern(key["reply_digest"]), key.get("repeat", 0))
        for key in folder.rating_keys()
        if key["judge_digest"] == judge.digest and not (key.get("reason") or "").startswith(NO_ANSWER)
    }


def rate_with_prompts(
    judge: PromptedJudge, found: Sequence[Subject], calls: Path, on_rating: OnRating, means: Means
) -> list[Verdict]:
    """The verdict on each of `found`, in order; answers already in the file `calls` are not paid again."""
    verdicts: dict[str, Verdict] = {}
    dollars = 0.0

    def rated(subject: Subject, _repeat: int, verdict: Verdict, calls: list[Call]) -> None:
        nonlocal dollars
        verdicts[subject.id + subject.digest] = verdict
        dollars += sum(call.cost or 0.0 for call in calls)
        on_rating(len(verdicts), len(found), dollars)

    def open_() -> Iterator[tuple[Subject, int]]:
        return ((subject, 0) for subject in found if subject.id + subject.digest not in verdicts)

    asyncio.run(_ask(judge, open_, calls, rated, means))
    return [verdicts[subject.id + subject.digest] for subject in found]


async def _ask(
    judge: PromptedJudge, open_: Callable[[], Iterable[tuple[Subject, int]]], path: Path, rated: Rated, means: Means
) -> None:
    beginning = _Beginning()
    with Calls(path) as calls:
        desk = Desk(
            judge.provider, judge.digest, calls,
            plan=means.batching, limits=means.limits, price=means.price, cap=means.budget, on_batches=means.on_batches,
        )  # fmt: skip
        try:
            await desk.run(lambda: _jobs(judge, open_(), rated, beginning))
        finally:
            await judge.provider.close()


def _jobs(
    judge: PromptedJudge, open_: Iterable[tuple[Subject, int]], rated: Rated, beginning: "_Beginning"
) -> Iterator[Job]:
    for subject, repeat in open_:
        if subject.empty:
            rated(subject, repeat, Verdict(status="unrated", reason="the reply is empty", cost=0), [])
            continue
        pending = _Pending(judge, subject, repeat, rated, beginning)
        for place, question in enumerate(judge.questions(subject.occasion, subject.reply, subject.digest, repeat)):
            yield question, pending.use(place, question)


class _Beginning:
    """Stops the run when the first three answers are all unusable or cut, for the rest would be too."""

    def __init__(self) -> None:
        self.first: list[str | None] = []

    def __call__(self, reason: str | None) -> None:
        """Take why an answer gave no verdict, None if it gave one. Raises MibenchError at the third of no use."""
        if len(self.first) == 3:
            return
        self.first.append(reason)
        if len(self.first) == 3 and all((why or "").startswith((UNUSABLE, CUT)) for why in self.first):
            raise MibenchError(
                f"The first three answers of the judge are of no use; the last: {reason}. "
                "Try a model that follows the prompt, or a server that holds answers to a schema."
            )


@dataclass
class _Pending:
    """A subject whose prompts are not all answered yet."""

    judge: PromptedJudge
    subject: Subject
    repeat: int
    rated: Rated
    beginning: _Beginning
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def use(self, place: int, first: Question) -> Callable[[Call | str], Awaitable[Question | None]]:
        """What to do with the outcome of the question at `place`; asks once more if the answer does not fit."""
        prompt = self.judge.prompts[place]
        repaired = False

        async def outcome(found: Call | str) -> Question | None:
            nonlocal repaired
            try:
                verdict = self._read(prompt, found)
            except Unreadable as fault:
                if not repaired:
                    repaired = True
                    assert isinstance(found, Call)
                    again = self.judge.repair(first, found.text, fault, self.subject.occasion.language)
                    if again is not None:
                        return again
                verdict = Verdict(status="unrated", reason=f"{UNUSABLE}: {fault}")
            self.verdicts[place] = verdict
            if len(self.verdicts) == len(self.judge.prompts):
                ordered = [self.verdicts[number] for number in sorted(self.verdicts)]
                self.rated(self.subject, self.repeat, self.judge.together(ordered), self.calls)
            if isinstance(found, Call):
                self.beginning(verdict.reason if verdict.status == "unrated" else None)
            return None

        return outcome

    def _read(self, prompt: str, found: Call | str) -> Verdict:
        """The verdict of one prompt. Raises Unreadable."""
        if isinstance(found, str):
            return Verdict(status="unrated", reason=found)
        self.calls.append(found)
        if found.finish == "length":
            return Verdict(status="unrated", reason=CUT)
        if found.finish == "refused":
            return Verdict(status="unrated", reason="the judge refused to answer")
        return self.judge.read(prompt, found.text, self.subject.occasion, self.subject.reply)


def _rating(judge: PromptedJudge, subject: Subject, repeat: int, verdict: Verdict, calls: list[Call]) -> Rating:
    costs = [call.cost for call in calls]
    usage = {
        "tokens_in": sum(call.tokens_in for call in calls),
        "tokens_out": sum(call.tokens_out for call in calls),
        "cost": None if any(cost is None for cost in costs) else sum(cost for cost in costs if cost),
    }
    return Rating(
        **(verdict.model_dump() | usage),
        judge=judge.name,
        judge_digest=judge.digest,
        subject=subject.id,
        reply_digest=subject.digest,
        repeat=repeat,
        seconds=round(sum(call.seconds for call in calls), 4),
    )
