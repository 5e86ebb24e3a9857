"""Which corpora of counselling dialogues there are, and reading one by its name and a person's path."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from mibench.corpora.loading import chats
from mibench.corpora.loading.files import cpsycound, cpsycoune, psydt, rows_of, smilechat
from mibench.corpora.loading.gathering import OWN, Found, Loading
from mibench.errors import UnknownName, UsageError
from mibench.schema import CorpusCard

SHARE_ALIKE = "CC-BY-SA-4.0"
"""CPsyCoun's repository says CC BY 4.0, its page on the hub cc-by-sa-4.0: the stricter counts."""
NOTHING = "nothing: dialogues without codes"
NOT_STATED = "not stated: say it with --licence"


class Source(NamedTuple):
    """A corpus that can be read."""

    card: CorpusCard
    files: Callable[[Path], Iterator[Found]]
    """From a path."""
    reader: chats.Reader | None
    """From a row of a dataset on the hub; None where there is none."""


def _source(
    name: str, title: str, files: str, source: str, licence: str,
    read: Callable[[Path], Iterator[Found]] | None = None, reader: chats.Reader | None = None,
) -> Source:  # fmt: skip
    card = CorpusCard(
        name=name,
        title=title,
        language="zh",
        unit="a dialogue",
        coded=NOTHING,
        files=files,
        source=source,
        licence=licence,
    )
    if read is None:
        assert reader is not None
        read = _rows_with(reader)
    return Source(card, read, reader)


def _rows_with(reader: chats.Reader) -> Callable[[Path], Iterator[Found]]:
    return lambda path: rows_of(path, reader)


SOURCES: dict[str, Source] = {
    source.card.name: source
    for source in (
        _source(
            "cpsycound", "CPsyCounD: 3,134 dialogues that a model wrote from counselling reports, nine topics.",
            "the folder of case_*.txt, or CPsyCounD.json from the hub",
            "github.com/CAS-SIAT-XinHai/CPsyCoun; cite Zhang et al. 2024", SHARE_ALIKE, cpsycound, chats.alpaca,
        ),
        _source(
            "cpsycoune", "CPsyCounE: 45 dialogues to evaluate counselling models on, nine topics of five.",
            "the folder with a folder of *.json a topic",
            "github.com/CAS-SIAT-XinHai/CPsyCoun; cite Zhang et al. 2024", SHARE_ALIKE, cpsycoune,
        ),
        _source(
            "psydt", "PsyDTCorpus: 5,000 dialogues in one counsellor's style, 4,760 for training and 240 cut into 4,311 samples.",
            "PsyDTCorpus_train_mulit_turn_packing.json or PsyDTCorpus_test_single_turn_split.json, or a folder with them",
            "github.com/scutcyr/SoulChat2.0; cite Xie et al. 2025", "Apache-2.0", psydt, chats.messages,
        ),
        _source(
            "smilechat", "SMILECHAT: 55,165 dialogues that a model spun out of single questions and answers.",
            "the folder of *.json, one a dialogue",
            "github.com/qiuhuachuan/smile; cite Qiu et al. 2024", "CC0-1.0", smilechat, chats.turns,
        ),
        _source(
            "messages", "Any dialogues as OpenAI-style messages, Chinese or English.",
            '*.json or *.jsonl of {"messages": [{"role", "content"}]}, or a folder of them', OWN, NOT_STATED,
            reader=chats.messages,
        ),
        _source(
            "sharegpt", "Any dialogues in ShareGPT's form, Chinese or English.",
            '*.json or *.jsonl of {"conversations": [{"from", "value"}]}, or a folder of them', OWN, NOT_STATED,
            reader=chats.sharegpt,
        ),
        _source(
            "alpaca", "Any dialogues in Alpaca's form with a history, Chinese or English.",
            '*.json or *.jsonl of {"instruction", "input", "output", "history"}, or a folder of them', OWN, NOT_STATED,
            reader=chats.alpaca,
        ),
    )
}  # fmt: skip
"""Name → corpus."""

HUB = re.compile(r"^hub:(?P<id>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w.-]+))?(?:#(?P<split>[\w.-]+))?$")


def source_cards() -> tuple[CorpusCard, ...]:
    """What each corpus is and what its path must hold."""
    return tuple(source.card for source in SOURCES.values())


def load_source(spec: str, *, strict: bool = False, licence: str = "") -> Loading:
    """The dialogues of `NAME:PATH`, or of `NAME:hub:ORG/DATASET@REVISION#SPLIT` through the `datasets` library.

    Iterate over it, then ask for its `report()`. Raises UnknownName for another name, UsageError for a path that is not
    there, BadRecord (file:line) in strict mode for what would be mended or left out.
    """
    name, _, place = spec.partition(":")
    if name not in SOURCES:
        raise UnknownName("corpus of dialogues", name, SOURCES, "Write it as NAME:PATH, e.g. smilechat:data.")
    source = SOURCES[name]
    if not place.strip():
        raise UsageError(f"“{spec}” says no path. Write {name}:PATH, where PATH is {source.card.files}.")
    if place.startswith("hub:"):
        from mibench.corpora.loading.hub import hub_rows

        match = HUB.match(place)
        if match is None or source.reader is None:
            raise UsageError(
                f"“{place}” is no dataset of {name} on the hub. Write {name}:hub:ORG/DATASET, with @REVISION and #SPLIT behind it."
            )
        found = hub_rows(match["id"], match["revision"], match["split"] or "train", source.reader)
        return Loading(source.card, found, strict=strict, licence=licence)
    path = Path(place)
    if not path.exists():
        raise UsageError(f"There is no {path}. The corpus {name} is read from {source.card.files}.")
    return Loading(source.card, source.files(path), strict=strict, licence=licence)
