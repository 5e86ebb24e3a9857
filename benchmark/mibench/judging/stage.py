"""The judging stage: everything in a run that a judge rates, rated once, each rating on disk before the next."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mibench.cluster import Pool, Workers
from mibench.errors import UsageError
from mibench.judging.batching import Batching
from mibench.judging.batching.desk import OnBatches, need_batches
from mibench.judging.judge import Judge
from mibench.judging.registry import load_judge
from mibench.judging.subjects import Subject, subjects
from mibench.records import RunFolder, digest_of
from mibench.schema import Occasion, Rating, Verdict
from mibench.suites import Suite

if TYPE_CHECKING:
    from mibench.judging.prompted import PromptedJudge
    from mibench.judging.prompted.stage import Means

GROUP = 32
"""Subjects that a worker is given at a time."""

OnRating = Callable[[int, int, float], None]
"""Called with (finished, total, dollars that this judging has cost so far) after each rating."""


@dataclass(frozen=True)
class JudgeSettings:
    """How to judge, beyond which judge; only judges that are language models look at it."""

    url: str | None = None
    """Address of a compatible server."""
    api: Mapping[str, Any] = field(default_factory=dict)
    """What the model's API takes, where it is not as `providers.capabilities` has it."""
    timeout: float = 600.0
    """Seconds to wait for an answer over the wire."""
    rubric_language: Literal["zh", "en"] | None = None
    """Language of the rubric; None is the dialogue's."""
    repeats: int | None = None
    """Ratings of each subject; None is the judge's own number."""
    budget: float | None = None
    """Dollars that all judging in the run folder may cost."""
    prices: Path | None = None
    """A price table over the one that ships."""
    shares: Literal["spoken", "logprobs"] | None = None
    """How the panel gives its shares: in numbers it writes, or by the probability of yes; None is as the judge's name says."""
    concurrency: int | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    workers: Workers | None = None
    """Workers on a Ray cluster for judges that run in process; None is this process."""
    batching: Batching = field(default_factory=Batching)
    """Whether and how questions are sent in batches, at the batch price."""

    def among_others(self, spec: str) -> "JudgeSettings":
        """What of this is meant for the judge `spec` when there are several: an address for the compatible one, and so on."""
        protocol, _, model = spec.rpartition(":")
        kind = model.partition("/")[0]
        over_the_wire = kind in ("openai", "anthropic", "compatible")
        return replace(
            self,
            url=self.url if kind == "compatible" else None,
            api=self.api if over_the_wire else {},
            shares=self.shares if over_the_wire and protocol in ("", "panel") else None,
            batching=self.batching if kind in ("openai", "anthropic") else replace(self.batching, send=False),
        )


def open_judge(spec: str, settings: JudgeSettings) -> "Judge | PromptedJudge":
    """The judge `spec` means, with its settings. Raises UsageError if they ask for batches and it has none."""
    judge = load_judge(
        spec,
        url=settings.url,
        rubric_language=settings.rubric_language,
        repeats=settings.repeats,
        shares=settings.shares,
        settings=settings.api,
        timeout=settings.timeout,
        workers=settings.workers,
    )
    if settings.batching.send and settings.shares == "logprobs":
        raise UsageError("--batch does not go with --shares logprobs: an answer is one token, so ask at once.")
    if settings.batching.send:
        need_batches(getattr(judge, "provider", None), spec)
    return judge


def judge_run(
    folder: RunFolder,
    suite: Suite,
    judge: "Judge | PromptedJudge",
    on_rating: OnRating = lambda *_: None,
    settings: JudgeSettings | None = None,
    on_batches: OnBatches = lambda *_: None,
) -> None:
    """Rate whatever in `folder` this judge, in this version, has not rated yet.

    `on_batches` is called with (answered, all) of the questions in batches while they are waited for.
    """
    settings = settings or JudgeSettings()
    if hasattr(judge, "rate"):
        _judge_here(folder, suite, judge, on_rating, settings.workers)
        return
    from mibench.judging.prompted.stage import judge_with_prompts

    judge_with_prompts(folder, suite, judge, on_rating, means_of(judge.provider.name, settings, on_batches))


def judge_replies(
    judge: "Judge | PromptedJudge",
    pairs: Sequence[tuple[Occasion, str]],
    calls: Path,
    on_rating: OnRating = lambda *_: None,
    settings: JudgeSettings | None = None,
) -> list[Verdict]:
    """The judge's verdict on each (occasion, reply), in order; a language model's answers are kept in `calls`.

    For a judge that rates dialogues the reply is empty and the history is the whole dialogue.
    """
    if hasattr(judge, "rate"):
        verdicts = []
        for number, (occasion, reply) in enumerate(pairs, 1):
            verdicts.append(judge.rate(occasion, reply))
            on_rating(number, len(pairs), 0.0)
        return verdicts
    from mibench.judging.prompted.stage import rate_with_prompts

    whole = judge.card.rates == "dialogue"
    found = [
        Subject(
            occasion.id,
            occasion,
            reply,
            digest_of(occasion.history) if whole else digest_of(reply),
            not (occasion.history if whole else reply.strip()),
        )
        for occasion, reply in pairs
    ]
    return rate_with_prompts(judge, found, calls, on_rating, means_of(judge.provider.name, settings or JudgeSettings()))


def means_of(provider: str, settings: JudgeSettings, on_batches: OnBatches = lambda *_: None) -> "Means":
    """With what a provider's model is asked. Raises UsageError for a budget whose price is unknown."""
    from mibench.judging.engine import Limits, price_of
    from mibench.judging.prompted.stage import Means

    limits = Limits(settings.concurrency, settings.requests_per_minute, settings.tokens_per_minute)
    price = price_of(provider, settings.prices)
    if settings.budget is not None and price is None:
        raise UsageError(
            f"--budget cannot be kept: the price of {provider} is in no table. Give one with --prices; "
            "judges/prices.yaml has the form."
        )
    return Means(limits, price, settings.budget, settings.batching, on_batches)


def _judge_here(folder: RunFolder, suite: Suite, judge: Judge, on_rating: OnRating, workers: Workers | None) -> None:
    rated = {
        (key["subject"], key["reply_digest"]) for key in folder.rating_keys() if key["judge_digest"] == judge.digest
    }
    found = list(subjects(folder, suite, "reply"))
    open_ = [subject for subject in found if (subject.id, subject.digest) not in rated]
    finished = len(found) - len(open_)
    on_rating(finished, len(found), 0.0)
    with folder.append_ratings() as ratings:
        for rating in _rated_here(judge, open_) if workers is None else _rated_there(judge, open_, workers):
            ratings.append(rating)
            finished += 1
            on_rating(finished, len(found), 0.0)


def _rated_here(judge: Judge, found: Sequence[Subject]) -> Iterator[Rating]:
    return (_rating(judge, subject) for subject in found)


def _rated_there(judge: Judge, found: Sequence[Subject], workers: Workers) -> Iterator[Rating]:
    """The same on a cluster, in no order."""
    pool = Pool(partial(_Bench, judge), workers, is_model=False)
    try:
        groups = [found[start : start + GROUP] for start in range(0, len(found), GROUP)]
        for ratings in pool.map("rate", groups):
            yield from ratings
    finally:
        pool.close()


class _Bench:
    """A judge on a worker."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def rate(self, found: Sequence[Subject]) -> list[Rating]:
        return list(_rated_here(self.judge, found))


def _rating(judge: Judge, subject: Subject) -> Rating:
    start = time.perf_counter()
    if subject.empty:
        verdict = Verdict(status="unrated", reason="the reply is empty", cost=0)
    else:
        verdict = judge.rate(subject.occasion, subject.reply)
    return Rating(
        **verdict.model_dump(),
        judge=judge.name,
        judge_digest=judge.digest,
        subject=subject.id,
        reply_digest=subject.digest,
        seconds=round(time.perf_counter() - start, 6),
    )
