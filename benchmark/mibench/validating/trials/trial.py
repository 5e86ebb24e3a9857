"""Hold a judge's verdicts against a corpus that people coded: everything that comes of it as one record."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from mibench.schema import CodedCorpus, Rates, Trial, Verdict
from mibench.validating.trials.against import AUTHOR
from mibench.validating.trials.global_ratings import global_trials
from mibench.validating.trials.groups import group_trials, pair_trials
from mibench.validating.trials.labels import label_trials, main_trial
from mibench.validating.trials.reliability import complex_trial
from mibench.validating.trials.sessions import measured, non_adherent, session_trials
from mibench.validating.trials.sheet import Sheet

DRAWS = 1000


class Tried(NamedTuple):
    """Who is on trial."""

    name: str
    digest: str
    rates: Rates
    version: str
    """Of mibench."""


def hold_trial(
    judge: Tried,
    corpus: CodedCorpus,
    corpus_digest: str,
    verdicts: Mapping[str, Verdict],
    *,
    limit: int | None = None,
    seed: int = 0,
    draws: int = DRAWS,
    seconds: float | None = None,
) -> Trial:
    """The trial of `verdicts`, by id of item or, for judges that rate dialogues, of session.

    An id without verdict counts as unrated. Intervals resample groups whole: `draws` times, by `seed`.
    `seconds`: wall time that the verdicts took, where they were made just now.
    """
    ids = [entry.id for entry in (corpus.sessions if judge.rates == "dialogue" else corpus.items)]
    unrated = Counter(_reason(verdicts.get(id_)) for id_ in ids if not _rated(verdicts.get(id_)))
    costs = [verdict.cost for verdict in verdicts.values()]
    trial = Trial(
        judge=judge.name,
        judge_digest=judge.digest,
        rates=judge.rates,
        shares=any(0.001 < share < 0.999 for verdict in verdicts.values() for share in verdict.counts.values()),
        corpus=corpus.name,
        corpus_digest=corpus_digest,
        language=corpus.language,
        coded_by="author" if corpus.coders == (AUTHOR,) else "people",
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        version=judge.version,
        limit=limit,
        seed=seed,
        draws=draws,
        items=len(ids),
        rated=len(ids) - unrated.total(),
        unrated=dict(unrated.most_common()),
        sessions=len(corpus.sessions),
        groups=len({item.group for item in corpus.items}),
        coders=len(corpus.coders),
        panel=0,
        globals=global_trials(corpus, verdicts, seed=seed, draws=draws) if judge.rates == "dialogue" else (),
        cost=None if any(cost is None for cost in costs) else round(sum(cost for cost in costs if cost), 6),
        seconds=None if seconds is None else round(seconds, 3),
    )
    if judge.rates == "dialogue" or not trial.rated:
        return trial
    sheet = Sheet(corpus, verdicts, seed=seed, draws=draws)
    measures = measured(sheet)
    return trial.model_copy(
        update={
            "panel": int(sheet.panel_I.sum()),
            "labels": label_trials(sheet),
            "main": main_trial(sheet),
            "complex_share": complex_trial(sheet),
            "per_session": session_trials(sheet, measures),
            "non_adherent": non_adherent(sheet),
            "known_groups": group_trials(sheet, measures),
            "matched_pairs": pair_trials(sheet, measures),
        }
    )


def _rated(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.status == "rated"


def _reason(verdict: Verdict | None) -> str:
    """Why it is unrated, up to the colon: what stands behind may quote words of a corpus."""
    return ((verdict and verdict.reason) or "no rating").partition(":")[0].strip()
