"""`mibench leaderboard`."""

from pathlib import Path

import click


@click.group()
def leaderboard() -> None:
    """The leaderboard as a static site: complete HTML that opens from a folder, without a server or a network."""


@leaderboard.command()
@click.option(
    "-o", "--out", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the site. A site that lies there is replaced; anything else is left alone.",
)  # fmt: skip
@click.option(
    "--submissions", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of submissions. Default: leaderboard/submissions of the checkout.",
)  # fmt: skip
def build(out: Path, submissions: Path | None) -> int:
    """Build the site from the submissions: the same bytes for the same submissions.

    A submission that cannot be read, or whose scores do not follow from its ratings, is left out and named; then the exit
    code is 3.

    \b
    mibench leaderboard build -o site
    """
    from mibench.board.site import build_site
    from mibench.cli.screen import progress

    with progress() as tell:
        built = build_site(out, submissions, progress=tell)
    for name, why in built.left_out.items():
        click.echo(f"left out: {name}: {why}", err=True)
    click.echo(f"{built.pages} pages of {built.submissions} submissions: {out / 'index.html'}")
    return 3 if built.left_out else 0


@leaderboard.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option(
    "--submissions", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of submissions. Default: leaderboard/submissions of the checkout.",
)  # fmt: skip
def serve(port: int, submissions: Path | None) -> None:
    """Build the site, show it on 127.0.0.1 and build it again when a submission changes, until Ctrl-C.

    \b
    mibench leaderboard serve
    """
    from mibench.cli.serving import serve_site

    serve_site(port, submissions, click.echo)
