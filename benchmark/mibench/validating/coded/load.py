"""Which corpora of coded counselling there are, and reading one by its name and a person's path."""

from collections.abc import Callable
from pathlib import Path

from mibench.errors import UnknownName, UsageError
from mibench.schema import CodedCorpus, CorpusCard
from mibench.validating.coded import annomi, mi_tags, misc_gold

LOADERS: dict[str, tuple[CorpusCard, Callable[[Path], CodedCorpus]]] = {
    card.name: (card, load)
    for card, load in (
        (annomi.CARD, annomi.load_annomi),
        (misc_gold.CARD, misc_gold.load_misc_gold),
        (mi_tags.CARD, mi_tags.load_mi_tags),
    )
}


def coded_cards() -> tuple[CorpusCard, ...]:
    """What each corpus is and what its path must hold."""
    return tuple(card for card, _ in LOADERS.values())


def load_coded(spec: str) -> CodedCorpus:
    """The corpus `NAME:PATH`, e.g. `annomi:AnnoMI-full.csv`.

    Raises UnknownName for another name; UsageError, with the files looked for, for a path that holds none of them;
    BadRecord (file:line) for a row that does not fit.
    """
    name, _, path = spec.partition(":")
    if name not in LOADERS:
        raise UnknownName(
            "corpus of coded counselling", name, LOADERS, "Write it as NAME:PATH, e.g. annomi:AnnoMI-full.csv."
        )
    card, load = LOADERS[name]
    if not path.strip():
        raise UsageError(f"“{spec}” says no path. Write {name}:PATH, where PATH is {card.files}.")
    return load(Path(path))
