"""A reliability curve as SVG text: the judge's shares against the people's, in tenths."""

from typing import TYPE_CHECKING

from mibench.schema import Calibration

if TYPE_CHECKING:
    from markupsafe import Markup

SIDE, LEFT, TOP, FOOT = 240, 40, 10, 34


def reliability_curve(label: str, calibration: Calibration) -> "Markup":
    """Points on the diagonal are a judge that means what it says; the larger a point, the more items lie there."""
    from markupsafe import Markup, escape

    def x(share: float) -> float:
        return round(LEFT + SIDE * share, 1)

    def y(share: float) -> float:
        return round(TOP + SIDE * (1 - share), 1)

    points = [(b.judge, b.people, b.items) for b in calibration.curve if b.judge is not None and b.people is not None]
    most = max((items for _, _, items in points), default=1)
    marks = [f'<rect class="frame" x="{x(0)}" y="{y(1)}" width="{SIDE}" height="{SIDE}"/>']
    marks += [f'<line class="ideal" x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}"/>']
    path = " ".join(f"{x(judge)},{y(people)}" for judge, people, _ in points)
    marks.append(f'<polyline class="own" points="{path}"/>')
    for judge, people, items in points:
        radius = round(2.5 + 6 * (items / most) ** 0.5, 1)
        marks.append(
            f'<circle class="own" cx="{x(judge)}" cy="{y(people)}" r="{radius}"><title>judge {judge:.2f}, people {people:.2f}, {items} items'
            "</title></circle>"
        )
    for tick in (0, 0.5, 1):
        marks.append(f'<text x="{x(tick)}" y="{y(0) + 17}" text-anchor="middle">{tick:g}</text>')
        marks.append(f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    marks.append(f'<text x="{x(0.5)}" y="{y(0) + 30}" text-anchor="middle">share by the judge</text>')
    middle = y(0.5)
    marks.append(
        f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">share of coders</text>'
    )
    said = ", ".join(f"{judge:.2f} to {people:.2f} ({items} items)" for judge, people, items in points)
    return Markup(  # noqa: S704 - the label is escaped, the rest is numbers
        f'<svg viewBox="0 0 {LEFT + SIDE + 12} {TOP + SIDE + FOOT}" role="img" aria-label="{escape(label)}: share by the judge to '
        f'share of coders: {said}">{"".join(marks)}</svg>'
    )
