"""The page that compares any two models of a board, and the numbers its script does it with.

The script computes what `mibench compare` does: the same resamples of dialogues, BCa intervals, swapped dialogues. The
resamples depend on nothing but the number of dialogues, so all boards share them.
"""

import base64
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

from mibench.measures.bootstrap import draw_counts, expanded_tail
from mibench.measures.paired import draw_swaps
from mibench.publishing.site.boards import Board
from mibench.publishing.site.pages import SitePage, script_data, script_json

if TYPE_CHECKING:
    import numpy as np


class Sums(NamedTuple):
    """A run's numbers, dialogue by dialogue."""

    dialogues: Sequence[str]
    columns: Sequence[str]
    table_D_K: "np.ndarray"
    """Array (dialogues, columns)."""
    lacking: Sequence[tuple[str, str]]
    """(what is rated, id) of subjects that other runs of the board have rated and this one has not."""
    holes: Sequence[tuple[str, str, str, Sequence[float]]]
    """(what is rated, id, dialogue, row of numbers) of its subjects that some other run of the board lacks."""


def compare_page(boards: Sequence[Board], metrics: Sequence[dict[str, Any]]) -> SitePage:
    """`compare.html`. `metrics`: what can be compared, as the script takes it."""
    listed = [
        {
            "id": board.id, "suite": board.suite, "judge": board.judge, "version": board.version,
            "rows": [[row.page, row.name, row.organisation, row.kind] for row in board.rows if row.page],
        }
        for board in boards
    ]  # fmt: skip
    return SitePage(
        "compare.html", ("Compare two models", "比较两个模型"), "site/compare.html.jinja",
        {"boards": boards, "listed": script_json({"boards": listed, "metrics": list(metrics)})},
        navigation="nav_compare",
    )  # fmt: skip


def sums_file(board: str, page: str, sums: Sums) -> tuple[str, str]:
    """(path, content) of a run's numbers, every one as exact as it is here."""
    path = f"n/{board}/{page}"
    kept = [n for n in range(len(sums.columns)) if sums.table_D_K[:, n].any()]
    value = {
        "dialogues": list(sums.dialogues),
        "columns": {sums.columns[n]: [_short(cell) for cell in sums.table_D_K[:, n].tolist()] for n in kept},
        "lacking": [f"{rates} {id_}" for rates, id_ in sums.lacking],
        "holes": {
            f"{rates} {id_}": [dialogue, {sums.columns[n]: _short(row[n]) for n in range(len(row)) if row[n]}]
            for rates, id_, dialogue, row in sums.holes
        },
    }
    return f"{path}.js", script_data(path, value)


def draws_file(dialogues: int, draws: int, seed: int) -> tuple[str, str]:
    """(path, content) of the resamples and swaps of so many dialogues: how often each is drawn, half a byte each, by rows."""
    import numpy as np

    counts = draw_counts(dialogues, draws, seed).astype(np.uint8).ravel()
    wide = bool(counts.max() > 15)  # one in 10^15 resamples of forty dialogues
    pairs = np.append(counts, np.zeros(len(counts) % 2, np.uint8)).reshape(-1, 2)
    packed = counts.tobytes() if wide else (pairs[:, 0] * 16 + pairs[:, 1]).astype(np.uint8).tobytes()
    swaps = draw_swaps(dialogues, draws, seed).astype(np.uint8)
    tail = NormalDist().inv_cdf(expanded_tail(dialogues))
    value = {
        "draws": draws, "arrangements": len(swaps), "tail": tail, "wide": wide,
        "counts": base64.b64encode(packed).decode(),
        "swaps": base64.b64encode(np.packbits(swaps.ravel()).tobytes()).decode(),
    }  # fmt: skip
    path = f"n/draws-{dialogues}"
    return f"{path}.js", script_data(path, value)


def _short(number: float) -> float | int:
    return int(number) if number == int(number) else number
