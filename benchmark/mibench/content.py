"""Where the content rooms lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path


def room(name: str) -> Path:
    """The folder of a content room, `tasks` or `judges`: the checkout's if there is one, else the wheel's copy."""
    package = Path(__file__).resolve().parent
    checkout = package.parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    return package / "rooms" / name
