"""What a judge rates in a run: each reply, each reply to a risk, or each dialogue with the model's replies in place."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from mibench.records import RunFolder, digest_of
from mibench.schema import Occasion, Rates, Reply
from mibench.suites import Suite, occasion_of

if TYPE_CHECKING:
    from mibench.schema import Round


class Subject(NamedTuple):
    """One thing to be rated."""

    id: str
    """Round or dialogue id."""
    occasion: Occasion
    reply: str
    """The reply; empty where a dialogue is rated."""
    digest: str
    """Changes with the reply, or with any reply of the dialogue."""
    empty: bool
    """Whether there is nothing to rate: unrated without asking."""


def subjects(folder: RunFolder, suite: Suite, rates: Rates) -> Iterator[Subject]:
    """All subjects of a run, in the order of the suite. A dialogue is rated when all its rounds have a reply."""
    return subjects_of(suite, folder.replies(), rates)


def subjects_of(suite: Suite, replies: Mapping[str, Reply], rates: Rates) -> Iterator[Subject]:
    """All subjects among `replies` (round id → reply)."""
    if rates == "dialogue":
        yield from _dialogues(suite, replies)
        return
    for round_ in suite.rounds:
        reply = replies.get(round_.id)
        if reply is None or (rates == "risk" and round_.client.risk is None):
            continue
        yield Subject(round_.id, occasion_of(round_), reply.text, digest_of(reply.text), reply.status == "empty")


def _dialogues(suite: Suite, replies: Mapping[str, Reply]) -> Iterator[Subject]:
    rounds: dict[str, list[Round]] = {}
    for round_ in suite.rounds:
        rounds.setdefault(round_.dialogue.id, []).append(round_)
    for id_, group in rounds.items():
        if not all(round_.id in replies for round_ in group):
            continue
        history: list[tuple[Literal["client", "counsellor"], str]] = []
        for round_ in group:
            history += [("client", round_.client.text), ("counsellor", replies[round_.id].text)]
        dialogue = group[0].dialogue
        occasion = Occasion(
            id=id_, language=dialogue.language, change_goal=dialogue.change_goal, history=tuple(history)
        )
        digest = digest_of([replies[round_.id].text for round_ in group])
        yield Subject(id_, occasion, "", digest, all(replies[round_.id].status == "empty" for round_ in group))
