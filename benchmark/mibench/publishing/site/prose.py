"""Pages of text: what people wrote in Markdown, in both languages, set as it stands."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mibench.content import room
from mibench.errors import UsageError
from mibench.publishing.site.pages import SitePage
from mibench.schema.version import PublishedVersion

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markupsafe import Markup

PAGES: dict[str, tuple[str, str]] = {
    "about": ("leaderboard/pages", "nav_about"),
    "methods": ("docs", "nav_methods"),
    "submit": ("leaderboard/pages", "nav_submit"),
    "changelog": ("leaderboard/pages", "nav_changelog"),
}
"""Page → the room in which `<page>.md` (English) and `<page>.zh.md` (Chinese) lie, and its place in the navigation."""

_WIDE = r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef]"
_STOP = r"[，。；：、？！（）“”]"


class Prose(NamedTuple):
    """A text in one language."""

    title: str
    """Its first heading, as plain text."""
    body: "Markup"
    """HTML, the first heading included."""
    contents: tuple[tuple[str, str], ...]
    """(id, heading) of each part."""


def prose_pages(versions: Sequence[PublishedVersion] = ()) -> list[SitePage]:
    """The pages of text, in the order of the navigation; the changelog ends with the digests of `versions`.

    Raises UsageError where a text is missing or does not begin with a heading.
    """
    return [_page(name, *place, versions if name == "changelog" else ()) for name, place in PAGES.items()]


def _page(name: str, folder: str, navigation: str, versions: Sequence[PublishedVersion]) -> SitePage:
    english, chinese = (prose(room(folder) / f"{name}{ending}") for ending in (".md", ".zh.md"))
    texts = (("en", "en", english), ("zh", "zh-CN", chinese))
    return SitePage(
        f"{name}.html",
        (english.title, chinese.title),
        "site/prose.html.jinja",
        {"texts": texts, "versions": versions},
        navigation,
    )


def prose(path: Path) -> Prose:
    """A Markdown file as HTML; HTML in it is shown, not obeyed. Raises UsageError if it is missing or does not begin with a heading."""
    from markupsafe import Markup

    if not path.is_file():
        raise UsageError(f"The site needs the text {path}, which is not there.")
    tokens = _markdown().parse(path.read_text(encoding="utf-8"))
    heads = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    if not heads or heads[0] != 0 or tokens[0].tag != "h1":
        raise UsageError(f"{path} does not begin with a heading: expected “# …” in its first line.")
    contents = []
    for place in heads[1:]:
        text = _plain(tokens[place + 1].content)
        tokens[place].attrSet("id", _slug(text))
        if tokens[place].tag == "h2":
            contents.append((_slug(text), text))
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    return Prose(_plain(tokens[1].content), Markup(_scrolling(_unspaced(html))), tuple(contents))  # noqa: S704  the renderer escapes


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "smartquotes"])


def _unspaced(html: str) -> str:
    """Without the line breaks of the source between Chinese letters, which a browser would show as spaces.

    Nor the space that Markdown wants between bold words that end in a stop and what follows.
    """
    html = re.sub(rf"(?<={_WIDE})\n(?={_WIDE}|<(?:a|code|em|strong)[ >])|(?<={_STOP})\n(?=\S)|\n(?={_STOP})", "", html)
    return re.sub(rf"(?<={_STOP}</strong>)\s", "", html)


def _scrolling(html: str) -> str:
    """Wide tables and long commands scroll by themselves, by keyboard too."""
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    return html.replace("<pre>", '<pre tabindex="0">')


def _plain(markdown: str) -> str:
    return re.sub(r"[`*_]", "", markdown)


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[\w%]+", text.lower()))
