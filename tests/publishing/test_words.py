"""Claims about what pages say, and about text that tries to do more than be read."""

import re
from itertools import pairwise
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from mibench.publishing.inert import inert
from mibench.publishing.page import Word, text_of
from mibench.publishing.spans import LONGEST, spans_of
from mibench.publishing.words import WORDS
from mibench.schema import CODES, Utterance
from mibench.scoring.metrics import METRICS


def test_both_languages_fill_in_the_same_things():
    assert [
        key for key, pair in WORDS.items() if len({frozenset(re.findall(r"\{\d\}", text)) for text in pair}) > 1
    ] == []
    assert all(all(pair) for pair in WORDS.values())


def test_every_code_and_every_unit_has_its_words():
    assert set(CODES) <= set(WORDS)
    assert {f"u.{metric.unit}" for metric in METRICS} <= set(WORDS)


def test_what_is_filled_in_is_never_filled_in_again():
    assert (
        text_of("family", "en", "{1}", "gpt")
        == "{1} and the model are both of the gpt family: the judge may favour its own."
    )
    assert text_of("tip_share", "zh", Word("jury"), 5) == "合议：5%"


@given(st.text())
def test_inert_text_holds_no_markup_and_nothing_invisible(text):
    found = str(inert(text))
    bare = re.sub(r'<span class="odd">U\+[0-9A-F]{4,6}</span>', "", found)
    assert "<" not in bare
    assert '"' not in bare
    assert all(char in "\n\t\u200d" or category(char) not in {"Cc", "Cf", "Co", "Cn", "Cs"} for char in bare)


def test_an_emoji_of_several_parts_stays_whole_and_a_joiner_elsewhere_is_shown():
    assert inert("👩\u200d⚕") == "👩\u200d⚕"
    assert inert("戒\u200d烟") == '戒<span class="odd">U+200D</span>烟'


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=4))
def test_no_word_of_a_reply_is_lost_between_its_codes(text, cuts):
    edges = sorted({min(cut, len(text)) for cut in cuts})
    pieces = [Utterance(text=text[a:b], code="SR") for a, b in pairwise(edges)]
    spans, left_out = spans_of(pieces, text)
    assert left_out == 0
    assert "".join(span.text for span in spans).strip() == text.strip()


def test_a_very_long_reply_is_cut_and_says_by_how_much():
    spans, left_out = spans_of([Utterance(text="长" * 3000, code="GI")], "长" * 3000 + "短" * 5000)
    assert sum(len(span.text) for span in spans) == LONGEST
    assert left_out == 4000
