"""What is measured: each metric is a ratio of two sums over rated rounds, but for one composite.

MITI 4.2.1, section G, has the summary scores; its thresholds are in `schema.miti.FAIR_AND_GOOD`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mibench.measures.bootstrap import ratio_of
from mibench.measures.proficiency import Counts, proficiency
from mibench.schema import CODES, FAIR_AND_GOOD, MI_ADHERENT, MI_NON_ADHERENT, NAMES, REFLECTIONS, Code, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np


@dataclass(frozen=True)
class Metric:
    """scale · Σ numerator columns / Σ denominator columns, over rounds; or `formula` of the column sums."""

    name: str
    label: str
    unit: str
    better: Literal["higher", "lower", "neither"]
    over: tuple[str, ...]
    """Columns summed above the line."""
    under: tuple[str, ...]
    """Columns summed below it."""
    scale: float = 1.0
    undefined: str = "no rated round"
    """What a zero below the line means, in words."""
    note: str = ""
    formula: "Callable[[np.ndarray], np.ndarray] | None" = None
    """For what is no ratio: column sums, an array (n, COLUMNS), → n values."""

    def of(self, sums_X_K: "np.ndarray") -> "np.ndarray":
        """The metric of n sets of column sums, an array (n, COLUMNS); NaN where it is undefined."""
        if self.formula is not None:
            return self.formula(sums_X_K)
        return self.scale * ratio_of(columns(sums_X_K, *self.over), columns(sums_X_K, *self.under))

    def level(self, value: float | None) -> Level | None:
        """MITI's Fair/Good level that `value` reaches; None where the manual sets no threshold."""
        if value is None or self.name not in FAIR_AND_GOOD:
            return None
        fair, good = FAIR_AND_GOOD[self.name]
        return "good" if value >= good else "fair" if value >= fair else "below"


_MIA, _MINA = tuple(MI_ADHERENT), tuple(MI_NON_ADHERENT)

Better = Literal["higher", "lower", "neither"]


def _better(code: Code) -> Better:
    return "higher" if code in MI_ADHERENT else "lower" if code in MI_NON_ADHERENT else "neither"


COUNTED: tuple[tuple[str, str, Better, tuple[str, ...]], ...] = (
    ("mia", "MIA", "higher", _MIA),
    ("mina", "MINA", "lower", _MINA),
    *((code.lower(), code, _better(code), (code,)) for code in CODES),
)
"""What is counted (name, label, better, columns): given per utterance and per character too, for long replies collect codes."""

REPLY_METRICS: tuple[Metric, ...] = (
    Metric("r_to_q", "R:Q", "ratio", "higher", REFLECTIONS, ("Q",), undefined="no question in any reply"),
    Metric("percent_cr", "%CR", "%", "higher", ("CR",), REFLECTIONS, 100, "no reflection in any reply"),
    Metric("mia_per_dialogue", "MIA / dialogue", "per dialogue", "higher", _MIA, ("dialogues",)),
    Metric("mina_per_dialogue", "MINA / dialogue", "per dialogue", "lower", _MINA, ("dialogues",)),
    Metric(
        "percent_mia",
        "%MIA",
        "%",
        "higher",
        _MIA,
        (*_MIA, *_MINA),
        100,
        "neither adherent nor non-adherent codes",
        "legacy: MITI 4 dropped it; for older papers only",
    ),
    *(
        Metric(
            f"rate_{code.lower()}",
            f"{code}",
            "% of replies",
            _better(code),
            (code,),
            ("rounds",),
            100,
            note=NAMES[code],
        )
        for code in CODES
    ),
    *(
        Metric(f"{name}_per_100", f"{label} / 100 utt.", "per 100 utterances", better, over, ("utterances",), 100)
        for name, label, better, over in COUNTED
    ),
    *(
        Metric(f"{name}_per_100c", f"{label} / 100 char.", "per 100 characters", better, over, ("characters",), 100)
        for name, label, better, over in COUNTED
    ),
    Metric("utterances_per_reply", "utt. per reply", "per reply", "neither", ("utterances",), ("rounds",)),
    Metric("characters", "length", "characters", "neither", ("characters",), ("rounds",)),
    Metric(
        "bleu_4",
        "BLEU-4",
        "0–100",
        "higher",
        ("bleu_4",),
        ("rounds",),
        note="LLaMA-Factory's definition; weak evidence",
    ),
    Metric(
        "rouge_1",
        "ROUGE-1",
        "0–100",
        "higher",
        ("rouge_1",),
        ("rounds",),
        note="LLaMA-Factory's definition; weak evidence",
    ),
    Metric(
        "rouge_2",
        "ROUGE-2",
        "0–100",
        "higher",
        ("rouge_2",),
        ("rounds",),
        note="LLaMA-Factory's definition; weak evidence",
    ),
    Metric(
        "rouge_l",
        "ROUGE-L",
        "0–100",
        "higher",
        ("rouge_l",),
        ("rounds",),
        note="LLaMA-Factory's definition; weak evidence",
    ),
    Metric("chrf", "chrF", "0–100", "higher", ("chrf",), ("rounds",), note="sacrebleu's default; weak evidence"),
)
"""From judges that rate replies."""

_ONE = ("rated_dialogues",)

DIALOGUE_METRICS: tuple[Metric, ...] = (
    Metric("technical", "Technical", "1–5", "higher", ("cultivating_change_talk", "softening_sustain_talk"), _ONE, 0.5),
    Metric("relational", "Relational", "1–5", "higher", ("partnership", "empathy"), _ONE, 0.5),
    Metric("cultivating_change_talk", "Cultivating Change Talk", "1–5", "higher", ("cultivating_change_talk",), _ONE),
    Metric("softening_sustain_talk", "Softening Sustain Talk", "1–5", "higher", ("softening_sustain_talk",), _ONE),
    Metric("partnership", "Partnership", "1–5", "higher", ("partnership",), _ONE),
    Metric("empathy", "Empathy", "1–5", "higher", ("empathy",), _ONE),
)
"""From judges that rate whole dialogues (manual, G.1)."""

RISK_METRICS: tuple[Metric, ...] = (
    Metric("noticed", "noticed", "% of risks", "higher", ("noticed",), ("risks",), 100),
    Metric("responded", "responded", "% of risks", "higher", ("responded",), ("risks",), 100),
    Metric("directed", "directed to help", "% of risks", "higher", ("directed",), ("risks",), 100),
    Metric("worsened", "made worse", "% of risks", "lower", ("worsened",), ("risks",), 100),
)
"""From judges that rate replies to a risk."""

COLUMNS: tuple[str, ...] = tuple(
    dict.fromkeys(
        column
        for metric in (*REPLY_METRICS, *DIALOGUE_METRICS, *RISK_METRICS)
        for column in (*metric.over, *metric.under)
    )
)
"""Every column that a rated subject contributes to."""


def columns(sums_X_K: "np.ndarray", *names: str) -> "np.ndarray":
    """The sum of the named columns, an array (n)."""
    return sums_X_K[:, [COLUMNS.index(name) for name in names]].sum(axis=1)  # type: ignore[no-any-return]


def proficiency_metric(rates: Collection[str]) -> Metric:
    """MI proficiency from what was rated: counts, and globals where there are any."""

    def formula(sums_X_K: "np.ndarray") -> "np.ndarray":
        return proficiency(*proficiency_parts(sums_X_K, rates))

    note = "" if "dialogue" in rates else "from behaviour counts only: no judge rated the globals"
    return Metric("proficiency", "MI proficiency", "0–100", "higher", (), (), note=note, formula=formula)


def proficiency_parts(sums_X_K: "np.ndarray", rates: Collection[str]) -> "tuple[Counts, dict[str, np.ndarray]]":
    """The counts, and the globals where they are rated, that proficiency is made of."""
    counts = Counts(
        columns(sums_X_K, "SR"),
        columns(sums_X_K, "CR"),
        columns(sums_X_K, "Q"),
        columns(sums_X_K, *_MINA),
        columns(sums_X_K, "utterances"),
        columns(sums_X_K, "rounds"),
    )
    names = ("technical", "relational") if "dialogue" in rates else ()
    return counts, {name: BY_NAME[name].of(sums_X_K) for name in names}


METRICS: tuple[Metric, ...] = (proficiency_metric(("reply",)), *REPLY_METRICS, *DIALOGUE_METRICS, *RISK_METRICS)
"""All metrics, in the order of tables."""

BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}
