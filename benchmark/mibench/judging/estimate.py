"""What judging a run would take, from the real prompts, before anything is sent."""

from typing import NamedTuple

from mibench.errors import UsageError
from mibench.judging.engine import price_of
from mibench.judging.prompted import PromptedJudge
from mibench.judging.prompted.stage import settled
from mibench.judging.registry import judge_card, load_judge
from mibench.judging.stage import JudgeSettings
from mibench.judging.subjects import subjects, subjects_of
from mibench.records import RunFolder
from mibench.schema import Reply
from mibench.suites import Suite, load_suite


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
    done = settled(folder, judge)
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


def dollars_per_100(name: str, model: str, suite: str = "mi_zh") -> float | None:
    """What 100 rounds of `suite` cost at most with `model` (provider/model) under the judge `name`, at the table's price.

    From the real prompts on the authored replies of its first dialogues. None where the price is unknown; 0 for what
    runs here.
    """
    card = judge_card(name)
    if card.kind not in ("prompted", "weighed"):
        return 0.0
    price = price_of(model)
    if price is None:
        return None
    try:
        judge = load_judge(f"{name}:{model}")
    except UsageError:  # a model that cannot be asked this way has no price for it
        return None
    assert isinstance(judge, PromptedJudge)
    loaded = load_suite(suite)
    few = {round_.dialogue.id for round_ in loaded.rounds[:60]}
    rounds = [round_ for round_ in loaded.rounds if round_.dialogue.id in few or card.rates == "risk"]
    replies = {r.id: Reply(round=r.id, text=r.reference.text, status="ok", seconds=0) for r in rounds}
    per_round = 1 / (len(loaded.rounds) if card.rates == "risk" else len(rounds))
    dollars = sum(
        price.at_most(question)
        for subject in subjects_of(loaded, replies, card.rates)
        for question in judge.questions(subject.occasion, subject.reply, subject.digest, 0)
    )
    return 100 * dollars * per_round * judge.repeats
