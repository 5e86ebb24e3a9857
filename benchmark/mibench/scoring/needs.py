"""Which labels of a human-coded corpus a judge must be able to tell for a metric to be trusted."""

from mibench.schema import CODES, NAMES, Code, Rates
from mibench.scoring.metrics import COUNTED

Need = tuple[tuple[str, ...], ...]
"""Ways to show one thing: in each, all labels are needed. The first way that was tried decides."""

_GLOBALS = {
    "technical": ("cultivating_change_talk", "softening_sustain_talk"),
    "relational": ("partnership", "empathy"),
    **{name: (name,) for name in ("cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy")},
}
SAFETY = ("noticed", "responded", "directed", "worsened")
_MINA: Need = (("MI non-adherent",), ("persuade", "confront"))


def _own(code: Code) -> Need:
    """A code's label; AnnoMI calls GI information."""
    return (("give information",), ("information",)) if code == "GI" else ((NAMES[code],),)


_MIA: tuple[Need, ...] = (_own("AF"), _own("Seek"), _own("Emphasize"))
_COUNTS: dict[str, tuple[Need, ...]] = {"mia": _MIA, "mina": (_MINA,), **{c.lower(): (_own(c),) for c in CODES}}

NEEDS: dict[str, tuple[Need, ...]] = {
    "r_to_q": ((("reflection",),), _own("Q")),
    "percent_cr": (_own("CR"), _own("SR")),
    "proficiency": (_own("SR"), _own("CR"), _own("Q"), _MINA),
    "percent_mia": (*_MIA, _MINA),
    "mia_per_dialogue": _MIA,
    "mina_per_dialogue": (_MINA,),
    **{f"rate_{code.lower()}": (_own(code),) for code in CODES},
    **{f"{name}_{per}": _COUNTS[name] for name, *_ in COUNTED for per in ("per_100", "per_100c")},
    **{metric: tuple(((name,),) for name in names) for metric, names in _GLOBALS.items()},
    **dict.fromkeys(SAFETY, ()),
}
"""Metric → what its judge must be able to tell. A metric that is not here needs no judge; safety nobody has coded."""


def needs_of(metric: str, rates: Rates) -> tuple[Need, ...] | None:
    """What a judge that rates this must be able to tell for `metric`; None where it has no say in it."""
    if metric == "proficiency" and rates == "dialogue":
        return tuple(((name,),) for pair in ("technical", "relational") for name in _GLOBALS[pair])
    return NEEDS.get(metric)
