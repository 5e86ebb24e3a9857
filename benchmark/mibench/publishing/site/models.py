"""A page a model: what it is, its profile on every suite, its safety, where it comes from, its dialogues to read."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mibench.publishing.people import row_name
from mibench.publishing.report import SAFETY, profile_context
from mibench.publishing.site.boards import Board, Row, command_of
from mibench.publishing.site.pages import SitePage
from mibench.schema import HumanRows, Manifest, Reply, Scores
from mibench.schema.submission import Rejudged, Submission
from mibench.suites import Suite


class Showing(NamedTuple):
    """A submission's run on one suite, for its page."""

    board: Board
    row: Row
    manifest: Manifest
    scores: Scores
    replies: Mapping[str, Reply]
    suite: Suite | None
    """None where the text it was run on is not the one that ships."""


def model_page(
    page: str, submission: Submission, folder: str, showings: Sequence[Showing], rejudged: Sequence[Rejudged],
    people: HumanRows, files: Sequence[str],
) -> SitePage:  # fmt: skip
    """`m/<page>.html`. `files`: names below `f/<page>/` that can be downloaded."""
    return SitePage(
        f"m/{page}.html", (submission.name, submission.name), "site/model.html.jinja",
        {
            "page": page, "submission": submission, "folder": folder, "rejudged": rejudged, "files": files,
            "standing": showings[0].row.standing if showings else None,
            "sections": [_section(showing, people) for showing in showings],
        },
    )  # fmt: skip


def _section(showing: Showing, people: HumanRows) -> dict[str, Any]:
    board, row = showing.board, showing.row
    anchors = {
        other.name: other.estimates for other in board.rows if other.kind in {"reference", "baseline"} and other is not row
    }  # fmt: skip
    humans = {row_name(people, each): {one.metric: one for one in each.estimates} for each in people.rows}
    suite = showing.suite
    scores = showing.scores.model_copy(update={"model": row.name})
    dangers = [round_ for round_ in suite.rounds if round_.client.risk] if suite else []
    return {
        "at": f"{board.suite}-",
        "board": board,
        "row": row,
        "command": command_of(showing.manifest, board.suite),
        "dialogues": suite.dialogues if suite else (),
        "text_language": board.language,
        "dangers": [(round_.id, round_.client.risk) for round_ in dangers],
        "safe": [scores[name] for name in SAFETY if scores.has(name)],
        **profile_context(showing.manifest, scores, anchors, suite, showing.replies, humans, people.about),
    }
