"""The table at the end of a run."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from mibench.publishing.numbers import coefficient_text, interval_text, value_text
from mibench.publishing.people import people_lines
from mibench.schema import Estimate, HumanRows, JudgeScores, Jury, Scores

if TYPE_CHECKING:
    from rich.console import Console

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

GROUPS = (
    ("proficiency",),
    HEADLINE,
    ("technical", "relational"),
    ("cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy"),
    ("noticed", "responded", "directed", "worsened"),
    BELOW,
)
"""Rows of the table; a group is shown when there is a judge for it."""

LEVELS = {"good": "[green]Good[/]", "fair": "[yellow]Fair[/]", "below": "[red]below[/]", None: ""}
MARK = " †"
"""Behind the name of a metric whose judge misses its bar against people."""

ARROWS = {"higher": " ↑", "lower": " ↓", "neither": ""}


def print_scores(
    scores: Scores, anchors: Mapping[str, Scores], console: "Console", people: HumanRows | None = None
) -> None:
    """Print the run's profile: its metrics with intervals, the anchors' values beside them, people's below."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1), title_style="bold")
    judges = f"judge {scores.judge}" if len(scores.judges) == 1 else f"{len(scores.judges)} judges"
    table.title = f"{escape(scores.model)} · {escape(scores.suite)} · {escape(judges)}"
    table.add_column("", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="center", no_wrap=True)
    table.add_column("MITI", no_wrap=True)
    for name in anchors:
        table.add_column(escape(anchor_label(name, "\n")), justify="right", style="dim", no_wrap=True)
    for group in groups_of(scores):
        for metric in group:
            estimate = scores[metric]
            below = estimate.validated == "below"
            table.add_row(
                estimate.label + ARROWS[estimate.better] + (MARK if below else ""),
                value_text(estimate) if group is BELOW else f"[bold]{value_text(estimate)}[/]",
                interval_text(estimate),
                LEVELS[estimate.level],
                *(value_text(other[metric]) for other in anchors.values()),
                style="dim" if below else None,
                end_section=metric == group[-1],
            )
    console.print(table)
    for jury in scores.juries:
        if len(jury.judges) > 1:
            _print_jury(scores, jury, console)
    console.print(f"[dim]{escape(_footnote(scores))}[/]", highlight=False)
    for line in unvalidated_text(scores):
        console.print(f"[dim]{escape(line)}[/]", highlight=False)
    for line in people_lines(people, scores) if people else []:
        console.print(f"[dim]{escape(line)}[/]", highlight=False)


def anchor_label(name: str, space: str = " ") -> str:
    """How tables name an anchor: the suite's own replies are authored, not spoken by people."""
    return f"{name}{space}(authored)" if name == "reference" else name


class Unvalidated(NamedTuple):
    """Metrics that are unvalidated in the same way."""

    met: Literal["below", "unknown"]
    """`below`: their judge misses its bar; `unknown`: nobody could try it."""
    metrics: tuple[Estimate, ...]
    """Empty for all that a judge has a say in."""
    reasons: tuple[str, ...]


def unvalidated(scores: Scores) -> list[Unvalidated]:
    """The metrics that are unvalidated, and why."""
    judged = [scores[metric] for group in groups_of(scores) for metric in group if scores[metric].validated]
    ways: tuple[Literal["below", "unknown"], ...] = ("below", "unknown")
    lines = []
    for met in ways:
        found = tuple(estimate for estimate in judged if estimate.validated == met)
        reasons = dict.fromkeys(why for estimate in found for why in estimate.validated_why)
        if found:
            lines.append(Unvalidated(met, found if len(found) < len(judged) else (), tuple(reasons)))
    return lines


def unvalidated_text(scores: Scores) -> list[str]:
    """Why metrics are unvalidated: those marked with MARK, whose judge misses its bar, then those nobody could try."""
    lines = []
    for one in unvalidated(scores):
        names = ", ".join(estimate.label for estimate in one.metrics) or "all codes and ratings"
        said = (
            f"{MARK.strip()} Unvalidated, below the bar against people"
            if one.met == "below"
            else f"Unvalidated: {names}"
        )
        lines.append(f"{said}: {'; '.join(one.reasons)}.")
    return lines


def groups_of(scores: Scores) -> list[tuple[str, ...]]:
    """The groups that the run's judges give values for."""
    return [group for group in GROUPS if scores.has(group[0])]


def _print_jury(scores: Scores, jury: Jury, console: "Console") -> None:
    """Each judge's own column, what is left without it, and how far the judges agree."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    shown = [m for group in groups_of(scores) if group is not BELOW for m in group if _of(jury, m)]
    table = Table(box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1), title_style="bold")
    table.title = f"The jury for {WHAT[jury.rates]}, judge by judge"
    table.add_column("", overflow="fold")
    for metric in shown:
        table.add_column(scores[metric].label, justify="right")

    def add(name: str, estimates: Iterable[Estimate], style: str = "") -> None:
        values = {estimate.metric: estimate for estimate in estimates}
        table.add_row(name, *(value_text(values[metric]) for metric in shown), style=style)

    add("jury", scores.estimates, "bold")
    for judge in scores.judges:
        if judge.judge in jury.judges:
            add(escape(judge.judge), judge.estimates)
    if len(jury.judges) > 2:
        for name in jury.judges:
            add(f"without {escape(name)}", jury.without[name], "dim")
    console.print(table)
    alphas = ", ".join(f"{a.of.replace('_', ' ')} {coefficient_text(a.value)}" for a in jury.agreement)
    console.print(f"[dim]Krippendorff's α between the judges: {alphas}.[/]\n", highlight=False)


def _of(jury: Jury, metric: str) -> bool:
    return any(estimate.metric == metric for estimates in jury.without.values() for estimate in estimates)


def _footnote(scores: Scores) -> str:
    odd = ", ".join(
        f"{count} {status.replace('_', ' ')}" for status, count in scores.statuses.items() if status != "ok"
    )
    parts = [f"Judges: {', '.join(judge.judge for judge in scores.judges)}."] if len(scores.judges) > 1 else []
    parts += [rated_text(jury) for jury in scores.juries]
    parts += [f"Odd replies: {odd}."] if odd else []
    parts += [
        f"Unrated: {'; '.join(f'{count}: {reason}' for reason, count in jury.unrated.items())}."
        for jury in scores.juries
        if jury.unrated
    ]
    parts.append("Intervals resample dialogues.")
    parts += [
        f"{judge.judge} and the model are both of the {judge.shared_family} family: the judge may favour its own."
        for judge in scores.judges
        if judge.shared_family
    ]
    parts += [stability_text(judge) for judge in scores.judges if judge.stability]
    if scores.cost:
        parts.append(f"Judging cost ${scores.cost:.2f}.")
    elif scores.cost is None:
        parts.append("The price of judging is unknown.")
    return " ".join([*parts, _undefined(scores)]).strip()


WHAT = {"reply": "replies", "dialogue": "whole dialogues", "risk": "replies to a risk"}


def rated_text(jury: Jury) -> str:
    """How much of what was to be rated is rated."""
    unit = "dialogues" if jury.rates == "dialogue" else "risk rounds" if jury.rates == "risk" else "rounds"
    inside = "" if jury.rates == "dialogue" else f", {jury.dialogues} dialogues"
    return f"{jury.rated} of {jury.subjects} {unit} rated ({jury.coverage:.0%}){inside}."


def stability_text(judge: JudgeScores) -> str:
    """Run-to-run agreement of one judge in a sentence."""
    each = ", ".join(f"{a.of.replace('_', ' ')} {coefficient_text(a.value)}" for a in judge.stability)
    return f"{judge.judge} run to run, {judge.repeats} repeats, ICC(2,1): {each}."


def _undefined(scores: Scores) -> str:
    shown = [metric for group in groups_of(scores) for metric in group]
    said = [f"{e.label}: {e.note}" for e in scores.estimates if e.value is None and e.metric in shown]
    return f"{'; '.join(said)}." if said else ""
