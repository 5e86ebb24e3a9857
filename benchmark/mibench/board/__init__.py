"""Submissions to the leaderboard: runs are bundled, submissions checked and judged again. The command line calls the same."""

from mibench.board.bundling import Guess, bundle, guess, submission_folders, submission_of, submissions_folder
from mibench.board.checking import check, check_all, record_check, shelf
from mibench.board.rejudging import rejudge
from mibench.board.versions import shipping_version

__all__ = [
    "Guess",
    "bundle",
    "check",
    "check_all",
    "guess",
    "record_check",
    "rejudge",
    "shelf",
    "shipping_version",
    "submission_folders",
    "submission_of",
    "submissions_folder",
]
