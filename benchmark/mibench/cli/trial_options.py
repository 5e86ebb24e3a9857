"""Options of the commands that try a judge: how many sessions, and the draws."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def trial_options(command: F) -> F:
    """Add --limit, --seed and --draws."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--limit", type=click.IntRange(min=1),
        help="Of each corpus, whole sessions drawn by --seed until they hold N items: to spend less.",
    ),
    click.option(
        "--seed", type=int, default=0, show_default=True,
        help="Seed of the draw of sessions, of resamples and of half panels.",
    ),
    click.option(
        "--draws", type=click.IntRange(min=100), default=1000, show_default=True,
        help="Bootstrap resamples of groups, e.g. videos.",
    ),
)  # fmt: skip
