"""Good and bad sessions of a coded corpus as reference rows: what people do, in the suites' own measures."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mibench.errors import UsageError
from mibench.measures.bootstrap import Resamples, draw_counts, interval, ratio_of, resample
from mibench.measures.proficiency import Counts, proficiency
from mibench.schema import FAIR_AND_GOOD, CodedCorpus, CodedItem, Estimate, HumanRow, HumanRows, Level, Quality
from mibench.validating.trials.sessions import ADHERENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

NAMES = {
    "annomi": ("AnnoMI", "AnnoMI, English, demonstration videos, coded by people; another instrument than a suite")
}
"""Corpus → (its name in tables, what it is in a line)."""

QUALITIES: tuple[Quality, ...] = ("high", "low")

PER_UTTERANCE = {
    "reflection": ("reflection_per_100", "reflections / 100 utt.", "higher"),
    "question": ("q_per_100", "Q / 100 utt.", "neither"),
    "advice": ("advice_per_100", "advice / 100 utt.", "lower"),
    "information": ("gi_per_100", "GI / 100 utt.", "neither"),
}
"""Label → (metric, label in tables, which way is better): given to how many of 100 utterances."""

COUNTED = ("simple reflection", "complex reflection", *PER_UTTERANCE, "MI non-adherent")
COMMAND = "mibench corpora human {name}:PATH"


class _Wanted(NamedTuple):
    metric: str
    label: str
    unit: str
    better: str
    of: "Callable[[np.ndarray], np.ndarray]"


def human_rows(
    corpus: CodedCorpus, corpus_digest: str, *, version: str, draws: int = 10_000, seed: int = 0
) -> HumanRows:
    """High and low quality apart, ratios of sums over utterances, each the mean of its coders; BCa over groups.

    Raises UsageError for a corpus without good and bad sessions, or without codes to count.
    """
    wanted = _wanted(corpus)
    if not set(QUALITIES) <= {item.quality for item in corpus.items} or not wanted:
        raise UsageError(
            f"{corpus.name} has no sessions known to be good or bad with coded reflections and questions: "
            "nothing to make reference rows of. AnnoMI has: annomi:PATH."
        )
    name, about = NAMES.get(
        corpus.name, (corpus.name, f"{corpus.name}, coded by people; another instrument than a suite")
    )
    return HumanRows(
        corpus=corpus.name,
        name=name,
        about=about,
        command=COMMAND.format(name=corpus.name),
        corpus_digest=corpus_digest,
        sessions=len(corpus.sessions),
        coders=len(corpus.coders),
        non_adherent=f"every {_adherence(corpus)}" if _adherence(corpus) == "advice" else "",
        version=version,
        draws=draws,
        seed=seed,
        rows=tuple(_row(corpus, quality, wanted, draws, seed) for quality in QUALITIES),
    )  # fmt: skip


def _row(corpus: CodedCorpus, quality: Quality, wanted: Sequence[_Wanted], draws: int, seed: int) -> HumanRow:
    import numpy as np

    items = [item for item in corpus.items if item.quality == quality]
    groups = {group: number for number, group in enumerate(dict.fromkeys(item.group for item in items))}
    sums_G_K = np.zeros((len(groups), 2 * len(COUNTED) + 2))
    np.add.at(sums_G_K, [groups[item.group] for item in items], [_counted(item) for item in items])
    resamples = resample(sums_G_K, draw_counts(len(groups), draws, seed))
    return HumanRow(
        quality=quality,
        sessions=len({item.session for item in items}),
        groups=len(groups),
        utterances=int(sums_G_K[:, -1].sum()),
        estimates=tuple(_estimate(one, resamples) for one in wanted),
    )


def _counted(item: CodedItem) -> list[float]:
    """For each of COUNTED the mean of the coders and whether any decides it; then replies and utterances."""
    shares = [item.share(label) for label in COUNTED]
    return [
        *(share or 0.0 for share in shares), *(float(share is not None) for share in shares), 1.0, max(1, len(item.utterances)),
    ]  # fmt: skip


def _given(sums_X_K: "np.ndarray", *labels: str) -> "np.ndarray":
    return sums_X_K[:, [COUNTED.index(label) for label in labels]].sum(axis=1)  # type: ignore[no-any-return]


def _decided(sums_X_K: "np.ndarray", label: str) -> "np.ndarray":
    return sums_X_K[:, len(COUNTED) + COUNTED.index(label)]


def _wanted(corpus: CodedCorpus) -> list[_Wanted]:
    """What the corpus's labels allow, named as the suites' metrics where it is the same."""
    has = {label.name for label in corpus.labels}.issuperset
    kinds = ("simple reflection", "complex reflection")
    found = []
    if has((*kinds, "question", _adherence(corpus))):
        found.append(
            _Wanted("proficiency", "MI proficiency", "0–100", "higher", partial(_proficiency, _adherence(corpus)))
        )
    if has(("reflection", "question")):
        found.append(_Wanted("r_to_q", "R:Q", "ratio", "higher", _r_to_q))
    if has(kinds):
        found.append(_Wanted("percent_cr", "%CR", "%", "higher", _percent_cr))
    for label, (metric, name, better) in PER_UTTERANCE.items():
        if has((label,)):
            found.append(_Wanted(metric, name, "per 100 utterances", better, partial(_per_100, label)))
    return found


def _adherence(corpus: CodedCorpus) -> str:
    names = [label.name for label in corpus.labels]
    return next((label for label in ADHERENCE if label in names), "")


def _r_to_q(sums_X_K: "np.ndarray") -> "np.ndarray":
    return ratio_of(_given(sums_X_K, "reflection"), _given(sums_X_K, "question"))


def _percent_cr(sums_X_K: "np.ndarray") -> "np.ndarray":
    kinds = ("simple reflection", "complex reflection")
    return 100 * ratio_of(_given(sums_X_K, "complex reflection"), _given(sums_X_K, *kinds))


def _per_100(label: str, sums_X_K: "np.ndarray") -> "np.ndarray":
    return 100 * ratio_of(_given(sums_X_K, label), _decided(sums_X_K, label))


def _proficiency(harm: str, sums_X_K: "np.ndarray") -> "np.ndarray":
    simple, complex_, question, harmful = (
        _given(sums_X_K, label) for label in ("simple reflection", "complex reflection", "question", harm)
    )
    return proficiency(Counts(simple, complex_, question, harmful, sums_X_K[:, -1], sums_X_K[:, -2]), {})


def _estimate(one: _Wanted, resamples: Resamples) -> Estimate:
    import numpy as np

    values = resamples.values(one.of)
    common = {"metric": one.metric, "label": one.label, "unit": one.unit, "better": one.better}
    if np.isnan(values.whole):
        return Estimate(**common, value=None, note="undefined: nothing to divide by")
    low, high, why_not = interval(values)
    note = f"no interval: {why_not}".replace("dialogues", "groups") if why_not else ""
    value, low, high = (None if number is None else round(number, 6) for number in (values.whole, low, high))
    return Estimate(**common, value=value, low=low, high=high, note=note, level=_level(one.metric, value))


def _level(metric: str, value: float | None) -> Level | None:
    if metric not in FAIR_AND_GOOD or value is None:
        return None
    fair, good = FAIR_AND_GOOD[metric]
    return "good" if value >= good else "fair" if value >= fair else "below"
