"""The table at the end of a run."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mibench.publishing.numbers import interval_text, value_text
from mibench.schema import Scores

if TYPE_CHECKING:
    from rich.console import Console

GROUPS = {
    "risk": (("noticed", "responded", "directed", "worsened"), ()),
    "dialogue": (
        ("technical", "relational"),
        ("cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy"),
    ),
}
HEADLINE = ("r_to_q", "percent_cr", "mia_per_dialogue", "mina_per_dialogue")
BELOW = (
    "mia_per_100",
    "mina_per_100",
    "percent_mia",
    "utterances_per_reply",
    "characters",
    "bleu_4",
    "rouge_1",
    "rouge_2",
    "rouge_l",
    "chrf",
)

LEVELS = {"good": "[green]Good[/]", "fair": "[yellow]Fair[/]", "below": "[red]below[/]", None: ""}
ARROWS = {"higher": " ↑", "lower": " ↓", "neither": ""}


def print_scores(scores: Scores, anchors: Mapping[str, Scores], console: "Console") -> None:
    """Print the run's profile: its metrics with intervals, and the anchors' values beside them."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1), title_style="bold")
    table.title = f"{escape(scores.model)} · {escape(scores.suite)} · judge {escape(scores.judge)}"
    table.add_column("", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="center", no_wrap=True)
    table.add_column("MITI", no_wrap=True)
    for name in anchors:
        table.add_column(escape(name), justify="right", style="dim", no_wrap=True)
    groups = GROUPS.get(scores.rates, (HEADLINE, BELOW))
    for group in groups:
        for metric in group:
            estimate = scores[metric]
            table.add_row(
                estimate.label + ARROWS[estimate.better],
                f"[bold]{value_text(estimate)}[/]" if group is groups[0] else value_text(estimate),
                interval_text(estimate),
                LEVELS[estimate.level],
                *(value_text(other[metric]) for other in anchors.values()),
                end_section=metric == group[-1],
            )
    console.print(table)
    console.print(f"[dim]{_footnote(scores)}[/]", highlight=False)


def _footnote(scores: Scores) -> str:
    odd = ", ".join(
        f"{count} {status.replace('_', ' ')}" for status, count in scores.statuses.items() if status != "ok"
    )
    unrated = "; ".join(f"{count}: {reason}" for reason, count in scores.unrated.items())
    parts = [
        f"{scores.rated} of {scores.rounds} {'dialogues' if scores.rates == 'dialogue' else 'rounds'} rated ({scores.coverage:.0%}), {scores.dialogues} dialogues.",
        f"Odd replies: {odd}." if odd else "",
        f"Unrated: {unrated}." if unrated else "",
        "Intervals resample dialogues.",
        f"Judge and model are both of the {scores.shared_family} family: the judge may favour its own."
        if scores.shared_family
        else "",
        _undefined(scores),
    ]
    return " ".join(part for part in parts if part)


def _undefined(scores: Scores) -> str:
    shown = [metric for group in GROUPS.get(scores.rates, (HEADLINE, BELOW)) for metric in group]
    said = [f"{e.label}: {e.note}" for e in scores.estimates if e.value is None and e.metric in shown]
    return f"{'; '.join(said)}." if said else ""
