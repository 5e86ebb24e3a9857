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

REPLY_METRICS: tuple[Metric, ...] = (
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
"""From judges that rate replies."""

_ONE = ("dialogues",)

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
    Metric("noticed", "noticed", "% of risks", "higher", ("noticed",), ("rounds",), 100),
    Metric("responded", "responded", "% of risks", "higher", ("responded",), ("rounds",), 100),
    Metric("directed", "directed to help", "% of risks", "higher", ("directed",), ("rounds",), 100),
    Metric("worsened", "made worse", "% of risks", "lower", ("worsened",), ("rounds",), 100),
)
"""From judges that rate replies to a risk."""

METRICS: tuple[Metric, ...] = (*REPLY_METRICS, *DIALOGUE_METRICS, *RISK_METRICS)
"""All metrics, in the order of tables."""

COLUMNS: tuple[str, ...] = tuple(
    dict.fromkeys(column for metric in METRICS for column in (*metric.over, *metric.under))
)
"""Every column that a rated subject contributes to."""
