"""Rated replies → pairs of a better and a worse reply to the same client: what preference tuning learns from.

What the paper found missing in tuned models are complex reflections, so the better reply is the one whose reflections are
complex and that neither persuades nor confronts.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from mibench.errors import UsageError
from mibench.records import RunFolder, digest_of, read_lines, write_json
from mibench.records.jsonl import write_whole
from mibench.schema import MI_NON_ADHERENT, Message, Rating, Record
from mibench.suites import Suite, chat_messages, load_suite, suite_names
from mibench.tuning.conversations import Source
from mibench.tuning.leakage import overlaps, refuse_overlap
from mibench.tuning.prepare import Prepared, load_manifest, split

FAULT = 0.2
"""Expected Persuade and Confront that a chosen reply may have: a judge that gives shares never says quite none."""


class Pair(Record):
    """Two replies to one client."""

    id: str
    """Round id."""
    groups: tuple[str, ...]
    """As in a conversation: a split never parts what shares one."""
    messages: tuple[Message, ...] = Field(min_length=1)
    """The chat up to the client's turn."""
    chosen: str = Field(min_length=1)
    rejected: str = Field(min_length=1)
    margin: float = Field(gt=0, le=3)
    """Merit of the chosen reply less that of the rejected one; merit is at most 1, at least -2."""

    @property
    def spoken(self) -> list[str]:
        """All words that would be learnt from or read."""
        return [message.content for message in self.messages if message.role != "system"] + [self.chosen, self.rejected]


class _Candidate(NamedTuple):
    text: str
    merit: float
    faults: float


def merit(rating: Rating) -> tuple[float, float]:
    """(merit, faults) of a rated reply: its complex share among reflections, 0-1, less its Persuade and Confront."""
    counts = rating.counts
    simple, complex_ = counts.get("SR", 0.0), counts.get("CR", 0.0)
    faults = sum(counts.get(code, 0.0) for code in MI_NON_ADHERENT)
    depth = (
        complex_ if simple + complex_ < 1 else complex_ / (simple + complex_)
    )  # where a reflection is in doubt, less
    return depth - faults, faults


def make_pairs(
    runs: Sequence[Path], out: Path, *, suite: str | None = None, judge: str | None = None, margin: float = 0.3,
    valid_share: float = 0.1, seed: int = 0, allow_overlap: bool = False,
) -> Prepared:  # fmt: skip
    """Write `out`/train.jsonl and valid.jsonl: of each round the best and the worst of the runs' replies.

    `suite`: where the rounds lie, if it is no suite that ships; `judge`: whose ratings, by default the only judge's.
    A round gives a pair when its best reply is faultless and better by `margin`. Raises UsageError for fewer than two
    runs, no pairs, or rounds of a test suite.
    """
    if len(runs) < 2:
        raise UsageError(
            "Pairs want two runs or more on the same rounds, e.g. with other seeds and --gen-kwargs temperature=0.9."
        )
    loaded = load_suite(suite or RunFolder(runs[0]).manifest().suite)
    candidates: dict[str, list[_Candidate]] = {}
    for run in runs:
        _collect(RunFolder(run), judge, candidates)
    pairs = _pairs(loaded, candidates, margin)
    if not pairs:
        raise UsageError(
            f"No round has a faultless reply that is better than another by {margin:g}. Add runs, or lower --margin."
        )
    found = overlaps(pairs, [load_suite(name) for name in suite_names()])
    if not allow_overlap:
        refuse_overlap(found)
    train, valid, groups = split(pairs, valid_share, seed)
    sources = tuple(
        Source(name=run.name, digest=digest_of(RunFolder(run).manifest().model_dump(mode="json")), form="pairs", conversations=len(pairs), cut=0)
        for run in runs
    )  # fmt: skip
    manifest = Prepared(
        sources=sources, train=len(train), valid=len(valid), groups=groups, seed=seed, digest=_digest(train, valid),
        overlap=tuple(found), overlap_allowed=allow_overlap and any(one.conversations for one in found),
    )  # fmt: skip
    for name, side in (("train", train), ("valid", valid)):
        write_whole(out / f"{name}.jsonl", "".join(pair.model_dump_json() + "\n" for pair in side))
    write_json(out / "manifest.json", manifest)
    return manifest


def load_pairs(folder: Path) -> tuple[Prepared, list[Pair], list[Pair]]:
    """The manifest, the training and the validation pairs. Raises UsageError if `folder` holds none, or others."""
    manifest = load_manifest(folder, "mibench finetune pairs RUN RUN…")
    if any(source.form != "pairs" for source in manifest.sources):
        raise UsageError(
            f"{folder} holds conversations, not pairs. Make pairs: mibench finetune pairs RUN RUN… --out DIR"
        )
    train, valid = ([row for _, row in read_lines(folder / f"{name}.jsonl", Pair)] for name in ("train", "valid"))
    if _digest(train, valid) != manifest.digest:
        raise UsageError(f"The files in {folder} are not those its manifest.json describes. Make the pairs again.")
    return manifest, train, valid


def _collect(folder: RunFolder, judge: str | None, candidates: dict[str, list[_Candidate]]) -> None:
    replies = folder.replies()
    ratings = [one for one in folder.ratings() if one.status == "rated" and one.subject in replies and one.counts]
    names = sorted({rating.judge for rating in ratings})
    if judge is None and len(names) > 1:
        raise UsageError(f"{folder.path} is rated by {' and '.join(names)}. Say whose ratings are meant: --judge NAME.")
    for rating in {one.subject: one for one in ratings if judge in (None, one.judge)}.values():
        reply = replies[rating.subject]
        if reply.status == "ok" and reply.text.strip():
            candidates.setdefault(rating.subject, []).append(_Candidate(reply.text.strip(), *merit(rating)))


def _pairs(suite: Suite, candidates: dict[str, list[_Candidate]], margin: float) -> list[Pair]:
    made = []
    for round_ in suite.rounds:
        some = candidates.get(round_.id, [])
        good = [one for one in some if one.faults <= FAULT]
        if not good:
            continue
        best, worst = max(good, key=lambda one: one.merit), min(some, key=lambda one: one.merit)
        if best.merit - worst.merit < margin:
            continue
        dialogue = round_.dialogue
        made.append(
            Pair(
                id=round_.id, messages=tuple(chat_messages(round_, suite.prompt)), chosen=best.text,
                rejected=worst.text, margin=best.merit - worst.merit,
                groups=(f"client {dialogue.client}", f"topic {dialogue.language} {dialogue.topic}"),
            )
        )  # fmt: skip
    return made


def _digest(train: Sequence[Pair], valid: Sequence[Pair]) -> str:
    return digest_of([[pair.model_dump(mode="json") for pair in side] for side in (train, valid)])
