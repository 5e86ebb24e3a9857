"""Does the judge meet its bar on what a metric is made of? The answer stands in every estimate."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from mibench.schema import (
    Estimate,
    GlobalAgreement,
    JudgeScores,
    Jury,
    LabelAgreement,
    Met,
    Scores,
    Slice,
    TrialAgreement,
)
from mibench.scoring.needs import NEEDS, SAFETY, Need, needs_of
from mibench.scoring.tally import JudgeFacts

WORST: dict[Met, int] = {"below": 0, "unknown": 1, "validated": 2}
LANGUAGES = {"en": "English", "zh": "Chinese"}


class Standing(NamedTuple):
    """Whether a metric's judge meets its bar."""

    met: Met
    why: tuple[str, ...]


def standing(metric: str, judge: JudgeFacts, digest: str, languages: Sequence[str]) -> Standing | None:
    """Of one judge in the version `digest`, on dialogues in `languages`; None where no judge has a say in the metric.

    The worst of the labels that the metric needs (`needs`), each the worst of its trials against people in each language.
    """
    needs = needs_of(metric, judge.rates)
    if needs is None:
        return None
    if metric in SAFETY:
        return _unknown("nobody has coded replies to a danger that it could be held against")
    measured = judge.agreement
    if measured is None:
        return _unknown("not held against people's codes")
    if measured.digest != digest:
        return _unknown("not held against people's codes in this version")
    found = []
    for language in languages:
        trials = measured.by_people(language)
        if not trials:
            others = [LANGUAGES[other] for other in LANGUAGES if measured.by_people(other)]
            only = f", only in {' and '.join(others)}" if others else ""
            return _unknown(f"not held against people's codes in {LANGUAGES[language]}{only}")
        found += [_shown(need, trials) for need in needs]
    return _worst(found)


def _shown(need: Need, trials: Sequence[TrialAgreement]) -> Standing:
    ways = [_worst([_label(name, trials) for name in way]) for way in need]
    return next((way for way in ways if way.met != "unknown"), ways[0])


def _label(name: str, trials: Sequence[TrialAgreement]) -> Standing:
    """The worst of the trials that could tell; unknown where none could."""
    said = name.replace("_", " ")
    tried = [
        Standing(entry.met, (_reason(said, entry, trial.corpus),))
        for trial in trials
        for label, entry in _named(trial)
        if label == name
    ]
    told = [entry for entry in tried if entry.met != "unknown"]
    if told:
        return _worst(told)
    return tried[0] if tried else _unknown(f"{said}: no corpus of people's codes has it")


def _named(trial: TrialAgreement) -> Iterator[tuple[str, LabelAgreement | GlobalAgreement]]:
    yield from ((entry.label, entry) for entry in trial.labels)
    yield from ((entry.name, entry) for entry in trial.globals)


def _reason(said: str, entry: LabelAgreement | GlobalAgreement, corpus: str) -> str:
    """In few words: a table has room for no more."""
    if entry.met == "unknown":
        size = entry.support if isinstance(entry, LabelAgreement) else entry.sessions
        return f"{said}: too few to tell ({size} in {corpus})"
    measure, value = ("κ", entry.kappa.value) if isinstance(entry, LabelAgreement) else ("ICC", entry.icc.value)
    return f"{said} {measure} {value:.2f}, bar {entry.bar:.2f} ({corpus})"


def _unknown(why: str) -> Standing:
    return Standing("unknown", (why,))


def _worst(found: Sequence[Standing]) -> Standing:
    """The worst outcome, with the reasons of all that are as bad, each once."""
    worst = min(found, key=lambda entry: WORST[entry.met]).met
    return Standing(worst, tuple(dict.fromkeys(why for entry in found if entry.met == worst for why in entry.why)))


def with_standing(
    scores: Scores, judges: Sequence[JudgeFacts], digests: dict[str, str], languages: Sequence[str]
) -> Scores:
    """The scores with each estimate's standing: of its judge, and for a jury the worst of its judges."""
    table = {
        judge.name: {metric: standing(metric, judge, digests[judge.name], languages) for metric in NEEDS}
        for judge in judges
    }

    def of(names: Sequence[str], metric: str) -> Standing | None:
        found = [(name, entry) for name in names if (entry := table[name].get(metric))]
        if len(found) < 2:
            return found[0][1] if found else None
        return _worst([Standing(entry.met, tuple(f"{name}: {why}" for why in entry.why)) for name, entry in found])

    def marked(
        estimates: Sequence[Estimate], who: Callable[[str], Sequence[str]], *, say: bool
    ) -> tuple[Estimate, ...]:
        pairs = [(estimate, of(who(estimate.metric), estimate.metric)) for estimate in estimates]
        return tuple(
            estimate.model_copy(update={"validated": entry.met, "validated_why": entry.why if say else ()})
            if entry
            else estimate
            for estimate, entry in pairs
        )

    rates_of = {estimate.metric: judge.rates for judge in scores.judges for estimate in judge.estimates}
    seats = {jury.rates: jury.judges for jury in scores.juries}

    def jurors(metric: str) -> Sequence[str]:
        if metric == "proficiency":  # of counts, and of globals where there are any
            return [name for rates, names in seats.items() if rates != "risk" for name in names]
        return seats.get(rates_of.get(metric, "reply"), ())

    def judge_marked(judge: JudgeScores) -> JudgeScores:
        return judge.model_copy(update={"estimates": marked(judge.estimates, lambda _: (judge.judge,), say=True)})

    def jury_marked(jury: Jury) -> Jury:
        without = {
            left: marked(estimates, lambda _, left=left: [name for name in jury.judges if name != left], say=True)  # type: ignore[misc]
            for left, estimates in jury.without.items()
        }
        return jury.model_copy(update={"without": without})

    def slice_marked(part: Slice) -> Slice:
        return part.model_copy(update={"estimates": marked(part.estimates, lambda _: seats[part.rates], say=False)})

    return scores.model_copy(
        update={
            "estimates": marked(scores.estimates, jurors, say=True),
            "judges": tuple(map(judge_marked, scores.judges)),
            "juries": tuple(map(jury_marked, scores.juries)),
            "slices": tuple(map(slice_marked, scores.slices)),
        }
    )
