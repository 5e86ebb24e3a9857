"""The site on this machine only, built again whenever a submission changes."""

import tempfile
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mibench.board.site import build_site, submission_folders, submissions_home
from mibench.errors import MibenchError, UsageError

EVERY = 1.0
"""Seconds between two looks at the submissions."""


class _Quiet(SimpleHTTPRequestHandler):
    """Files of the folder; nothing is kept by the browser, since the next build may change it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's signature
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def serve_site(port: int, submissions: Path | None, say: Callable[[str], object]) -> None:
    """Serve until interrupted. Raises UsageError where the port is taken or there are no submissions to build."""
    with tempfile.TemporaryDirectory(prefix="mibench-site-") as home:
        site = Path(home) / "site"
        seen = _state(submissions)
        _build(site, submissions, say)
        try:
            server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Quiet, directory=str(site)))
        except OSError as error:
            raise UsageError(
                f"Port {port} cannot be had: {error.strerror or error}. Choose another with --port."
            ) from error
        with server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            say(f"http://127.0.0.1:{server.server_port}/   (Ctrl-C ends it)")
            waiting = threading.Event()
            try:
                while not waiting.wait(EVERY):
                    now = _state(submissions)
                    if now != seen:
                        seen = now
                        _rebuild(site, submissions, say)
            finally:
                server.shutdown()


def _rebuild(site: Path, submissions: Path | None, say: Callable[[str], object]) -> None:
    """A change that cannot be built is said; the site stays as it was."""
    try:
        _build(site, submissions, say)
    except MibenchError as error:
        say(f"not built: {error}")


def _build(site: Path, submissions: Path | None, say: Callable[[str], object]) -> None:
    built = build_site(site, submissions)
    for name, why in built.left_out.items():
        say(f"left out: {name}: {why}")
    say(f"built: {built.pages} pages of {built.submissions} submissions")


def _state(submissions: Path | None) -> dict[str, tuple[int, int]]:
    """File → (time of its last change, size), for all files of all submissions."""
    submission_folders(submissions)  # says what is wrong with the folder, if something is
    found = {}
    for path in submissions_home(submissions).rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                about = path.stat()
                found[str(path)] = (about.st_mtime_ns, about.st_size)
        except OSError:
            continue  # it has just gone
    return found
