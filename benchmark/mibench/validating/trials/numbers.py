"""How a trial's numbers are written, in tables and on the page."""

from mibench.schema import Figure


def two(value: float | None) -> str:
    """`.74`, `−.08`, or a dash where undefined: as papers write coefficients."""
    if value is None:
        return "–"
    text = f"{abs(value):.2f}"
    return ("−" if round(value, 2) < 0 else "") + (text.removeprefix("0") if abs(value) < 0.995 else text)


def ends(figure: Figure) -> str:
    """The interval, or a dash."""
    return "–" if figure.low is None or figure.high is None else f"{two(figure.low)}–{two(figure.high)}"


def amount(value: float | None, unit: str) -> str:
    """A value of a session's measure, with the digits its unit deserves."""
    if value is None:
        return "–"
    text = f"{abs(value):.1f}" if unit in ("%", "0–100", "items") else f"{abs(value):.2f}"
    return ("−" if value < 0 and float(text) else "") + text


def probability(p: float | None) -> str:
    """A p-value."""
    return "–" if p is None else "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")
