"""A trial on the terminal."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mibench.schema import Trial
from mibench.validating.trials.numbers import amount, ends, probability, two

if TYPE_CHECKING:
    from rich.console import Console

STYLE = {"validated": "green", "below": "red", "unknown": "dim"}


def print_trial(trial: Trial) -> None:
    """Labels, then the main behaviour, sessions, known groups and globals: whatever the corpus allows."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(f"[bold]{trial.judge}[/] on [bold]{trial.corpus}[/]: {counted(trial)}", markup=True)
    for reason, count in trial.unrated.items():
        console.print(f"unrated: {count} {reason}", style="dim", markup=False)
    if trial.labels:
        _labels(trial, console)
    if trial.main:
        _main(trial, console)
    _complex(trial, console)
    if trial.per_session:
        _sessions(trial, console)
    _known(trial, console)
    _globals(trial, console)


def counted(trial: Trial) -> str:
    """What was rated, in a sentence."""
    unit = "sessions" if trial.rates == "dialogue" else f"items of {trial.sessions or trial.groups} sessions"
    panel = f", {trial.panel} of them coded by several people" if trial.panel else ""
    drawn = f"; --limit {trial.limit}, seed {trial.seed}" if trial.limit else ""
    return f"{trial.rated} of {trial.items} {unit} rated{panel}; intervals resample {trial.groups} groups{drawn}."


def _labels(trial: Trial, console: "Console") -> None:
    head = ("label", "n", "κ", "95 %", "pair", "rest", "seat", "F1", "α", "MAE", "bar", "")
    several = any(label.people for label in trial.labels)
    rows = []
    for label in trial.labels:
        people = label.people
        row = [label.label, str(label.support), two(label.kappa.value), ends(label.kappa)]
        row += [two(value) for value in ((people.pairs, people.rest, people.judge) if people else (None,) * 3)]
        row += [two(label.f1.value), two(label.alpha.value), two(label.calibration.mae if label.calibration else None)]
        row += [two(label.bar), f"[{STYLE[label.met]}]{label.met}[/]"]
        rows.append(row)
    _table(console, head, rows, without=() if several else ("pair", "rest", "seat", "MAE"))
    said = "n: items that most coders gave the label; κ: the judge against the majority."
    if several:
        said += (
            " pair, rest: two people, one against the others' majority; seat: the judge against the same majorities."
        )
    console.print(said, style="dim")
    for label in trial.labels:
        for machine in label.machine:
            console.print(
                f"  {label.label}: {machine.coder} κ {two(machine.kappa.value)} ({ends(machine.kappa)}), this judge "
                f"{two(machine.judge)} on the same {machine.items} items", style="dim", markup=False,
            )  # fmt: skip


def _main(trial: Trial, console: "Console") -> None:
    main = trial.main
    assert main
    people = main.people
    console.print(
        f"\n[bold]Main behaviour[/] κ {two(main.kappa.value)} ({ends(main.kappa)}), {main.items} items", end=""
    )
    if people:
        console.print(
            f"; people: pairs {two(people.pairs)}, one against the rest {two(people.rest)} ({two(people.rest_low)}–"
            f"{two(people.rest_high)}), Fleiss {two(people.fleiss)}, judge in the seat {two(people.judge)}", end="",
        )  # fmt: skip
    console.print()
    names = [name.replace("_", " ") for name in main.names]
    rows = [[name, *map(str, row)] for name, row in zip(names, main.table, strict=True)]
    _table(console, ("people ↓ judge →", *names), rows)


def _complex(trial: Trial, console: "Console") -> None:
    found = trial.complex_share
    if found:
        console.print(
            f"[bold]Complex share[/] of {found.items} reflections: Spearman {two(found.spearman)}, MAE {two(found.mae)}; half "
            f"panels {two(found.halves)}, one coder {two(found.single)}; {found.left_out} where the judge sees none."
        )


def _sessions(trial: Trial, console: "Console") -> None:
    auc = {group.measure: group for group in trial.known_groups}
    rows = []
    if "length alone" in auc:
        rows.append(
            ["length alone", *["–"] * 7, two(auc["length alone"].judge.value), ends(auc["length alone"].judge), "–"]
        )
    for entry in trial.per_session:
        group = auc.get(entry.measure)
        row = [
            entry.measure,
            str(entry.sessions),
            amount(entry.judge_mean, entry.unit),
            amount(entry.people_mean, entry.unit),
        ]
        row += [
            two(entry.r.value),
            two(entry.icc.value),
            amount(entry.bias.value, entry.unit),
            amount(entry.mae, entry.unit),
        ]
        row += [two(group.judge.value), ends(group.judge), two(group.people.value)] if group else ["–"] * 3
        rows.append(row)
    head = ("per session", "n", "judge", "people", "r", "ICC", "bias", "MAE", "AUC", "95 %", "people's")
    _table(console, head, rows, without=() if trial.known_groups else ("AUC", "95 %", "people's"))
    if trial.known_groups:
        console.print(
            "AUC: how often a good session has the larger value; below .50 the bad ones have more.", style="dim"
        )
    if trial.non_adherent:
        console.print(trial.non_adherent, style="dim")


def _known(trial: Trial, console: "Console") -> None:
    for pair in trial.matched_pairs:
        if pair.by == "judge" or pair.measure != "length alone":
            console.print(
                f"Matched pairs, {pair.measure} by {pair.by}: the good session preferred in {pair.preferred} of {pair.pairs}"
                f"{f' (ties: {pair.ties})' if pair.ties else ''}, p {probability(pair.p)}",
                markup=False,
            )


def _globals(trial: Trial, console: "Console") -> None:
    if trial.globals:
        head = ("global", "n", "ICC(2,1)", "95 %", "QWK", "exact", "±1", "bias")
        _table(console, head, [
            [entry.name.replace("_", " "), str(entry.sessions), two(entry.icc.value), ends(entry.icc),
             two(entry.quadratic_kappa), two(entry.exact), two(entry.within_one), two(entry.bias)]
            for entry in trial.globals
        ])  # fmt: skip
        for why in dict.fromkeys(entry.icc.why_not for entry in trial.globals if entry.icc.why_not):
            names = [entry.name.replace("_", " ") for entry in trial.globals if entry.icc.why_not == why]
            console.print(f"{', '.join(names)}: {why}", style="dim")


def _table(console: "Console", head: Sequence[str], rows: Iterable[Sequence[str]], without: Sequence[str] = ()) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    kept = [place for place, name in enumerate(head) if name not in without]
    for place in kept:
        table.add_column(head[place], justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(row[place] for place in kept))
    console.print(table)
