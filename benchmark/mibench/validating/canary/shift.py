"""The canary now against the first time: shift per code, with a paired test."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from mibench.errors import UsageError
from mibench.measures.bootstrap import ratio_of
from mibench.measures.paired import draw_swaps, holm, permutation_p
from mibench.schema import CODES, CanaryAnswer, CanaryAnswers, CanaryResult, CanaryShift, Code, Verdict
from mibench.validating.canary.replies import CanaryReply, set_digest

if TYPE_CHECKING:
    import numpy as np

ARRANGEMENTS = 10_000
TOTAL = len(CODES)


def answers_of(judge: str, digest: str, replies: Sequence[CanaryReply], verdicts: Sequence[Verdict]) -> CanaryAnswers:
    """A judge's verdicts on the canary as a record."""
    answers = tuple(
        CanaryAnswer(id=reply.item.id, counts={code: round(share, 6) for code, share in verdict.counts.items()})
        if verdict.status == "rated"
        else CanaryAnswer(id=reply.item.id, reason=verdict.reason or "no reason given")
        for reply, verdict in zip(replies, verdicts, strict=True)
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return CanaryAnswers(judge=judge, digest=digest, set_digest=set_digest(replies), date=now, answers=answers)


def compared(
    first: CanaryAnswers, now: CanaryAnswers, replies: Sequence[CanaryReply], *, seed: int = 0
) -> CanaryResult:
    """What moved between two judgings of `replies`.

    Each code's mean share now − then, per language; p from swapping the two answers of whole situations (`measures.paired`),
    adjusted over codes and languages (Holm). Raises UsageError where the answers are to other replies.
    """
    import numpy as np

    if first.set_digest != now.set_digest:
        raise UsageError(
            f"The stored answers of {first.judge} ({first.date[:10]}) are to another canary than today's. "
            "Store today's as the first: --renew."
        )
    then_of, now_of = ({answer.id: answer.counts for answer in side.answers} for side in (first, now))
    rated = [reply for reply in replies if then_of[reply.item.id] is not None and now_of[reply.item.id] is not None]
    if not rated:
        raise UsageError(f"{now.judge} has rated no reply of the canary both times: there is nothing to compare.")
    then_I_K, now_I_K = _table(rated, then_of), _table(rated, now_of)
    shifts: list[CanaryShift] = []
    for language in dict.fromkeys(reply.occasion.language for reply in rated):
        here = np.array([reply.occasion.language == language for reply in rated])
        situations = [reply.situation for reply, counts in zip(rated, here, strict=True) if counts]
        shifts += _shifts(language, then_I_K[here], now_I_K[here], situations, seed)
    adjusted = iter(holm([shift.p for shift in shifts if shift.code]))
    newly = sum(now_of[r.item.id] is None and then_of[r.item.id] is not None for r in replies)
    return CanaryResult(
        judge=now.judge,
        digest=now.digest,
        digest_then=first.digest,
        date=now.date,
        date_then=first.date,
        replies=len(rated),
        situations=len({reply.situation for reply in rated}),
        unrated=len(replies) - len(rated),
        newly_unrated=newly,
        changed=int(((then_I_K >= 0.5) != (now_I_K >= 0.5)).any(axis=1).sum()),
        distance=round(float(np.abs(now_I_K - then_I_K).mean()), 6),
        shifts=tuple(s.model_copy(update={"p_holm": next(adjusted)}) if s.code else s for s in shifts),
        arrangements=ARRANGEMENTS,
        seed=seed,
    )


def _table(replies: Sequence[CanaryReply], counts_of: Mapping[str, dict[Code, float] | None]) -> "np.ndarray":
    """Array (replies, codes) of shares."""
    import numpy as np

    return np.array([[(counts_of[reply.item.id] or {}).get(code, 0.0) for code in CODES] for reply in replies])


def _shifts(
    language: Literal["zh", "en"], then_I_K: "np.ndarray", now_I_K: "np.ndarray", situations: Sequence[str], seed: int
) -> Iterator[CanaryShift]:
    """A row a code, then all codes together."""
    import numpy as np

    place = {situation: number for number, situation in enumerate(dict.fromkeys(situations))}

    def summed(shares_I_K: "np.ndarray") -> "np.ndarray":
        """Array (situations, codes, all codes, replies)."""
        columns = [shares_I_K, shares_I_K.sum(axis=1, keepdims=True), np.ones((len(shares_I_K), 1))]
        sums = np.zeros((len(place), TOTAL + 2))
        np.add.at(sums, [place[situation] for situation in situations], np.hstack(columns))
        return sums

    then, now = summed(then_I_K), summed(now_I_K)
    swaps = draw_swaps(len(place), ARRANGEMENTS, seed)
    for column in range(TOTAL + 1):

        def share(sums_X_K: "np.ndarray", column: int = column) -> "np.ndarray":
            return ratio_of(sums_X_K[:, column], sums_X_K[:, -1])

        before, after = (float(share(sums.sum(axis=0, keepdims=True))[0]) for sums in (then, now))
        yield CanaryShift(
            language=language,
            code=CODES[column] if column < TOTAL else None,
            then=round(before, 6),
            now=round(after, 6),
            shift=round(after - before, 6),
            p=permutation_p(share, now, then, swaps),
        )
