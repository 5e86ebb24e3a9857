"""What commands about judges share: a judge that rates something outside a run, its answers kept on disk."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mibench import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mibench.judging import JudgeSettings
    from mibench.schema import CodedCorpus, Occasion, Rates, Verdict
    from mibench.validating import Tried


def calls_path(what: str, judge: str) -> Path:
    """Where a language model's answers are kept unless the user says otherwise."""
    from mibench.content import slug

    return Path("runs") / f"{what}-{slug(judge)}" / "calls.jsonl"


def rates_of(judge: Any) -> "Rates":
    """What a loaded judge rates."""
    return judge.card.rates if hasattr(judge, "card") else "reply"


def rate(
    judge: Any, pairs: "Sequence[tuple[Occasion, str]]", calls: Path, settings: "JudgeSettings"
) -> "tuple[list[Verdict], float | None]":
    """The judge's verdicts, and the seconds they took; None where answers were on disk already."""
    from mibench.cli.screen import progress
    from mibench.judging import judge_replies

    fresh = not calls.is_file() or not calls.stat().st_size
    start = time.perf_counter()
    with progress() as tell:
        verdicts = judge_replies(
            judge, pairs, calls,
            lambda done, total, dollars: tell("ratings", done, total, f"${dollars:.2f}" if dollars else ""), settings,
        )  # fmt: skip
    return verdicts, time.perf_counter() - start if fresh else None


def rate_corpus(
    judge: Any, corpus: "CodedCorpus", calls: Path, settings: "JudgeSettings"
) -> "tuple[Tried, dict[str, Verdict], float | None]":
    """Who is on trial, its verdicts by item or session, the seconds. Raises UsageError where the corpus has no such ratings."""
    from mibench.errors import UsageError
    from mibench.validating import Tried

    rates = rates_of(judge)
    if rates == "risk":
        raise UsageError(f"{judge.name} rates replies to a risk; no corpus here has such ratings.")
    sessions = [session for session in corpus.sessions if session.globals]
    if rates == "dialogue" and not sessions:
        raise UsageError(
            f"{judge.name} rates whole dialogues, and {corpus.name} has no such ratings; mi-tags:PATH has."
        )
    items = [(item.id, item.occasion, item.reply) for item in corpus.items]
    subjects = [(s.id, s.occasion, "") for s in sessions] if rates == "dialogue" else items
    verdicts, seconds = rate(judge, [(occasion, reply) for _, occasion, reply in subjects], calls, settings)
    ids = [id_ for id_, _, _ in subjects]
    return Tried(judge.name, judge.digest, rates, __version__), dict(zip(ids, verdicts, strict=True)), seconds
