"""Tables that open right in Excel and its kin: UTF-8 with a byte-order mark, and no cell that runs as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as comma-separated text. Numbers stay numbers; None is an empty cell; words are made `harmless`."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def harmless(text: str) -> str:
    """Text that a spreadsheet will not run as a formula: models' words are not to be trusted."""
    text = text.replace("\x00", "\ufffd")
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
