"""The table's columns, and each row's cells in them: as HTML, to sort by, and for a spreadsheet."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.publishing.numbers import interval_text, size_text, value_text
from mibench.publishing.site.boards import Board, Row
from mibench.schema import FAIR_AND_GOOD

if TYPE_CHECKING:
    from markupsafe import Markup

METRICS = (
    "r_to_q", "percent_cr", "mia_per_100", "mina_per_100", "technical", "relational", "cultivating_change_talk",
    "softening_sustain_talk", "partnership", "empathy", "noticed", "responded", "directed", "worsened", "characters",
)  # fmt: skip
"""Metrics with a column, where the judges of a board rate what they are made of."""
SIMPLE = ("r_to_q", "percent_cr", "mia_per_100", "mina_per_100", "technical", "relational", "characters")
"""Those shown unless a reader chooses others."""
MARKS = {"good": "●", "fair": "◐", "below": "○"}


class Cell(NamedTuple):
    """One cell."""

    text: "Markup | str"
    sort: float | str | None = None
    """What it is sorted by; None where there is no value, which always comes last."""
    raw: float | str | None = None
    """What a spreadsheet gets."""


class Column(NamedTuple):
    """One column."""

    key: str
    """Its name in addresses and spreadsheets."""
    word: str
    """Key of SITE that heads it."""
    shown: bool
    """Whether it belongs to the simple table."""
    cell: Callable[[Row], Cell]
    first: str = "down"
    """Whether a first click puts the largest (`down`) or the smallest (`up`) at the top."""
    grey: bool = False
    """Whether its judges miss their bar against people's codes."""
    why: str = ""
    """Why it is grey."""
    numeric: bool = True


def columns_of(board: Board) -> list[Column]:
    """The columns of a board's table behind rank, model and headline."""
    found = [_metric(board, name) for name in METRICS if any(name in row.estimates for row in board.rows if row.page)]
    return [
        *found,
        Column("badge", "c.badge", True, _badge, "up", numeric=False),
        Column("date", "c.date", True, _of("date"), numeric=False),
        Column("size", "c.size", False, _size),
        Column("open", "c.open", False, _answer("open_weights"), "up", numeric=False),
        Column("licence", "c.licence", False, _of("licence"), "up", numeric=False),
        Column("tuned", "c.tuned", False, _answer("fine_tuned"), "up", numeric=False),
        Column("base", "c.base", False, _of("base_model"), "up", numeric=False),
        Column("cost", "c.cost", False, _cost, "up"),
        Column("coverage", "c.coverage", False, _coverage),
    ]


def metric_cell(row: Row, name: str) -> Cell:
    """Value of a metric with MITI's mark, where the manual sets one."""
    from markupsafe import Markup

    found = row.estimates.get(name)
    if found is None or found.value is None:
        return Cell("–")
    text = Markup(value_text(found))  # noqa: S704 - a number
    level = found.level if name in FAIR_AND_GOOD else None
    if level:
        text += Markup(' <span class="{}" role="img" aria-label="{}" data-label="l.{}">{}</span>').format(
            level, {"good": "Good", "fair": "Fair", "below": "below Fair"}[level], level, MARKS[level]
        )
    return Cell(text, found.value, round(found.value, 6))


def headline_texts(row: Row, headline: str) -> tuple[str, str]:
    """The value and its interval; dashes where there is none."""
    found = row.estimates.get(headline)
    return (value_text(found), interval_text(found)) if found else ("–", "–")


def standing_of(board: Board, name: str) -> tuple[bool, str]:
    """(whether the judges miss their bar on `name`, why it is not validated); the same for all rows of a board."""
    own = next((row.estimates[name] for row in board.rows if row.page and name in row.estimates), None)
    if own is None or own.validated not in {"below", "unknown"}:
        return False, ""
    return own.validated == "below", "; ".join(own.validated_why)


def _metric(board: Board, name: str) -> Column:
    own = next(row.estimates[name] for row in board.rows if row.page and name in row.estimates)
    first = "up" if own.better == "lower" else "down"
    return Column(
        name, f"m.{name}", name in SIMPLE, lambda row: metric_cell(row, name), first, *standing_of(board, name)
    )


def _of(field: str) -> Callable[[Row], Cell]:
    from mibench.publishing.inert import inert

    def cell(row: Row) -> Cell:
        text = getattr(row.submission, field) if row.submission else ""
        return Cell(inert(text), text.lower(), text) if text else Cell("–")

    return cell


def _answer(field: str) -> Callable[[Row], Cell]:
    def cell(row: Row) -> Cell:
        answer = getattr(row.submission, field) if row.submission else None
        if answer is None:
            return Cell("–")
        return Cell(_said(f"a.{answer}"), None if answer == "unknown" else answer, answer)

    return cell


def _badge(row: Row) -> Cell:
    return Cell(_said(f"b.{row.standing}"), ("reproduced", "re-scored", "self-reported").index(row.standing), row.standing) if row.standing else Cell("–")  # fmt: skip


def _size(row: Row) -> Cell:
    size = row.submission.parameters if row.submission else None
    return Cell("–") if size is None else Cell(size_text(size), size, size)


def _cost(row: Row) -> Cell:
    return Cell("–") if row.cost is None or not row.page else Cell(f"${row.cost:.2f}", row.cost, row.cost)


def _coverage(row: Row) -> Cell:
    return Cell("–") if row.coverage is None else Cell(f"{row.coverage * 100:.0f} %", row.coverage, round(row.coverage, 6))  # fmt: skip


def _said(key: str) -> "Markup":
    from markupsafe import Markup

    from mibench.publishing.site.words import SITE

    return Markup('<span data-t="{}">{}</span>').format(key, SITE[key][0])


def spreadsheet(board: Board, columns: Sequence[Column]) -> list[list[object]]:
    """Header and rows of the whole table, people and baselines included and marked by their kind."""
    headline = board.headline
    head: list[object] = [
        "suite", "judge", "benchmark_version", "kind", "rank_first", "rank_last", "tie_group", "model", "organisation",
        headline, f"{headline}_low", f"{headline}_high", *(column.key for column in columns), "submission",
    ]  # fmt: skip
    rows = [head]
    for row in board.rows:
        own, rank = row.estimates.get(headline), row.rank
        ends = (own.value, own.low, own.high) if own else (None, None, None)
        rows.append([
            board.suite, board.judge, board.version, row.kind, *(rank[:3] if rank else (None, None, None)),
            row.name, row.organisation, *(None if end is None else round(end, 6) for end in ends),
            *(column.cell(row).raw for column in columns), row.page,
        ])  # fmt: skip
    return rows
