"""What ships today, as a version of the benchmark."""

from collections.abc import Sequence

from mibench.judging.stage import JudgeSettings, open_judge
from mibench.schema.version import PublishedJudge, PublishedSuite, PublishedVersion
from mibench.scoring import AGGREGATION
from mibench.suites import load_suite, suite_names


def shipping_version(name: str, date: str, changes: str, judges: Sequence[str] = ("offline",)) -> PublishedVersion:
    """The version that this checkout would publish, with `judges` (specs, e.g. `panel:openai/MODEL`) taken."""
    suites = [load_suite(suite) for suite in suite_names()]
    opened = [open_judge(judge, JudgeSettings()) for judge in judges]
    return PublishedVersion(
        name=name,
        date=date,
        changes=changes,
        aggregation=AGGREGATION,
        suites={
            suite.name: PublishedSuite(
                suite_digest=suite.digest, prompt_digest=suite.prompt_digest, rounds=len(suite.rounds)
            )
            for suite in suites
        },
        judges=tuple(PublishedJudge(name=judge.name, digest=judge.digest) for judge in opened),
    )
