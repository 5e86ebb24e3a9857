"""Submissions → the leaderboard's site: what is read, what is computed of it, which pages are written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mibench import __version__
from mibench.api import Progress, silent
from mibench.content import room
from mibench.errors import UsageError
from mibench.publishing.site import SitePage, judges_page, prose_pages, write_site
from mibench.records.submission import SubmissionFolder
from mibench.schema.submission import Submission
from mibench.site_judges import judge_sheets
from mibench.submitting.versions import load_versions


class Built(NamedTuple):
    """What was written."""

    pages: int
    submissions: int
    left_out: dict[str, str]
    """Submission → why it is not on the site."""


def build_site(out: Path, submissions: Path | None = None, *, progress: Progress = silent) -> Built:
    """Write the site of all `submissions` (default: those of the checkout) into `out`.

    Raises UsageError where there is no such folder, or `out` holds something else than a site.
    """
    folders = submission_folders(submissions)
    found = [folder.submission() for folder in folders]
    pages = site_pages(found)
    newest = max((each.date for each in found), default="–")
    count = write_site(
        out, pages, navigation=pages, footing=(__version__, len(found), newest),
        on_page=lambda done: progress("pages", done, len(pages), ""),
    )  # fmt: skip
    return Built(count, len(found), {})


def submission_folders(submissions: Path | None) -> list[SubmissionFolder]:
    """The submissions in the folder, by name."""
    home = submissions or room("leaderboard") / "submissions"
    if not home.is_dir():
        raise UsageError(f"There is no folder {home}. Name the folder of submissions: --submissions DIR.")
    return [SubmissionFolder(path.parent) for path in sorted(home.glob("*/submission.yaml"))]


def site_pages(found: Sequence[Submission]) -> list[SitePage]:
    """Every page of the site; those with a key of navigation stand at the head of each, in this order."""
    return list(_pages(found))


def _pages(found: Sequence[Submission]) -> Iterator[SitePage]:
    yield SitePage(
        "index.html", ("MI counselling leaderboard", "动机式访谈排行榜"), "site/index.html.jinja",
        {"submissions": found}, navigation="nav_table",
    )  # fmt: skip
    yield judges_page(judge_sheets())
    yield from prose_pages(load_versions().versions)
