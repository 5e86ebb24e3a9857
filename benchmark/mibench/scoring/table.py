"""A run's replies and ratings as tables of numbers: what scores, comparisons and power are computed from."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mibench.errors import UsageError
from mibench.records import RunFolder, digest_of
from mibench.schema import Manifest, Rates, Reply
from mibench.scoring.metrics import COLUMNS
from mibench.scoring.rows import Scored, text_row, to_be_rated
from mibench.scoring.tally import RATED, JudgeFacts, Tally, read_tallies
from mibench.suites import Suite

if TYPE_CHECKING:
    import numpy as np


class Rows(NamedTuple):
    """Rated subjects and their numbers."""

    scored: tuple[Scored, ...]
    table_S_K: "np.ndarray"
    """Array (subjects, COLUMNS)."""

    dialogues: tuple[str, ...]
    """Each subject's dialogue."""


class Bench:
    """The judges that rate one thing, what they had to rate, and what they said."""

    def __init__(
        self, wanted: Sequence[Scored], texts_S_K: "np.ndarray", tallies: Sequence[Tally], unjudged: Mapping[str, str]
    ) -> None:
        self.wanted = wanted
        self.texts_S_K = texts_S_K
        """What the replies themselves contribute, an array (wanted, COLUMNS)."""
        self.tallies = tallies
        self.unjudged = unjudged
        """Subject that no judge could rate → why."""
        self.rates: Rates = tallies[0].facts.rates

    @cached_property
    def ids(self) -> list[str]:
        """Of what was to be rated."""
        return [scored.id for scored in self.wanted]

    @cached_property
    def rows_J_S_K(self) -> "np.ndarray":
        """Each judge's mean over its repeats; NaN where it has no rating."""
        import numpy as np

        return np.stack([tally.rows(self.ids) for tally in self.tallies])

    @cached_property
    def rated_J_S(self) -> "np.ndarray":
        """Which judge rated what."""
        import numpy as np

        return ~np.isnan(self.rows_J_S_K).any(axis=2)  # type: ignore[no-any-return]

    @cached_property
    def by_all_S(self) -> "np.ndarray":
        """What every judge rated: only this counts, so that no judge's habits weigh more on one subject than on another."""
        import numpy as np

        return np.asarray(self.rated_J_S.all(axis=0))

    def rows(self, judges: Sequence[int] | None = None, subjects_S: "np.ndarray | None" = None) -> Rows:
        """The mean over `judges` (all, unless numbers are given) on `subjects_S` (what every judge rated)."""
        subjects_S = self.by_all_S if subjects_S is None else subjects_S
        judges = range(len(self.tallies)) if judges is None else judges
        scored = tuple(scored for scored, counts in zip(self.wanted, subjects_S, strict=True) if counts)
        table_S_K = self.rows_J_S_K[list(judges)][:, subjects_S].mean(axis=0) + self.texts_S_K[subjects_S]
        return Rows(scored, table_S_K, tuple(each.dialogue.id for each in scored))


class RunTable(NamedTuple):
    """All of a run."""

    manifest: Manifest
    suite: Suite
    statuses: dict[str, int]
    """Reply status → number of replies."""
    benches: tuple[Bench, ...]

    @property
    def rates(self) -> tuple[Rates, ...]:
        """What was rated."""
        return tuple(bench.rates for bench in self.benches)

    def rows(self) -> Rows:
        """Everything that the juries rated, one table."""
        return stacked([bench.rows() for bench in self.benches])


def stacked(parts: Sequence[Rows]) -> Rows:
    """Rows one below the other."""
    import numpy as np

    return Rows(
        tuple(scored for rows in parts for scored in rows.scored),
        np.concatenate([rows.table_S_K for rows in parts]),
        tuple(dialogue for rows in parts for dialogue in rows.dialogues),
    )


def read_run(
    folder: RunFolder,
    suite: Suite,
    judges: Sequence[JudgeFacts],
    on_round: Callable[[int, int], None] = lambda *_: None,
) -> RunTable:
    """The run in `folder` under `judges`.

    Only ratings of the reply as it stands now, by the judge in the version the manifest names, count. Raises UsageError
    if a judge has rated nothing here.
    """
    from collections import Counter

    manifest = folder.manifest()
    if manifest.shard:
        raise UsageError(
            f"{folder.path} is the shard {manifest.shard} of a run, and scores are made of whole runs. "
            "Join all its shards first: mibench merge-runs SHARD… --out RUN."
        )
    for judge in judges:
        if judge.name not in manifest.judges:
            rated_by = ", ".join(manifest.judges) or "no judge yet"
            raise UsageError(
                f"{folder.path} is rated by {rated_by}, not by {judge.name}: "
                f"`mibench judge {folder.path} --judge {judge.name}` does that."
            )
    replies = folder.replies()
    rounds = suite.rounds[: manifest.limit]
    kinds = [rates for rates in RATED if any(judge.rates == rates for judge in judges)]
    wanted = {rates: to_be_rated(rounds, rates) for rates in kinds}
    digests = {rates: _digests(wanted[rates], suite, replies) for rates in kinds}
    tallies = read_tallies(folder, {manifest.judges[judge.name]: judge for judge in judges}, digests)
    return RunTable(
        manifest,
        suite,
        dict(Counter(replies[r.id].status if r.id in replies else "not answered" for r in rounds)),
        tuple(
            Bench(
                wanted[rates],
                _texts(wanted[rates], replies, on_round),
                [tally for tally in tallies if tally.facts.rates == rates],
                {scored.id: "not answered" for scored in wanted[rates] if scored.id not in digests[rates]},
            )
            for rates in kinds
        ),
    )


def _texts(
    wanted: Sequence[Scored], replies: Mapping[str, Reply], on_round: Callable[[int, int], None]
) -> "np.ndarray":
    """Array (wanted, COLUMNS) of what replies contribute by themselves; zeros where there is none."""
    import numpy as np

    texts_S_K = np.zeros((len(wanted), len(COLUMNS)))
    for number, scored in enumerate(wanted):
        for column, value in text_row(scored, replies.get(scored.id)).items():
            texts_S_K[number, COLUMNS.index(column)] = value
        on_round(number + 1, len(wanted))
    return texts_S_K


def _digests(wanted: Sequence[Scored], suite: Suite, replies: Mapping[str, Reply]) -> dict[str, str]:
    """Id → digest of the text that a rating must have seen to count; absent where there is no such text yet."""
    by_dialogue: dict[str, list[str]] = {}
    for round_ in suite.rounds:
        by_dialogue.setdefault(round_.dialogue.id, []).append(round_.id)
    digests = {}
    for scored in wanted:
        if scored.round is not None:
            if scored.id in replies:
                digests[scored.id] = digest_of(replies[scored.id].text)
        elif all(id_ in replies for id_ in by_dialogue[scored.id]):
            digests[scored.id] = digest_of([replies[id_].text for id_ in by_dialogue[scored.id]])
    return digests
