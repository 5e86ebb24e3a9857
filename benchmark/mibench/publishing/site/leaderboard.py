"""The first page: a table a board, pictures, what is new."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from mibench.publishing.site.boards import APART, Board, Row
from mibench.publishing.site.columns import Cell, Column, columns_of, headline_texts, spreadsheet, standing_of
from mibench.publishing.site.pages import SitePage, script_data
from mibench.publishing.site.scatter import KINDS, Scatter, scatters
from mibench.publishing.svg import Beside, Track, plot
from mibench.records.spreadsheet import csv_text

NEWEST = 12
"""Changes shown before a reader asks for all."""


class Line(NamedTuple):
    """A row of the table."""

    row: Row
    value: str
    interval: str
    track: Track | None
    """The headline with its interval as a picture."""
    cells: tuple[Cell, ...]
    facets: str
    """What it is found by, apart by spaces."""


class Table(NamedTuple):
    """A board."""

    board: Board
    columns: tuple[Column, ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    """(kind, lines): models, then those set apart."""
    levels: tuple[tuple[str, float, float], ...]
    """MITI's thresholds on the axis of the pictures."""
    scatters: tuple[Scatter, ...]
    ranked: int
    grey: bool
    """Whether the judges miss their bar against people's codes on what the headline is made of."""
    why: str
    """Why the headline is not validated."""

    @property
    def whys(self) -> list[str]:
        """Why metrics of the table are not validated, each reason once."""
        said = [self.why, *(column.why for column in self.columns)]
        return list(dict.fromkeys(reason for why in said if why for reason in why.split("; ")))


class Change(NamedTuple):
    """What is new."""

    date: str
    word: str
    row: Row
    suites: tuple[str, ...]


def leaderboard_page(boards: Sequence[Board], changes: Sequence[Change]) -> SitePage:
    """`index.html`: all boards one below the other, complete without a script."""
    return SitePage(
        "index.html", ("MI counselling leaderboard", "动机式访谈排行榜"), "site/index.html.jinja",
        {"tables": [table_of(board) for board in boards], "changes": changes, "newest": NEWEST, "apart": APART},
        navigation="nav_table",
    )  # fmt: skip


def table_of(board: Board) -> Table:
    """The board's table."""
    columns = columns_of(board)
    with_value = [row for row in board.rows if row.value(board.headline) is not None]
    drawn = plot(
        board.headline, [Beside(row.name, KINDS[row.kind], row.estimates) for row in with_value],
    ) if with_value else None  # fmt: skip
    tracks = dict(zip(map(id, with_value), drawn.tracks, strict=True)) if drawn else {}
    groups = []
    for kind in ("model", *APART):
        lines = tuple(
            Line(
                row, *headline_texts(row, board.headline), tracks.get(id(row)),
                tuple(column.cell(row) for column in columns), _facets(row),
            )
            for row in board.of_kind(kind)
        )  # fmt: skip
        groups.append((kind, lines))
    return Table(
        board, tuple(columns), tuple(groups), drawn.levels if drawn else (), tuple(scatters(board)),
        len(board.of_kind("model")), *standing_of(board, board.headline),
    )  # fmt: skip


def board_files(board: Board) -> list[tuple[str, str]]:
    """The table as CSV and JSON: (path, content); and both for the page's script, which can hand them over from a folder."""
    import json

    rows = spreadsheet(board, columns_of(board))
    records = [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
    whole: dict[str, Any] = {
        "suite": board.suite, "judge": board.judge, "benchmark_version": board.version, "digest": board.digest,
        "headline": board.headline, "rows": records,
    }  # fmt: skip
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    sheet, path = csv_text(rows), f"data/{board.id}"
    return [
        (f"{path}.csv", sheet),
        (f"{path}.json", text),
        (f"{path}.js", script_data(path, {"csv": sheet, "json": text})),
    ]


def _facets(row: Row) -> str:
    if row.submission is None:
        return ""
    whole = ["whole"] if row.coverage is not None and row.coverage >= 1 else []
    return " ".join([f"open-{row.submission.open_weights}", f"tuned-{row.submission.fine_tuned}", f"badge-{row.standing}", *whole])  # fmt: skip
