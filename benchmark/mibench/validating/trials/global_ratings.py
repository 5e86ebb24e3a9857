"""MITI globals of whole sessions: the judge's ratings against people's. Works from two sessions on; undefined is said."""

from collections.abc import Mapping

from mibench.measures.agreement import quadratic_kappa
from mibench.measures.bootstrap import draw_counts, resample
from mibench.measures.moments import icc_of, moments
from mibench.schema import CodedCorpus, Figure, GlobalTrial, Verdict
from mibench.validating.trials.sheet import figure_of, rounded


def global_trials(
    corpus: CodedCorpus, verdicts: Mapping[str, Verdict], *, seed: int = 0, draws: int = 1000
) -> tuple[GlobalTrial, ...]:
    """A row a global, in the order the corpus first names them."""
    names = dict.fromkeys(name for session in corpus.sessions for name in session.globals)
    return tuple(_global(name, corpus, verdicts, seed, draws) for name in names)


def _global(name: str, corpus: CodedCorpus, verdicts: Mapping[str, Verdict], seed: int, draws: int) -> GlobalTrial:
    import numpy as np

    found = [
        (session.group, verdicts[session.id].globals[name], session.globals[name])
        for session in corpus.sessions
        if name in session.globals and session.id in verdicts and name in verdicts[session.id].globals
    ]
    if not found:
        none = Figure(value=None, why_not="no session has both ratings")
        return GlobalTrial(
            name=name, sessions=0, icc=none, quadratic_kappa=None, exact=None, within_one=None, bias=None
        )
    places = {group: number for number, group in enumerate(dict.fromkeys(group for group, _, _ in found))}
    judge, people = np.array([row[1] for row in found]), np.array([row[2] for row in found])
    sums_G_6 = np.zeros((len(places), 6))
    np.add.at(sums_G_6, [places[row[0]] for row in found], moments(judge - 3, people - 3))
    icc = figure_of(resample(sums_G_6, draw_counts(len(places), draws, seed)).values(icc_of))
    if icc.value is None:
        why = "needs two sessions" if len(found) < 2 else "nothing varies"
        icc = icc.model_copy(update={"why_not": why})
    whole_judge, whole_people = (np.floor(ratings + 0.5).astype(int) for ratings in (judge, people))
    apart = np.abs(whole_judge - whole_people)
    return GlobalTrial(
        name=name,
        sessions=len(found),
        icc=icc,
        quadratic_kappa=rounded(quadratic_kappa(whole_judge, whole_people)),
        exact=rounded((apart == 0).mean()),
        within_one=rounded((apart <= 1).mean()),
        bias=rounded((judge - people).mean()),
    )
