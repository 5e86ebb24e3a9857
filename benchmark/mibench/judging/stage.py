"""The judging stage: every reply of a run rated once by one judge, each rating on disk before the next."""

import time
from collections.abc import Callable

from mibench.judging.judge import Judge
from mibench.records import RunFolder, digest_of
from mibench.schema import Occasion, Rating, Reply, Verdict
from mibench.suites import Suite, occasion_of

OnRating = Callable[[int, int], None]
"""Called with (finished, total) after each rating."""


def judge_replies(folder: RunFolder, suite: Suite, judge: Judge, on_rating: OnRating = lambda *_: None) -> None:
    """Rate every reply in `folder` that this judge, in this version, has not rated yet."""
    replies = folder.replies()
    rated = {(r.round, r.reply_digest) for r in folder.ratings() if r.judge_digest == judge.digest}
    rounds = [round_ for round_ in suite.rounds if round_.id in replies]
    on_rating(0, len(rounds))
    with folder.append_ratings() as ratings:
        for number, round_ in enumerate(rounds, 1):
            reply = replies[round_.id]
            if (round_.id, digest_of(reply.text)) not in rated:
                ratings.append(_rating(judge, occasion_of(round_), reply))
            on_rating(number, len(rounds))


def _rating(judge: Judge, occasion: Occasion, reply: Reply) -> Rating:
    start = time.perf_counter()
    if reply.status == "empty":
        verdict = Verdict(status="unrated", reason="the reply is empty", cost=0)
    else:
        verdict = judge.rate(occasion, reply.text)
    return Rating(
        **verdict.model_dump(),
        judge=judge.name,
        judge_digest=judge.digest,
        round=reply.round,
        reply_digest=digest_of(reply.text),
        seconds=round(time.perf_counter() - start, 6),
    )
