"""How numbers are written, everywhere the same."""

from mibench.schema import Estimate

WHOLE = {"%", "% of replies", "% of risks", "characters", "0–100"}


def value_text(estimate: Estimate) -> str:
    """The point estimate, or a dash when it is undefined."""
    return "–" if estimate.value is None else number_text(estimate.value, estimate.unit)


def interval_text(estimate: Estimate) -> str:
    """`low – high`, or a dash where there is no interval."""
    if estimate.low is None or estimate.high is None:
        return "–"
    return f"{number_text(estimate.low, estimate.unit)} – {number_text(estimate.high, estimate.unit)}"


def coefficient_text(value: float | None) -> str:
    """An agreement coefficient as papers write it: `.74`, `−.08`, or a dash when undefined."""
    if value is None:
        return "–"
    text = f"{abs(value):.2f}"
    return ("−" if round(value, 2) < 0 else "") + (text.removeprefix("0"))


def number_text(value: float, unit: str) -> str:
    """A value on the scale of `unit`, with as many decimals as make sense there."""
    if unit in WHOLE:
        return f"{value:.1f}" if value < 100 or value % 1 else f"{value:.0f}"
    return f"{value:.2f}" if value < 100 else f"{value:.1f}"


def size_text(billions: float) -> str:
    """A model's parameters: `7 B`, `1.7 M`."""
    return f"{billions:g} B" if billions >= 0.1 else f"{billions * 1000:g} M"
