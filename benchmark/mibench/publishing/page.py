"""What every page is made with: the templates, the words in two languages, numbers as text."""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from mibench.publishing import numbers
from mibench.publishing.comparison import p_text, signed_text
from mibench.publishing.inert import inert, visible
from mibench.publishing.reading import Reading
from mibench.publishing.reasons import Word, reason_of
from mibench.publishing.terms import KIND_OF, KINDS
from mibench.publishing.words import WORDS, Language
from mibench.schema import CODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment
    from markupsafe import Markup


LARGEST, PER_DIALOGUE = 1_000_000, 25_000
"""Bytes that a page may have: so many, or so many a dialogue where that is more."""
QUOTES = (8, 2, 1, 0)
"""How many quotes of each judge are shown for a reply: as many as the page has room for."""

_QUOTED = re.compile(r' ([a-z-]+)="([A-Za-z0-9_]+)"(?=[ >])')
"""An attribute that needs no quotes: a twentieth of a page of dialogues. Never in text, where quotes are escaped."""


class Lexicon(dict[str, tuple[str, str]]):
    """Key → (English, Chinese); told from others by what it is, so that what it says can be kept."""

    __hash__ = object.__hash__  # type: ignore[assignment]


SHARED = Lexicon(WORDS)
"""What pages say that are no part of the site."""


def render(template: str, language: Language, *, lexicon: Lexicon = SHARED, **context: Any) -> str:
    """The page as text. `language`: the one it opens in; it holds both, from `lexicon`."""
    page = _environment().get_template(template).render(
        language=language,
        t=_saying(language, "span", lexicon),
        s=lambda key, *filled: text_of(key, language, *filled, lexicon=lexicon),
        k=_marking(language, "data-t", lexicon),
        label=_marking(language, "aria-label", lexicon),
        has=lexicon.__contains__,
        lexicon=lexicon,
        **context,
    )  # fmt: skip
    return _QUOTED.sub(r" \1=\2", page)


def render_readings(template: str, language: Language, readings: Sequence[Reading], **context: Any) -> str:
    """A page with dialogues to read: with all the words that judges quoted, or with fewer where it would grow too large."""
    largest = max(LARGEST, PER_DIALOGUE * len(readings))
    meaning = any(
        o.rating.added_meaning for r in readings for turn in r.turns for a in turn.answers for o in a.opinions
    )
    for quotes in QUOTES:
        page = render(template, language, readings=readings, quotes=quotes, any_meaning=meaning, **context)
        if len(page.encode()) <= largest:
            break
    return page


def by_language(lexicon: Lexicon) -> dict[str, dict[str, str]]:
    """Language → key → words: what a page's script speaks from."""
    return {name: {key: pair[n] for key, pair in lexicon.items()} for n, name in enumerate(("en", "zh"))}


def text_of(key: str, language: Language, *filled: object, lexicon: Lexicon = SHARED) -> str:
    """The words of `key`, with `filled` in their places."""

    def fill(match: "re.Match[str]") -> str:
        value = filled[int(match[1])]
        return text_of(value, language, lexicon=lexicon) if isinstance(value, Word) else str(value)

    return re.sub(r"\{(\d)\}", fill, lexicon[key][0 if language == "en" else 1])


@cache
def _marking(language: Language, attribute: str, lexicon: Lexicon) -> "Callable[..., Markup]":
    """Attributes by which the page's script finds what to say in the other language."""
    from markupsafe import Markup

    def mark(key: str, *filled: object) -> "Markup":
        found = Markup("")
        if attribute == "aria-label":
            found += Markup(' aria-label="{}" data-label="{}"').format(
                text_of(key, language, *filled, lexicon=lexicon), key
            )
        else:
            found += Markup(' data-t="{}"').format(key)
        if filled:
            values = [[value] if isinstance(value, Word) else str(value) for value in filled]
            found += Markup(' data-a="{}"').format(json.dumps(values, ensure_ascii=False))
        return found

    return mark


@cache
def _saying(language: Language, tag: str, lexicon: Lexicon) -> "Callable[..., Markup]":
    from markupsafe import Markup

    mark = _marking(language, "data-t", lexicon)
    kept: dict[str, Markup] = {}

    def say(key: str, *filled: object) -> "Markup":
        if not filled:
            if key not in kept:
                kept[key] = spoken(key)
            return kept[key]
        return spoken(key, *filled)

    def spoken(key: str, *filled: object) -> "Markup":
        return Markup("<{}{}>{}</{}>").format(
            tag, mark(key, *filled), text_of(key, language, *filled, lexicon=lexicon), tag
        )

    return say


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mibench.publishing", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "value": numbers.value_text, "interval": numbers.interval_text, "coefficient": numbers.coefficient_text,
        "number": numbers.number_text, "signed": signed_text, "p": p_text, "inert": inert, "plain": visible,
        "size": numbers.size_text, "percent": lambda share: f"{share * 100:.0f}",
    }  # fmt: skip
    environment.globals |= {
        "w": Word,
        "reason_of": reason_of,
        "codes": CODES,
        "kinds": KINDS,
        "kind_of": KIND_OF,
        "by_language": by_language,
    }
    return environment
