"""The headline against something else of every row: a picture whose points lead to the models' pages."""

from collections.abc import Callable, Sequence
from math import log10
from typing import TYPE_CHECKING, NamedTuple

from mibench.publishing.inert import visible
from mibench.publishing.site.boards import Board, Row
from mibench.publishing.svg import SHAPES, Kind, axis
from mibench.schema.submission import Kind as RowKind

if TYPE_CHECKING:
    from markupsafe import Markup

KINDS: dict[RowKind, Kind] = {"model": "own", "baseline": "other", "reference": "anchor", "human": "human"}
"""Kind of row → kind of mark."""


class Scatter(NamedTuple):
    """A picture."""

    across: str
    """Key of SITE: what is on the axis across."""
    picture: "Markup"
    ticks: tuple[tuple[str, float], ...]
    """(text, place in per cent) of the axis across."""
    up: tuple[tuple[str, float], ...]
    """The same of the axis upwards, from below."""


def scatters(board: Board) -> list[Scatter]:
    """Headline against length, against the cost of judging and against size, each where two rows or more have it."""
    found = []
    for word, value, logarithmic in (
        ("x.length", lambda row: row.value("characters"), False),
        ("x.cost", lambda row: row.cost if row.page else None, False),
        ("x.size", lambda row: row.submission.parameters if row.submission else None, True),
    ):
        picture = _scatter(board, word, value, logarithmic=logarithmic)
        found += [picture] if picture else []
    return found


def _scatter(board: Board, word: str, value: Callable[[Row], float | None], *, logarithmic: bool) -> Scatter | None:
    from markupsafe import Markup

    points = [
        (row, x, y) for row in board.rows if (x := value(row)) and (y := row.value(board.headline)) is not None
    ]  # fmt: skip
    if len(points) < 2:
        return None
    left, right, ticks = _across([x for _, x, _ in points], logarithmic=logarithmic)
    own = points[0][0].estimates[board.headline]
    bottom, top = axis(own.unit, [y for _, _, y in points])
    line = Markup('<line class="axis" x1="0" x2="100%" y1="{0}%" y2="{0}%"/>')
    marks = [line.format(y) for y in (0, 25, 50, 75, 100)]
    for row, x, y in points:
        place = 100 * ((log10(x) if logarithmic else x) - left) / (right - left)
        height = 100 - 100 * (y - bottom) / (top - bottom)
        shape = Markup(SHAPES[KINDS[row.kind]])  # noqa: S704 - ours
        mark = Markup('<g class="{}"><svg class="mark" x="{:.2f}%" y="{:.2f}%">{}<title>{}</title></svg></g>').format(
            KINDS[row.kind], place, height, shape, f"{visible(row.name)}: {y:.1f}"
        )
        marks.append(Markup('<a href="m/{}.html" tabindex="-1">{}</a>').format(row.page, mark) if row.page else mark)
    up = tuple((f"{bottom + (top - bottom) * n / 4:g}", 25.0 * n) for n in range(5))
    return Scatter(word, Markup("").join(marks), ticks, up)


def _across(values: Sequence[float], *, logarithmic: bool) -> tuple[float, float, tuple[tuple[str, float], ...]]:
    """Ends of the axis across, and its ticks."""
    steps = [base * 10**power for power in range(-3, 6) for base in (1, 2, 5)]
    if not logarithmic:
        _, right = axis("", values)
        step = next((step for step in steps if right / step <= 6), right)
        return (
            0.0,
            right,
            tuple((f"{step * n:g}", round(100 * step * n / right, 2)) for n in range(int(right / step) + 1)),
        )
    left, right = log10(min(values)) - 0.1, log10(max(values)) + 0.1
    ticks = [(step, 100 * (log10(step) - left) / (right - left)) for step in steps]
    return left, right, tuple((f"{step:g}", round(at, 2)) for step, at in ticks if 0 <= at <= 100)
