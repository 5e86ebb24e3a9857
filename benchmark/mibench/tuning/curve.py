"""The loss curve as SVG text: no plotting library."""

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 320, 48, 96, 16, 40

STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#555}.grid{stroke:#ddd}.train{stroke:#8aa;fill:none}"
    ".valid{stroke:#c40;fill:none;stroke-width:2}.dot{fill:#c40}"
    "@media(prefers-color-scheme:dark){text{fill:#bbb}.grid{stroke:#444}}"
)


def loss_curve(history: Sequence[Mapping[str, Any]]) -> str:
    """Training loss (thin) and validation loss (points) over steps, nats a token; the lowest validation loss is marked."""
    train = [(entry["step"], float(entry["loss"])) for entry in history if "loss" in entry]
    valid = [(entry["step"], float(entry["eval_loss"])) for entry in history if "eval_loss" in entry]
    points = train + valid
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"/>\n'
    last = max(step for step, _ in points)
    low, high = floor(min(loss for _, loss in points) * 2) / 2, ceil(max(loss for _, loss in points) * 2) / 2
    high = max(high, low + 0.5)

    def place(step: float, loss: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * step / last
        y = TOP + (HEIGHT - TOP - BOTTOM) * (high - loss) / (high - low)
        return f"{x:.1f},{y:.1f}"

    marks = []
    for number in range(5):
        loss = low + (high - low) * number / 4
        x, _, y = place(0, loss).partition(",")
        marks.append(f'<line class="grid" x1="{x}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        marks.append(f'<text x="{LEFT - 6}" y="{float(y) + 4:.1f}" text-anchor="end">{loss:.2f}</text>')
    marks.append(f'<text x="{LEFT}" y="{HEIGHT - 16}">0</text>')
    marks.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 16}" text-anchor="end">{last} steps</text>')
    for name, line, word in (("train", train, "training"), ("valid", valid, "validation")):
        if line:
            marks.append(f'<polyline class="{name}" points="{" ".join(place(*point) for point in line)}"/>')
            x, _, y = place(*line[-1]).partition(",")
            shift = 14 if name == "train" and valid and abs(line[-1][1] - valid[-1][1]) < (high - low) / 16 else 4
            marks.append(f'<text x="{float(x) + 6:.1f}" y="{float(y) + shift:.1f}">{word}</text>')
    title = f"Loss over {last} steps"
    if valid:
        step, loss = min(valid, key=lambda point: point[1])
        x, _, y = place(step, loss).partition(",")
        marks.append(f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>')
        marks.append(f'<text x="{x}" y="{float(y) - 8:.1f}" text-anchor="middle">{loss:.3f}</text>')
        title += f"; validation lowest at step {step}: {loss:.3f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>{title}</title>'
        f"<style>{STYLE}</style>{''.join(marks)}</svg>\n"
    )
