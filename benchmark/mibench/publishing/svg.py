"""Pictures as SVG text: no library, no network, colours from the page."""

from collections.abc import Mapping
from math import ceil

from mibench.publishing.numbers import value_text
from mibench.schema import FAIR_AND_GOOD, Scores

WIDTH, LEFT, RIGHT, ROW, TOP = 560, 96, 64, 26, 8


def interval_plot(metric: str, everyone: Mapping[str, Scores]) -> str:
    """One metric of several models as points with 95 % intervals on one axis from 0; the first model stands out.

    Fair and Good thresholds are drawn where the manual sets them. The caller may trust the markup: names are escaped.
    """
    from markupsafe import Markup, escape

    found = {name: scores[metric] for name, scores in everyone.items()}
    top = _axis_end([e.high if e.high is not None else e.value for e in found.values()], FAIR_AND_GOOD.get(metric, ()))
    height = TOP + ROW * len(found) + 24
    first = next(iter(found.values()))

    def x(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(value, top) / top, 1)

    marks = []
    thresholds = zip(FAIR_AND_GOOD.get(metric, ()), (("Fair", "end"), ("Good", "start")), strict=False)
    for level, (name, side) in thresholds:
        marks.append(f'<line class="threshold" x1="{x(level)}" x2="{x(level)}" y1="{TOP}" y2="{height - 22}"/>')
        marks.append(f'<text class="tick" x="{x(level)}" y="{height - 8}" text-anchor="{side}">{name} {level:g}</text>')
    marks.append(f'<text class="tick" x="{LEFT}" y="{height - 8}" text-anchor="middle">0</text>')
    marks.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height - 22}" y2="{height - 22}"/>')
    for place, (name, estimate) in enumerate(found.items()):
        y = TOP + ROW * place + ROW / 2
        kind = "own" if place == 0 else "anchor"
        marks.append(
            f'<text class="{kind}" x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(_short(name))}</text>'
        )
        if estimate.value is None:
            marks.append(f'<text class="tick" x="{LEFT + 6}" y="{y + 4}">{escape(estimate.note)}</text>')
            continue
        if estimate.low is not None and estimate.high is not None:
            marks.append(
                f'<line class="interval {kind}" x1="{x(estimate.low)}" x2="{x(estimate.high)}" y1="{y}" y2="{y}"/>'
            )
        shape = (
            f'<circle class="{kind}" cx="{x(estimate.value)}" cy="{y}" r="5"/>'
            if place == 0
            else f'<rect class="{kind}" x="{x(estimate.value) - 4}" y="{y - 4}" width="8" height="8"/>'
        )
        marks.append(shape)
        marks.append(f'<text class="{kind}" x="{WIDTH - RIGHT + 10}" y="{y + 4}">{value_text(estimate)}</text>')
    title = f"{first.label}: " + ", ".join(f"{name} {value_text(estimate)}" for name, estimate in found.items())
    body = "".join(marks)
    return Markup(  # noqa: S704 - all names above are escaped
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">{body}</svg>'
    )


def _axis_end(values: list[float | None], thresholds: tuple[float, ...] | tuple[()]) -> float:
    largest = max([value for value in values if value is not None] + list(thresholds), default=1.0)
    if largest <= 0:
        return 1.0
    step = 10 ** (len(str(int(largest))) - 1) / 2 if largest >= 1 else 0.1
    return float(ceil(largest * 1.02 / step) * step)


def _short(name: str) -> str:
    return name if len(name) <= 13 else f"{name[:12]}…"
