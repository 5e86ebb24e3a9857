"""The data card of a transcribed set: every count, what made it, and the licence it must obey."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from statistics import median

from mibench.corpora.asking import Coder, Model
from mibench.corpora.licences import strictest
from mibench.corpora.prompts import Prompt
from mibench.corpora.transcribing.gates import Bars
from mibench.records import digest_of
from mibench.schema import Record, SourceDialogue, Transcript


class Card(Record):
    """`card.json`."""

    model: str
    model_digest: str
    """sha256 over what shapes the model's answers."""
    prompt: str
    """Name and version."""
    prompt_digest: str
    judge: str
    """Who coded; `none` where the MITI gate was left out."""
    judge_digest: str
    source_digest: str
    """sha256 over ids and words of all source dialogues."""
    licence: str
    """The strictest of the sources'."""
    bars: dict[str, bool | int | float]
    """How high the gates stood."""
    tries: int
    """Times each dialogue might be asked for."""
    sources: dict[str, int]
    """Corpus → dialogues asked for."""
    licences: dict[str, str]
    """Corpus → licence."""
    status: dict[str, int]
    """kept, no goal, dropped → dialogues."""
    failed: dict[str, int]
    """Gate → tries that failed at it."""
    dropped: dict[str, int]
    """Gate → dialogues dropped at it."""
    first_try: int
    """Dialogues kept at the first try."""
    rounds: int
    """Counsellor turns kept."""
    topics: dict[str, int]
    """Topic → dialogues kept."""
    medians: dict[str, float]
    """What the gates measured, medians over dialogues kept."""
    dollars: float | None
    """What the model's answers cost; null where the price is unknown."""


def card_of(
    sources: Sequence[SourceDialogue], found: Sequence[Transcript], model: Model, coder: Coder | None, prompt: Prompt,
    bars: Bars, tries: int,
) -> Card:  # fmt: skip
    """Count a transcribed set."""
    kept = [transcript for transcript in found if transcript.dialogue]
    costs = [transcript.measures.get("cost") for transcript in found]
    known = [cost for cost in costs if cost is not None]
    measures = sorted({name for transcript in kept for name in transcript.measures} - {"cost"})
    return Card(
        model=model.name,
        model_digest=model.digest,
        prompt=f"{prompt.card.name} {prompt.card.version}",
        prompt_digest=prompt.digest,
        judge=coder.name if coder else "none",
        judge_digest=coder.digest if coder else "",
        source_digest=digest_of([[source.id, [turn.text for turn in source.turns]] for source in sources]),
        licence=strictest(source.licence for source in sources),
        bars=asdict(bars),
        tries=tries,
        sources=dict(Counter(source.corpus for source in sources)),
        licences={source.corpus: source.licence for source in sources},
        status={status: sum(t.status == status for t in found) for status in ("kept", "no goal", "dropped")},
        failed=dict(Counter(gate for transcript in found for gate in transcript.failed).most_common()),
        dropped=dict(Counter(t.failed[-1] for t in found if t.status == "dropped").most_common()),
        first_try=sum(transcript.tries == 1 for transcript in kept),
        rounds=sum(len(transcript.dialogue.turns) // 2 for transcript in kept if transcript.dialogue),
        topics=dict(Counter(transcript.dialogue.topic for transcript in kept if transcript.dialogue).most_common()),
        medians={name: round(median(t.measures[name] for t in kept if name in t.measures), 3) for name in measures},
        dollars=round(sum(known), 4) if len(known) == len(costs) else None,
    )


def card_text(card: Card) -> str:
    """The card as Markdown."""
    counts = card.status
    cost = "price unknown" if card.dollars is None else f"${card.dollars:.2f}"
    coded = (
        "nobody coded them" if card.judge == "none" else f"{card.judge} coded the counsellor, unvalidated on this text"
    )
    head = (
        f"Of {sum(card.sources.values())} source dialogues {counts['kept']} were kept ({card.rounds} rounds, {card.first_try} at "
        f"the first try), {counts['no goal']} hold no behaviour to be changed, {counts['dropped']} were dropped ({cost})."
    )
    trust = (
        "**How far to trust it.** The clients come from other people's corpora, which language models wrote for the most part; "
        f"a language model rewrote them; {coded}; nobody read them. Facts of clients' lives are compared by words only."
    )
    failed = [(gate, str(count), str(card.dropped.get(gate, 0))) for gate, count in card.failed.items()]
    parts = (
        "# Counselling dialogues rewritten in the style of motivational interviewing",
        head,
        trust,
        f"**Licence: {card.licence}**, the strictest of its sources'.",
        _table("source", "dialogues", "licence", [(n, str(c), card.licences[n]) for n, c in card.sources.items()]),
        "## Gates",
        _bars(card),
        _table("gate", "tries that failed", "dialogues dropped", failed),
        "## Medians of what was kept",
        _table("measure", "median", "", [(name, f"{value:g}", "") for name, value in card.medians.items()]),
        "## Made by",
        _table(
            "",
            "name",
            "sha256",
            [
                ("model", card.model, card.model_digest),
                ("prompt", card.prompt, card.prompt_digest),
                ("judge", card.judge, card.judge_digest),
                ("sources", "ids and words", card.source_digest),
            ],
        ),
    )
    return "\n\n".join(parts) + "\n"


def _bars(card: Card) -> str:
    bars = card.bars
    return (
        f"{bars['min_rounds']} to {bars['max_rounds']} rounds; turns of at most {bars['longest_turn']} characters; "
        f"{bars['facts']:.0%} of the client's named facts kept; at most {bars['copied']:.0%} copied from the source's "
        f"counsellor; nothing shared with a test suite; R:Q {bars['r_to_q']:g}, %CR {bars['percent_cr']:g}, MINA at most "
        f"{bars['mina']}; {card.tries} tries."
    )


def _table(one: str, two: str, three: str, rows: Sequence[tuple[str, str, str]]) -> str:
    if not rows:
        return "none"
    third = bool(three)
    lines = [f"| {one} | {two} |" + (f" {three} |" if third else ""), "|---|---:|" + ("---|" if third else "")]
    lines += [f"| {a} | {b} |" + (f" {c} |" if third else "") for a, b, c in rows]
    return "\n".join(lines)
