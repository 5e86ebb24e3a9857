"""What judging a run would take, from the real prompts, before anything is sent."""

from typing import NamedTuple

from mibench.judging.engine import price_of
from mibench.judging.prompted import PromptedJudge
from mibench.judging.stage import JudgeSettings
from mibench.judging.subjects import subjects
from mibench.records import RunFolder
from mibench.suites import Suite


class Estimate(NamedTuple):
    """Calls, tokens and dollars; repair calls are not foreseen."""

    calls: int
    tokens_in: int
    """Prompt tokens, estimated from above: one a Chinese character, one for three others."""
    tokens_out: int
    """Answers at their longest."""
    dollars: float | None
    """At the table's price with nothing cached; None where the price is unknown."""
    price_as_of: str


def estimate(folder: RunFolder, suite: Suite, judge: PromptedJudge, settings: JudgeSettings) -> Estimate:
    """What it takes to rate everything in `folder` that this judge has not rated yet."""
    done = {(r.subject, r.reply_digest, r.repeat) for r in folder.ratings() if r.judge_digest == judge.digest}
    price = price_of(judge.provider.name, settings.prices)
    share = price.batch if price and settings.batching.send else 1.0
    calls = tokens_in = tokens_out = 0
    dollars = 0.0
    for subject in subjects(folder, suite, judge.card.rates):
        for repeat in range(judge.repeats):
            if subject.empty or (subject.id, subject.digest, repeat) in done:
                continue
            for question in judge.questions(subject.occasion, subject.reply, subject.digest, repeat):
                calls += 1
                tokens_in += question.rough_tokens
                tokens_out += question.longest_answer
                dollars += price.at_most(question) * share if price else 0.0
    return Estimate(calls, tokens_in, tokens_out, dollars if price else None, price.as_of if price else "")
