"""A page a dialogue: the authored talk, and beside each reply of it what the models said in the same place."""

from collections.abc import Sequence

from mibench.publishing.site.boards import Board
from mibench.publishing.site.pages import SitePage
from mibench.suites import Suite

OPEN = 3
"""Models whose replies are shown at first."""


def dialogue_pages(suite: Suite, boards: Sequence[Board]) -> list[SitePage]:
    """`d/<suite>/<dialogue>.html` for each dialogue. `boards`: those of the suite in its current text."""
    rows = [(board, row) for board in boards for row in board.rows if row.page]
    rows.sort(key=lambda one: one[1].kind == "reference")  # the authored replies stand there anyway
    names = [dialogue.id for dialogue in suite.dialogues]
    return [
        SitePage(
            f"d/{suite.name}/{dialogue.id}.html", (dialogue.id, dialogue.id), "site/dialogue.html.jinja",
            {
                "dialogue": dialogue, "suite": suite.name, "rows": rows, "several": len(boards) > 1, "opened": OPEN,
                "before": names[number - 1] if number else None,
                "after": names[number + 1] if number + 1 < len(names) else None,
            },
        )
        for number, dialogue in enumerate(suite.dialogues)
    ]  # fmt: skip
