"""Tables of `mibench corpora`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mibench.corpora.cpsycoune import TurnScores
    from mibench.corpora.probing import Probe
    from mibench.corpora.rating import Mean, Rates


def print_rates(rates: "Rates") -> None:
    """The corpora, best first: a row each for the model's ratings, then one for what was counted."""
    from rich.console import Console
    from rich.table import Table

    from mibench.corpora.rating import DIMENSIONS

    console = Console()
    scored = Table("corpus", "dialogues", "rated", *DIMENSIONS, "overall", title=f"Ratings by {rates.model}, 1 to 5")
    for row in rates.corpora:
        cells = [_mean(row.scores[name]) for name in (*DIMENSIONS, "overall")]
        scored.add_row(row.corpus, str(row.dialogues), f"{row.rated}/{row.asked}", *cells)
    console.print(scored)
    agreed = Table("corpus", *DIMENSIONS, title=f"Agreement of {rates.repeats} repeats, Krippendorff's α")
    for row in rates.corpora:
        alphas = [row.alpha[name] for name in DIMENSIONS]
        agreed.add_row(row.corpus, *("–" if alpha is None else f"{alpha:.2f}" for alpha in alphas))
    console.print(agreed)
    counted = Table(
        "corpus", "rounds", "characters", "reply", "distinct-2", "ten openings", "counsellor", "near-dup.", "unsafe",
        "personal", title="Counted in the sample",
    )  # fmt: skip
    for row in rates.corpora:
        text = row.text
        counted.add_row(
            row.corpus, f"{text.rounds:g}", f"{text.characters:g}", f"{text.counsellor_turn:g}", f"{text.distinct_2:.3f}",
            f"{text.openings:.0%}", f"{text.balance:.0%}", str(text.near_duplicates), str(text.unsafe), str(text.personal),
        )  # fmt: skip
    console.print(counted)
    said = f"Best: {', '.join(rates.picked) or 'none, for no rating could be read'}."
    if rates.doubtful:
        said += f" Not clearly worse, intervals overlap: {', '.join(rates.doubtful)}."
    console.print(said)


def print_turns(found: "TurnScores", name: str) -> None:
    """A model's four scores above the published ones."""
    from rich.console import Console
    from rich.table import Table

    from mibench.corpora.cpsycoune import RANGES

    console = Console()
    table = Table("model", *(f"{dimension} 0–{high}" for dimension, high in RANGES.items()), "judge")
    table.add_row(name, *(_mean(found.scores[dimension]) for dimension in RANGES), found.judge)
    for model, scores in found.published.items():
        table.add_row(model, *(f"{score:.2f}" for score in scores), "GPT-4-Turbo, as published", style="dim")
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
        rank = "" if found.canary.rank is None else f", rank {found.canary.rank} of 128"
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
