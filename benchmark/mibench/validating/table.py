"""Agreement as a table, on the terminal or as Markdown for a judge's README."""

from mibench.validating.agreement import Agreement

HEAD = ("code", "true", "given", "P", "R", "F1", "95 % int.", "κ", "95 % int.")


def print_agreement(agreement: Agreement, *, markdown: bool = False) -> None:
    """Print a row a code, and the means over codes that occur."""
    rows: list[tuple[str, ...]] = [
        (
            entry.code,
            str(entry.support),
            str(entry.given),
            _share(entry.precision),
            _share(entry.recall),
            _share(entry.f1),
            _interval(entry.f1_interval),
            _share(entry.kappa),
            _interval(entry.kappa_interval),
        )
        for entry in agreement.codes
    ]
    rows.append(("mean", "", "", "", "", _share(agreement.macro_f1), "", _share(agreement.macro_kappa), ""))
    foot = f"{agreement.items} replies to {agreement.clusters} clients, {agreement.unrated} unrated; intervals resample clients."
    if markdown:
        print("| " + " | ".join(HEAD) + " |")  # noqa: T201 - the command's result
        print("|---|" + "---:|" * (len(HEAD) - 1))  # noqa: T201
        for row in rows:
            print("| " + " | ".join(row) + " |")  # noqa: T201
        print(f"\n{foot}")  # noqa: T201
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for number, name in enumerate(HEAD):
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row, end_section=row[0] == rows[-2][0])
    console = Console()
    console.print(table)
    console.print(f"[dim]{foot}[/]")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _interval(ends: tuple[float, float] | None) -> str:
    return "–" if ends is None else f"{ends[0]:.2f}–{ends[1]:.2f}"
