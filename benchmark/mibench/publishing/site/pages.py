"""Pages of the site, and how they are written: each whole HTML in both languages, the same bytes for the same input."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mibench.errors import StorageError, UsageError
from mibench.publishing.page import by_language, render
from mibench.publishing.site.words import SITE

MARK = "assets/site.css"
"""The file by which a folder is known as a site that may be replaced."""
FIRST = """// Before anything is drawn: whether there are scripts, which colours the reader chose.
document.documentElement.className = "js";
try { document.documentElement.dataset.theme = localStorage.getItem("mibench-theme") || ""; } catch (_) { /* no storage */ }
"""
SCRIPTS = ("frame", "table", "reader", "measures", "compare")
"""Parts of the site's one script, in order."""


class SitePage(NamedTuple):
    """One page."""

    path: str
    """Below the site's folder, e.g. `methods.html` or `m/name.html`; `/` between its parts."""
    title: tuple[str, str]
    """English, Chinese."""
    template: str
    """Below publishing/templates, e.g. `site/methods.html.jinja`; it extends `site/base.html.jinja`."""
    context: Mapping[str, Any] = {}
    """What the template needs besides what all have: `root`, `navigation`, `here`, `footing`."""
    navigation: str = ""
    """Key of SITE by which the navigation of every page leads here; empty for pages that other pages lead to."""


def write_site(
    out: Path,
    pages: Iterable[SitePage],
    *,
    navigation: Iterable[SitePage],
    footing: tuple[object, ...],
    files: Iterable[tuple[str, str | bytes]] = (),
    on_page: Callable[[int], None] = lambda _: None,
) -> int:
    """Write the site, whole or not at all; returns how many pages it has.

    `pages` and `files` (path, content) are taken one at a time. `navigation`: those that every page leads to; `footing`:
    what fills the words `built_from`. Raises UsageError where `out` holds something else than a site.
    """
    if out.exists() and not (out / MARK).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} holds something else than a site, and is left alone. Name another folder.")
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    entries = [(page.path, page.navigation) for page in navigation if page.navigation]
    count = 0
    try:
        for path, content in (*_assets(), *files):
            _write(part / path, content)
        for page in pages:
            _write(part / page.path, page_text(page, entries, footing))
            count += 1
            on_page(count)
        if out.exists():
            shutil.rmtree(out)
        part.rename(out)
    except OSError as error:
        raise StorageError(f"Cannot write {out}: {error.strerror or error}. Name another folder.") from error
    return count


def page_text(page: SitePage, entries: Iterable[tuple[str, str]], footing: tuple[object, ...]) -> str:
    """The page as HTML. `entries`: (path, key of SITE) of what every page leads to."""
    return render(
        page.template, "en", lexicon=SITE, root="../" * page.path.count("/"), here=page.path, title=page.title,
        navigation=list(entries), footing=footing, **page.context,
    )  # fmt: skip


def script_data(name: str, value: Any) -> str:
    """A file that a page loads by inserting a script: it hands `value` over under `name`."""
    return f"mibench.take({script_json(name)},{script_json(value)});\n"


def script_json(value: Any) -> str:
    """`value` as JSON that no HTML parser ends early and no script reads as anything but data."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _assets() -> Iterable[tuple[str, str]]:
    yield MARK, render("site/site.css.jinja", "en", switched=True)
    yield "assets/first.js", FIRST
    yield "assets/words.js", f"window.mibench={{words:{script_json(by_language(SITE))}}};\n"
    here = Path(__file__).parent
    yield "assets/site.js", "".join((here / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
