"""What a judge can be tried on: a corpus that people coded, or mibench's own authored codes in the same form."""

import random
from collections.abc import Sequence
from pathlib import Path

from mibench.errors import UsageError
from mibench.records import digest_of, digest_of_files
from mibench.schema import CODES, NAMES, CodedCorpus, CodedItem, CodedSession, Coding
from mibench.validating.coded import coded_cards, load_coded
from mibench.validating.coded.conversation import miti_labels, volley_labels
from mibench.validating.items import Item, contrast_items, suite_items

AUTHOR = "author"


def load_against(spec: str, language: str = "zh") -> tuple[CodedCorpus, str]:
    """The corpus that `spec` means, and sha256 over its files' content.

    `contrast` (held-out situations of `language`), `suite:NAME`, or `NAME:PATH` of a corpus from elsewhere. Raises
    UsageError with what there is; whatever reading the corpus raises.
    """
    kind, _, rest = spec.partition(":")
    if kind == "contrast" and not rest:
        return _authored(f"contrast {language}", contrast_items(language, split="heldout"))
    if kind == "suite" and rest:
        return _authored(spec, suite_items(rest))
    names = [card.name for card in coded_cards()]
    if kind not in names:
        corpora = ", ".join(f"{name}:PATH" for name in names)
        raise UsageError(
            f"“{spec}” is nothing to validate against. There is: contrast, suite:NAME (e.g. suite:mi_zh), {corpora}."
        )
    corpus = load_coded(spec)
    return corpus, digest_of_files(_files(Path(rest).expanduser()))


def _files(path: Path) -> list[Path]:
    """The tables that a loader may have read."""
    if path.is_dir():
        return sorted(path.glob("*.csv"))
    pairs = path.parent / "matched_pairs.csv"
    return [path, pairs] if pairs.is_file() else [path]


def _authored(name: str, items: Sequence[Item]) -> tuple[CodedCorpus, str]:
    labels = {label.name: label for label in miti_labels(CODES)}
    counts: dict[str, int] = {}
    coded = []
    for item in items:
        number = counts[item.occasion.id] = counts.get(item.occasion.id, 0) + 1
        several = "/" not in item.occasion.id
        given = (*(NAMES[code] for code in CODES if code in item.codes), *_unions(item))
        coded.append(
            CodedItem(
                id=f"{item.occasion.id}/{number:02d}" if several else item.occasion.id,
                session=item.cluster,
                group=item.cluster,
                occasion=item.occasion,
                reply=item.reply,
                codings=(Coding(coder=AUTHOR, labels=given),),
            )
        )
    corpus = CodedCorpus(
        name=name, language=items[0].occasion.language, labels=tuple(labels.values()), items=tuple(coded),
        sessions=_dialogues(coded) if name.startswith("suite") else (),
    )  # fmt: skip
    told = [[item.id, item.occasion.model_dump(mode="json"), item.reply, item.codings[0].labels] for item in coded]
    return corpus, digest_of(told)


def _unions(item: Item) -> list[str]:
    """Labels that follow from the codes."""
    names = set(NAMES.values())
    return [label for label in volley_labels(tuple(item.codes)) if label not in names]


def _dialogues(items: Sequence[CodedItem]) -> tuple[CodedSession, ...]:
    found: dict[str, list[CodedItem]] = {}
    for item in items:
        found.setdefault(item.session, []).append(item)
    return tuple(
        CodedSession(
            id=id_,
            group=id_,
            occasion=group[-1].occasion.model_copy(
                update={"id": id_, "history": (*group[-1].occasion.history, ("counsellor", group[-1].reply))}
            ),
            items=tuple(item.id for item in group),
        )
        for id_, group in found.items()
    )


def drawn(corpus: CodedCorpus, limit: int | None, seed: int, *, sessions: bool = False) -> CodedCorpus:
    """Whole sessions in random order by `seed` until they hold `limit` items (or are `limit`), the corpus's order kept."""
    if limit is None:
        return corpus
    size: dict[str, int] = {}
    for item in corpus.items:
        size[item.session] = size.get(item.session, 0) + 1
    order = sorted(size)
    random.Random(seed).shuffle(order)  # noqa: S311 - a draw, no secret
    kept: set[str] = set()
    for session in order:
        if (len(kept) if sessions else sum(size[id_] for id_ in kept)) >= limit:
            break
        kept.add(session)
    return corpus.model_copy(
        update={
            "items": tuple(item for item in corpus.items if item.session in kept),
            "client_items": tuple(item for item in corpus.client_items if item.session in kept),
            "sessions": tuple(session for session in corpus.sessions if session.id in kept),
            "pairs": tuple(pair for pair in corpus.pairs if kept.issuperset(pair)),
        }
    )
