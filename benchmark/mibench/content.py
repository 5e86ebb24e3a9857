"""Where the content rooms lie: beside the package in a checkout, inside it in a wheel."""

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def room(name: str) -> Path:
    """The folder of a content room, `tasks` or `judges`: the checkout's if there is one, else the wheel's copy."""
    checkout = PACKAGE.parents[1]
    if in_checkout() and (checkout / name).is_dir():
        return checkout / name
    return PACKAGE / "rooms" / name


def in_checkout() -> bool:
    """Whether the package lies in a checkout, whose rooms may be written to, and not in a wheel."""
    return (PACKAGE.parents[1] / "pyproject.toml").is_file()


def judge_folder(judge: str) -> Path:
    """The folder in `judges` of a judge by its name in ratings: `panel` for `panel+logprobs:openai/gpt-4.1`."""
    return room("judges") / re.split(r"[:+]", judge, maxsplit=1)[0]


def slug(judge: str) -> str:
    """A judge's name as part of a path: `panel-openai-gpt-4.1`."""
    return re.sub(r"[^\w.+-]+", "-", judge)
