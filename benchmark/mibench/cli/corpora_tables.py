"""Tables of `mibench corpora`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibench.corpora.cpsycoune import TurnScores
    from mibench.corpora.measuring import TextMeasures
    from mibench.corpora.probing import Probe
    from mibench.corpora.rating import Mean, Rates


def print_rates(rates: "Rates") -> None:
    """A column a corpus, best first: the model's ratings, how repeats agree, and what was counted in the sample."""
    from rich.console import Console
    from rich.table import Table

    from mibench.corpora.rating import DIMENSIONS

    console = Console()
    table = Table("", *(row.corpus for row in rates.corpora), title=f"Ratings by {rates.model}, 1 to 5")
    table.add_row("dialogues", *(str(row.dialogues) for row in rates.corpora))
    table.add_row("ratings read", *(f"{row.rated}/{row.asked}" for row in rates.corpora), end_section=True)
    for name in (*DIMENSIONS, "overall"):
        table.add_row(name, *(_mean(row.scores[name]) for row in rates.corpora), end_section=name == "overall")
    if rates.repeats > 1:
        for name in DIMENSIONS:
            alphas = [row.alpha[name] for row in rates.corpora]
            cells = ("–" if alpha is None else f"{alpha:.2f}" for alpha in alphas)
            table.add_row(f"α {name}", *cells, end_section=name == DIMENSIONS[-1])
    counted: dict[str, Callable[[TextMeasures], str]] = {
        "rounds, median": lambda text: f"{text.rounds:g}",
        "characters, median": lambda text: f"{text.characters:g}",
        "characters of a reply": lambda text: f"{text.counsellor_turn:g}",
        "distinct-2": lambda text: f"{text.distinct_2:.3f}",
        "in ten openings": lambda text: f"{text.openings:.0%}",
        "counsellor's share": lambda text: f"{text.balance:.0%}",
        "near-duplicates": lambda text: str(text.near_duplicates),
        "unsafe advice": lambda text: str(text.unsafe),
        "personal data": lambda text: str(text.personal),
    }
    for name, cell in counted.items():
        table.add_row(name, *(cell(row.text) for row in rates.corpora))
    console.print(table)
    said = f"Best: {', '.join(rates.picked) or 'none, for too few ratings could be read'}."
    alone = [row.corpus for row in rates.corpora if row.scores["overall"].low is None]
    if alone and rates.picked:
        said += f" Not considered, for want of dialogues: {', '.join(alone)}."
    if rates.doubtful:
        said += f" Not clearly worse, intervals overlap: {', '.join(rates.doubtful)}."
    if rates.repeats > 1:
        said += f" α: Krippendorff's, between {rates.repeats} repeats."
    console.print(said)


HEADS = {"comprehensiveness": "comprehen-\nsiveness", "professionalism": "profes-\nsionalism"}
"""Names that would not fit a terminal of 80 columns."""


def print_turns(found: "TurnScores", name: str) -> None:
    """A model's four scores above the published ones."""
    from rich.console import Console
    from rich.table import Table

    from mibench.corpora.cpsycoune import RANGES

    console = Console()
    table = Table(
        "model",
        *(f"{HEADS.get(dimension, dimension)}\n0–{high}" for dimension, high in RANGES.items()),
        title=f"{name} by {found.judge}; the others as published, by GPT-4-Turbo",
    )
    cells = [_mean(found.scores[dimension]).replace(" (", "\n").removesuffix(")") for dimension in RANGES]
    table.add_row(name, *cells, end_section=True)
    for model, scores in found.published.items():
        table.add_row(model, *(f"{score:.2f}" for score in scores))
    console.print(table)
    console.print(
        f"{found.rated} of {found.rounds} replies rated. Published numbers are by another judge with another prompt "
        "(Zhang et al. 2024): near these, not equal."
    )


def print_probe(found: "Probe") -> None:
    """The three looks, a line each."""
    from rich.console import Console

    console = Console()
    cut = found.continuations
    console.print(
        f"{found.model} on {found.suite}\n"
        f"  continuations  {cut.turns} turns: longest shared run {cut.true:.3f} of the true rest, {cut.other:.3f} of another turn's"
        f"{_p(cut.p)}; word for word: {cut.verbatim}{' (' + ', '.join(cut.at[:5]) + ')' if cut.at else ''}"
    )
    if found.order:
        console.print(
            f"  order          {found.order.shards} shards: {found.order.gain:+.4f} nats a character{_p(found.order.p)}"
        )
    else:
        console.print("  order          not possible: this model gives no likelihoods")
    if found.canary:
        rank = "" if found.canary.rank is None else f", rank {found.canary.rank} of 400"
        console.print(f"  canary         {'completed' if found.canary.completed else 'not completed'}{rank}")
    else:
        console.print("  canary         the suite has none")
    console.print("It has seen the suite." if found.seen else "No sign that it has seen the suite; that is no proof.")


def _p(p: float | None) -> str:
    return "" if p is None else f", p = {p:.4f}"


def _mean(mean: "Mean") -> str:
    if mean.value is None:
        return "–"
    if mean.low is None or mean.high is None:
        return f"{mean.value:.2f}"
    return f"{mean.value:.2f} ({mean.low:.2f}–{mean.high:.2f})"
