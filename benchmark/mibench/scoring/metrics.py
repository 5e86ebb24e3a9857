"""What is measured: each metric is a ratio of two sums over rated rounds.

MITI 4.2.1, section G, has the summary scores; its thresholds are in `schema.miti.FAIR_AND_GOOD`.
"""

from dataclasses import dataclass
from typing import Literal

from mibench.schema import CODES, FAIR_AND_GOOD, MI_ADHERENT, MI_NON_ADHERENT, NAMES, REFLECTIONS, Level


@dataclass(frozen=True)
class Metric:
    """scale · Σ numerator columns / Σ denominator columns, over rounds."""

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

    def level(self, value: float | None) -> Level | None:
        """MITI's Fair/Good level that `value` reaches; None where the manual sets no threshold."""
        if value is None or self.name not in FAIR_AND_GOOD:
            return None
        fair, good = FAIR_AND_GOOD[self.name]
        return "good" if value >= good else "fair" if value >= fair else "below"


_MIA, _MINA = tuple(MI_ADHERENT), tuple(MI_NON_ADHERENT)

METRICS: tuple[Metric, ...] = (
    Metric("r_to_q", "R:Q", "ratio", "higher", REFLECTIONS, ("Q",), undefined="no question in any reply"),
    Metric("percent_cr", "%CR", "%", "higher", ("CR",), REFLECTIONS, 100, "no reflection in any reply"),
    Metric("mia_per_dialogue", "MIA / dialogue", "per dialogue", "higher", _MIA, ("dialogues",)),
    Metric("mina_per_dialogue", "MINA / dialogue", "per dialogue", "lower", _MINA, ("dialogues",)),
    Metric("mia_per_100", "MIA / 100 utt.", "per 100 utterances", "higher", _MIA, ("utterances",), 100),
    Metric("mina_per_100", "MINA / 100 utt.", "per 100 utterances", "lower", _MINA, ("utterances",), 100),
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
            "higher" if code in MI_ADHERENT else "lower" if code in MI_NON_ADHERENT else "neither",
            (code,),
            ("rounds",),
            100,
            note=NAMES[code],
        )
        for code in CODES
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
"""All metrics, in the order of tables."""

COLUMNS: tuple[str, ...] = tuple(
    dict.fromkeys(column for metric in METRICS for column in (*metric.over, *metric.under))
)
"""Every column that a round contributes to."""
