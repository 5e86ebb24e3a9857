"""Claims about `mibench corpora`."""

import json


def test_the_list_says_what_to_have_and_under_which_licence(mibench):
    done = mibench("corpora", "list")
    assert done.returncode == 0, done.stderr
    for words in ("annomi:PATH", "misc-gold:PATH", "mi-tags:PATH", "smilechat:PATH", "AnnoMI-full.csv", "licence"):
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_the_list_as_json_is_json_and_nothing_else(mibench):
    done = mibench("corpora", "list", "--json")
    cards = json.loads(done.stdout)
    assert [card["name"] for card in cards] == [
        "annomi", "misc-gold", "mi-tags", "cpsycound", "cpsycoune", "psydt", "smilechat", "messages", "sharegpt", "alpaca",
    ]  # fmt: skip
    assert all(card["licence"] and card["files"] and card["source"] for card in cards)
