"""Submissions → the leaderboard's site: which rows stand together, which pages and files are written."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from mibench import __version__
from mibench.api import Progress, silent
from mibench.board.bundling import submissions_folder
from mibench.board.site_judges import judge_sheets
from mibench.board.site_reading import Entered, content_of, downloads, entered, subjects_of, suite_of, sums_of
from mibench.errors import UsageError
from mibench.publishing.site import SitePage, judges_page, prose_pages, write_site
from mibench.publishing.site.boards import Board, Rank, people_rows, scores_row
from mibench.publishing.site.comparing import compare_page, draws_file, sums_file
from mibench.publishing.site.dialogues import dialogue_pages
from mibench.publishing.site.leaderboard import Change, board_files, leaderboard_page
from mibench.publishing.site.models import Showing, model_page
from mibench.publishing.site.transcripts import dialogue_files, transcript_files
from mibench.records.submission import SubmissionFolder
from mibench.scoring import Draws
from mibench.scoring.board import places
from mibench.scoring.compare import HEADLINE
from mibench.scoring.estimates import metrics_for
from mibench.submitting.versions import load_versions
from mibench.suites import Suite, human_rows, load_suite

HOW = Draws(10_000, 0)
"""Resamples and arrangements, as `mibench compare` draws them unless told otherwise."""
ENOUGH = 24
"""Submissions from which on they are read on all cores."""
PEOPLE_SPEAK = "en"
"""Language of the sessions behind the people's rows: they stand on the boards of this language."""


T = TypeVar("T")
R = TypeVar("R")


class Built(NamedTuple):
    """What was written."""

    pages: int
    submissions: int
    left_out: dict[str, str]
    """Submission, or its run on a suite → why it is not on the site."""


class Stand(NamedTuple):
    """A board and the runs on it, page by page."""

    board: Board
    runs: dict[str, Entered]


def build_site(out: Path, submissions: Path | None = None, *, progress: Progress = silent) -> Built:
    """Write the site of all `submissions` (default: those of the checkout) into `out`: the same bytes for the same input.

    Raises UsageError where there is no such folder, or `out` holds something else than a site.
    """
    folders = submission_folders(submissions)
    runs: list[Entered] = []
    left_out: dict[str, str] = {}
    for done, (found, faults) in enumerate(_spread(entered, folders), 1):
        runs += found
        left_out |= faults
        progress("submissions", done, len(folders), "")
    stands = _stands(runs)
    suites = _suites(runs)
    pages = _pages(stands, suites)
    named = sorted({run.page for run in runs})
    newest = max((run.submission.date for run in runs), default="–")
    total = len(pages) + len(named)
    count = write_site(
        out, (*pages, *_model_pages(stands, suites)), navigation=pages, footing=(__version__, len(named), newest),
        files=_files(stands, suites, progress), on_page=lambda done: progress("pages", done, total, ""),
    )  # fmt: skip
    return Built(count, len(named), left_out)


def submission_folders(submissions: Path | None) -> list[SubmissionFolder]:
    """The submissions in the folder, by name."""
    home = submissions_home(submissions)
    if not home.is_dir():
        raise UsageError(f"There is no folder {home}. Name the folder of submissions: --submissions DIR.")
    return [SubmissionFolder(path.parent) for path in sorted(home.glob("*/submission.yaml"))]


def submissions_home(submissions: Path | None) -> Path:
    """Where the submissions lie: `submissions`, or where bundles go."""
    return submissions or submissions_folder()


def _stands(runs: Sequence[Entered]) -> list[Stand]:
    """A board for each version, suite and scores digest. A run no check has seen yet stands with those of its digest."""
    versions = {(run.suite, run.scores.digest): run.version for run in runs if run.version}
    groups: dict[tuple[str, str, str], list[Entered]] = {}
    for run in runs:
        version = run.version or versions.get((run.suite, run.scores.digest), "")
        groups.setdefault((run.suite, version, run.scores.digest), []).append(run)
    order = sorted(groups, key=lambda key: (-len(groups[key]), key))
    order.sort(key=lambda key: key[1], reverse=True)  # the newest version first
    found: list[Stand] = []
    for suite, version, digest in order:
        found.append(_stand(suite, version, digest, groups[suite, version, digest]))
    return found


def _stand(suite: str, version: str, digest: str, runs: Sequence[Entered]) -> Stand:
    rates = runs[0].scores.rates
    headline = next(metric for metric in metrics_for(rates) if metric.name in HEADLINE)
    names = {run.page: run.submission.name for run in runs}
    ranked = places({run.page: run.sheet for run in runs if run.submission.kind == "model"}, headline, HOW)
    rows = [scores_row(run.page, run.submission, run.standing, run.scores, run.asked) for run in runs]
    models = [
        row._replace(rank=Rank(place.first, place.last, place.group, names[place.anchor]))
        for page, place in ranked.items() for row in rows if row.page == page
    ]  # fmt: skip
    others = sorted(
        (row for row in rows if row.page not in ranked), key=lambda row: (-(row.value(headline.name) or 0), row.page)
    )
    language = runs[0].language
    people = people_rows(human_rows()) if language == PEOPLE_SPEAK else ()
    judge = runs[0].scores.judge
    board = Board(
        f"{suite}-{digest[:8]}", version, suite, language, judge, digest, headline.name, (*models, *others, *people),
        runs[0].current,
    )  # fmt: skip
    return Stand(board, {run.page: run for run in runs})


def _suites(runs: Sequence[Entered]) -> dict[str, Suite]:
    """The suites of current runs, by name."""
    return {name: load_suite(name) for name in sorted({run.suite for run in runs if run.current})}


def _pages(stands: Sequence[Stand], suites: dict[str, Suite]) -> list[SitePage]:
    """All pages but the models'; those with a key of navigation stand at the head of every page, in this order."""
    boards = [stand.board for stand in stands]
    known = metrics_for(("reply", "dialogue", "risk"))
    metrics = [
        {"name": m.name, "unit": m.unit, "better": m.better, "over": m.over, "under": m.under, "scale": m.scale}
        for name in HEADLINE for m in known if m.name == name
    ]  # fmt: skip
    return [
        leaderboard_page(boards, _changes(stands)),
        compare_page(boards, metrics),
        judges_page(
            judge_sheets(), [(run.submission.name, run.scores) for stand in stands for run in stand.runs.values()]
        ),
        *prose_pages(load_versions().versions),
        *(
            page
            for name, suite in suites.items()
            for page in dialogue_pages(suite, [board for board in boards if board.suite == name and board.current])
        ),
    ]


def _changes(stands: Sequence[Stand]) -> list[Change]:
    """Newest first: what came, and what a check by another hand has found since."""
    suites: dict[str, list[str]] = {}
    for stand in stands:
        for page in stand.runs:
            suites.setdefault(page, []).append(stand.board.suite)
    rows = {row.page: row for stand in stands for row in stand.board.rows if row.page}
    runs = {page: run for stand in stands for page, run in stand.runs.items()}
    found = [Change(run.submission.date, "came", rows[page], tuple(suites[page])) for page, run in runs.items()]
    found += [
        Change(run.checked.date[:10], f"now.{run.standing}", rows[page], tuple(suites[page]))
        for page, run in runs.items() if run.checked and run.standing != "self-reported"
    ]  # fmt: skip
    return sorted(sorted(found, key=lambda change: change.row.page), key=lambda change: change.date, reverse=True)


def _model_pages(stands: Sequence[Stand], suites: dict[str, Suite]) -> Iterator[SitePage]:
    """One at a time: each reads its runs again, so that not all of them are in memory."""
    people = human_rows()
    by_page: dict[str, list[tuple[Board, Entered]]] = {}
    for stand in stands:
        for page, run in stand.runs.items():
            by_page.setdefault(page, []).append((stand.board, run))
    for page in sorted(by_page):
        showings = []
        for board, run in by_page[page]:
            row = next(row for row in board.rows if row.page == page)
            suite = suites[run.suite] if run.current else None
            showings.append(Showing(board, row, run.manifest, run.run.scores(), run.run.replies(), suite))
        first = by_page[page][0][1]
        files = [name for name, _ in downloads(first.folder)]
        rejudged = first.checked.rejudged if first.checked else ()
        yield model_page(page, first.submission, first.folder.id, showings, rejudged, people, files)


def _files(stands: Sequence[Stand], suites: dict[str, Suite], progress: Progress) -> Iterator[tuple[str, str | bytes]]:
    for suite in suites.values():
        yield from dialogue_files(suite)
    for dialogues in sorted({len(set(run.sheet.dialogues)) for stand in stands for run in stand.runs.values()} - {0}):
        yield draws_file(dialogues, *HOW)
    folders: dict[str, SubmissionFolder] = {}
    for stand in stands:
        yield from board_files(stand.board)
        rated = subjects_of([run.sheet for run in stand.runs.values()])
        for page, run in stand.runs.items():
            yield sums_file(stand.board.id, page, sums_of(run.sheet, rated))
            folders[page] = run.folder
    current = [run for stand in stands for run in stand.runs.values() if run.current]
    for done, files in enumerate(_spread(_transcripts, current), 1):
        yield from files
        progress("dialogues to read", done, len(current), "")
    for page, folder in folders.items():
        yield from ((f"f/{page}/{name}", content_of(name, path)) for name, path in downloads(folder))


def _transcripts(run: Entered) -> list[tuple[str, str | bytes]]:
    return list(transcript_files(run.page, suite_of(run.suite), run.run.replies(), list(run.scored_ratings())))


def _spread(work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """`work` on each item, in their order; on all cores where there is enough of it to pay for starting them."""
    if len(items) < ENOUGH or (cores := os.cpu_count() or 1) == 1:
        yield from map(work, items)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(cores) as pool:
        yield from pool.map(work, items, chunksize=4)
