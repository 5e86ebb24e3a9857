"""JSON out of what a model said."""

import json
from typing import Any


def last_object(text: str) -> dict[str, Any] | None:
    """The last JSON object at the top level of a text, whatever stands around it; None if there is none.

    Control characters inside strings are tolerated; an object that is cut off is none.
    """
    decoder = json.JSONDecoder(strict=False)
    found: dict[str, Any] | None = None
    place = text.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place = text.find("{", place + 1)
            continue
        if isinstance(value, dict):
            found = value
        place = text.find("{", end)
    return found
