"""The MITI 4.2.1 vocabulary: behaviour codes, client talk, thresholds.

Source: Moyers, Manuel & Ernst (2015), *Motivational Interviewing Treatment Integrity Coding Manual 4.2.1*;
paraphrased, section numbers of the manual in the comments.
"""

from typing import Literal

Code = Literal["SR", "CR", "Q", "AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront"]
"""One of the ten counsellor behaviour codes; an utterance without one carries `None`."""

Talk = Literal["change", "sustain", "neutral"]
"""What a client says about the change goal: for it, for staying as is, or neither."""

Rates = Literal["reply", "risk", "dialogue"]
"""What a judge rates: every reply, replies to a risk, or whole dialogues with the model's replies in place."""

CODES: tuple[Code, ...] = ("SR", "CR", "Q", "AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront")
REFLECTIONS: tuple[Code, ...] = ("SR", "CR")
MI_ADHERENT: tuple[Code, ...] = ("Seek", "AF", "Emphasize")  # G.3: Total MIA
MI_NON_ADHERENT: tuple[Code, ...] = ("Confront", "Persuade")  # G.3: Total MINA; GI, Q and PwP count for neither

NAMES: dict[Code, str] = {
    "SR": "simple reflection",
    "CR": "complex reflection",
    "Q": "question",
    "AF": "affirm",
    "Seek": "seek collaboration",
    "Emphasize": "emphasize autonomy",
    "GI": "give information",
    "PwP": "persuade with permission",
    "Persuade": "persuade",
    "Confront": "confront",
}

NAMES_ZH: dict[Code, str] = {
    "SR": "简单式反映",
    "CR": "复杂式反映",
    "Q": "提问",
    "AF": "肯定",
    "Seek": "寻求合作",
    "Emphasize": "支持自主性",
    "GI": "提供信息",
    "PwP": "经许可的劝说",
    "Persuade": "未经许可的劝说",
    "Confront": "面质",
}
"""Terms of the official Mandarin MITI 4.2.1 (CAMI Hong Kong)."""

FAIR_AND_GOOD: dict[str, tuple[float, float]] = {
    "percent_cr": (40.0, 50.0),
    "r_to_q": (1.0, 2.0),
    "technical": (3.0, 4.0),
    "relational": (3.5, 4.0),
}
"""Metric → (Fair, Good), the manual's expert-opinion thresholds (H). None exist for MIA and MINA."""
