"""Claims about ratings made elsewhere: every fault is a sentence with its line."""

import json

import pytest

from mibench.errors import BadRecord, UsageError
from mibench.validating import drawn, load_coded, read_ratings


@pytest.fixture
def corpus(annomi, utterance):
    rows = [utterance(number, transcript_id=t, video_url=f"v{t}") for t in (1, 2) for number in range(2)]
    return load_coded(f"annomi:{annomi(rows)}")


IDS = ["annomi-001/000", "annomi-001/001", "annomi-002/000", "annomi-002/001"]


@pytest.fixture
def lines(tmp_path):
    def write(*rows):
        path = tmp_path / "ratings.jsonl"
        path.write_text("".join(row + "\n" if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))
        return path

    return write


@pytest.fixture
def table(tmp_path):
    def write(text):
        path = tmp_path / "ratings.csv"
        path.write_text(text)
        return path

    return write


def full(**first):
    return [{"id": IDS[0], **first}, *({"id": id_, "codes": ["Q"]} for id_ in IDS[1:])]


def test_codes_and_shares_are_read_from_json_lines_and_from_csv(corpus, lines, table):
    found = read_ratings(lines(*full(shares={"SR": 0.25, "Q": 1})), corpus)
    assert found[IDS[0]].counts == {"SR": 0.25, "Q": 1}
    assert found[IDS[1]].counts == {"Q": 1}
    rows = "".join(f"{id_},{cell}\n" for id_, cell in zip(IDS, ("CR + Q", "none", "n/a", "AF;GI"), strict=True))
    found = read_ratings(table("id,codes\n" + rows), corpus)
    assert [sorted(found[id_].counts) for id_ in IDS] == [["CR", "Q"], [], [], ["AF", "GI"]]
    assert [found[id_].status for id_ in IDS] == ["rated", "rated", "unrated", "rated"]
    found = read_ratings(table("SR,id,Q\n" + "".join(f"20,{id_},100\n" for id_ in IDS)), corpus, percent=True)
    assert found[IDS[3]].counts == {"SR": 0.2, "Q": 1}


def test_null_and_na_are_unrated(corpus, lines):
    for unrated in (None, "n/a"):
        assert read_ratings(lines(*full(codes=unrated)), corpus)[IDS[0]].status == "unrated"


def test_missing_ids_are_counted_and_named(corpus, lines):
    with pytest.raises(UsageError, match=r"lacks 2 of 4 ids, e.g. annomi-001/000, annomi-002/001. Give each a line"):
        read_ratings(lines(*full(codes=[])[1:3]), corpus)


def test_ids_left_out_by_a_limit_are_passed_over(corpus, lines):
    some = drawn(corpus, 1, 0)
    assert list(read_ratings(lines(*full(codes=[])), some, corpus)) == list(some.sessions[0].items)


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ({"id": "annomi-009/001", "codes": []}, r":1: “annomi-009/001” is no item of annomi; ids look like annomi-001/000"),
        ({"id": "SR", "codes": [IDS[0]]}, r"“SR” is no item of annomi.*Are columns swapped\?"),
        ({"id": IDS[1], "codes": []}, r":2: annomi-001/001 stands already in line 1"),
        ({"id": IDS[0], "codes": ["Reflection"]}, r":1: “Reflection” is none of SR, CR, Q"),
        ({"id": IDS[0], "codes": "SR"}, r"codes is no list"),
        ({"id": IDS[0], "shares": {"SR": 1.5}}, r":1: SR is 1.5; expected a number from 0 to 1. Say --percent"),
        ({"id": IDS[0], "shares": {"SR": -0.1}}, r"SR is -0.1; expected a number from 0 to 1.$"),
        ({"id": IDS[0], "shares": {"SR": True}}, r"SR is True; expected a number"),
        ({"id": IDS[0], "shares": {"SR": 0.7, "CR": 0.6}}, r"SR and CR come to more than 1"),
        ({"id": IDS[0], "shares": {"Foo": 0.7}}, r"“Foo” is none of SR"),
        ('{"id": "annomi-001/000", "shares": {"SR": NaN}}', r"SR is nan; expected a number from 0 to 1"),
        ({"id": IDS[0], "globals": {"empathy": 6}}, r"empathy is 6; expected a number from 1 to 5"),
        ({"id": IDS[0]}, r"nothing beside the id; expected one of codes, shares, globals"),
        ({"id": IDS[0], "codes": [], "shares": {}}, r"codes and shares beside the id"),
        ({"id": IDS[0], "code": ["SR"]}, r"“code” is no part of a rating"),
        ({"codes": []}, r":1: no id; expected a line such as"),
        ("id,codes", r":1: no JSON object .*A table needs the ending .csv"),
    ],
)  # fmt: skip
def test_a_line_that_does_not_fit_is_named(corpus, lines, first, message):
    with pytest.raises(BadRecord, match=message):
        read_ratings(lines(first, *full(codes=[])[1:]), corpus)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,codes\nannomi-001/000,\n", r"ratings.csv:2: codes is empty, which a tool that reads n/a as missing may have done"),
        ("codes,id\nannomi-001/000,SR\n", r":2: “SR” is no item of annomi.*Are columns swapped\?"),
        ("id,SR,Q\nannomi-001/000,0.5,high\n", r":2: Q is high; expected a number from 0 to 1"),
        ("id,SR,Q\nannomi-001/000,0.5,n/a\n", r":2: Q is n/a; expected a number"),
        ("id,SR,Reflections\nannomi-001/000,0.5,0\n", r":1: the column “Reflections” is none of ratings; expected id with codes"),
        ("item,codes\nannomi-001/000,SR\n", r":1: no column id"),
        ("id\nannomi-001/000\n", r":1: no column but id"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_named(corpus, table, text, message):
    with pytest.raises(BadRecord, match=message):
        read_ratings(table(text), corpus)


def test_percent_that_is_none_is_said(corpus, lines):
    with pytest.raises(UsageError, match=r"No share in .* is above 1, so they are hardly 0–100"):
        read_ratings(lines(*full(shares={"SR": 0.5})), corpus, percent=True)


def test_globals_of_sessions_are_read(corpus, lines, table):
    path = lines(*({"id": session.id, "globals": {"empathy": 3.5}} for session in corpus.sessions))
    assert [v.globals for v in read_ratings(path, corpus).values()] == [{"empathy": 3.5}] * 2
    found = read_ratings(table("id,empathy\nannomi-001,2\nannomi-002,5\n"), corpus)
    assert found["annomi-002"].globals == {"empathy": 5}
