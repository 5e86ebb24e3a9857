"""Claims about human codes: a filled sheet is read as it was meant, and every mistake is said with its line."""

import csv
import json

import pytest

from mibench.errors import UsageError
from mibench.records import RunFolder
from mibench.scoring.human import read_human
from mibench.scoring.sheet import write_sheet


@pytest.fixture
def run(small_run):
    return small_run()


@pytest.fixture
def read(run, tmp_path):
    """read("round,coder,codes\\n…") → the ratings; text or bytes."""
    folder, suite = run

    def ratings(text, name="sheet.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_human([path], suite.rounds, folder.replies())

    return ratings


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(path, codes, **cells):
    rows = rows_of(path)
    for row, given in zip(rows, codes, strict=False):
        row.update(codes=given, coder="安娜", **cells)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.DictWriter(file, rows[0].keys())
        sheet.writeheader()
        sheet.writerows(rows)


def test_a_filled_sheet_is_read_and_its_empty_rows_are_not_coded(run, tmp_path):
    folder, suite = run
    sheet = tmp_path / "sheet.csv"
    assert write_sheet(folder, suite, 8, sheet) == 8
    fill(sheet, ["CR, Q", "none", "sr；q", "GI Seek", ""], utterances="2")
    found = read_human([sheet], suite.rounds, folder.replies())
    assert [rating.codes for rating in found] == [("CR", "Q"), (), ("SR", "Q"), ("GI", "Seek")]
    assert {rating.coder for rating in found} == {"安娜"}
    assert {rating.utterances for rating in found} == {2}


def test_the_sheet_opens_in_excel_with_its_chinese_intact(run, tmp_path):
    folder, suite = run
    sheet = tmp_path / "sheet.csv"
    write_sheet(folder, suite, 12, sheet)
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbfround,change_goal")
    rows = rows_of(sheet)
    assert (rows[0]["client"], rows[0]["reply"]) == ("想戒，又怕戒不掉。", "您怕白费劲。试过吗？")
    assert rows[1]["before"] == "来访者: 想戒，又怕戒不掉。\n咨询师: 您怕白费劲。试过吗？"


def test_a_reply_that_looks_like_a_formula_is_only_text(small_run, tmp_path):
    folder, suite = small_run()
    text = folder.replies_path.read_text(encoding="utf-8").replace("您怕白费劲", '=HYPERLINK(\\"http://x\\")您怕白费劲')
    folder.replies_path.write_text(text, encoding="utf-8")
    sheet = tmp_path / "sheet.csv"
    write_sheet(RunFolder(folder.path), suite, 12, sheet)
    assert [row["reply"][0] for row in rows_of(sheet) if "HYPERLINK" in row["reply"]] == ["'"] * 6
    fill(sheet, ["CR"] * 12)
    assert len(read_human([sheet], suite.rounds, folder.replies())) == 12


def test_a_sheet_is_a_random_draw_that_its_seed_repeats(run, tmp_path):
    folder, suite = run

    def drawn(name, **how):
        write_sheet(folder, suite, 4, tmp_path / name, **how)
        return [row["round"] for row in rows_of(tmp_path / name)]

    assert drawn("a") == drawn("b")
    assert len({tuple(drawn(f"s{seed}", seed=seed)) for seed in range(8)}) > 3
    assert drawn("c") == sorted(drawn("e"))
    whole = drawn("d", draw="dialogues", seed=3)
    assert len(whole) == 4
    assert len({name.partition("/")[0] for name in whole}) == 2


def test_a_sheet_never_overwrites_somebodys_work(run, tmp_path):
    (tmp_path / "sheet.csv").write_text("codes")
    with pytest.raises(UsageError, match="exists and may hold codes"):
        write_sheet(*run, 4, tmp_path / "sheet.csv")


@pytest.mark.parametrize(
    "text",
    [
        '{"round": "zh-made-01/01", "coder": "a", "codes": ["CR", "Q"]}\n',
        '{"round": "zh-made-01/01", "coder": "a", "codes": "CR + Q"}\n',
        "\ufeffround,coder,codes\r\nzh-made-01/01,a,CR Q\r\n\r\n",
        'codes;coder;round;remark\nCR, Q;a;zh-made-01/01;"said; twice"\n',
        "Round\tCoder\tCodes\nzh-made-01/01\ta\tcr、q\n",
        "round,coder,codes\nzh-made-01/01,a,CR Q\n".encode("utf-16"),
    ],
)
def test_json_lines_and_every_sheet_a_spreadsheet_saves_say_the_same(read, text):
    (rating,) = read(text)
    assert (rating.round, rating.coder, rating.codes) == ("zh-made-01/01", "a", ("CR", "Q"))


HEAD = "round,coder,codes,utterances,reply_digest\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "zh-made-99/01,a,CR,,\n", r"sheet\.csv:2: “zh-made-99/01” is no round of this run, which has 12"),
        (HEAD + "zh-made-1/01,a,CR,,\n", "Did you mean zh-made-"),
        (HEAD + "zh-made-01/01,a,CR,,\n\nzh-made-01/01,a,SR,,\n", r":4: .* coded twice by a, first in .*sheet\.csv:2"),
        (HEAD + "zh-made-01/01,a,Rx,,\n", r":2: codes: “Rx” is no MITI code\. There is: SR, CR, .* `none`"),
        (HEAD + "zh-made-01/01,a,n/a,,\n", "“n/a” is no MITI code.*an empty cell for a reply that nobody has coded"),
        (HEAD + "zh-made-01/01,a,CR CR,,\n", "CR stands twice; MITI counts a code once"),
        (HEAD + "zh-made-01/01,a,SR CR,,\n", "SR and CR exclude each other"),
        (HEAD + "zh-made-01/01,a,CR Q,1,\n", "2 codes need as many utterances, not 1"),
        (HEAD + "zh-made-01/01,a,CR,two,\n", "utterances: .*integer"),
        (HEAD + "zh-made-01/01,a,CR,,0123\n", "is not the one that was coded"),
        (HEAD + "zh-made-01/01,,CR,,\n", "the column coder is empty: who coded it"),
        (HEAD + "zh-made-01/01,CR,anna,,\n", "are the columns codes and coder swapped"),
        (HEAD + "a,zh-made-01/01,CR,,\n", "are the columns round and coder swapped"),
        ("round,codes\nzh-made-01/01,CR\n", r":1: the header has no column coder\. A sheet needs round, coder, codes"),
        ("zh-made-01/01,a,CR\n", "no column round and no column coder and no column codes"),
        ("round,coder,codes,codes\n", "the column codes twice"),
        (HEAD + "zh-made-01/01,a,,,\n", "Nothing is coded in .*sheet.csv"),
        (HEAD, "Nothing is coded"),
        ("", "Nothing is coded"),
        (
            "round,coder,codes\nzh-made-01/01,a,CR, Q\n",
            r":2: this row has 4 cells, the header 3: put cells with a ',' in",
        ),
        ('round,coder,codes\nzh-made-01/01,a,"CR\n', r":2: this is no CSV: .* Is a quotation mark left open"),
        (b"\xef\xbb\xbf{}", "JSON with a byte-order mark"),
        (b"PK\x03\x04rest", "is an Excel workbook. Save it as “CSV UTF-8”"),
        (b"round,coder,codes\nzh-made-01/01,\xb0\xb2,CR\n", "is not in UTF-8"),
        ('{"round": "zh-made-01/01", "coder": "a", "codes": ["n/a"]}\n', r":1: codes: “n/a” is no MITI code"),
        ('{"round": "zh-made-01/01", "coder": "a"}\n', ":1: codes: Field required"),
        ('{"round": "zh-made-01/01", "coder": "a", "codes": ""}\n', "“” is no MITI code"),
    ],
)
def test_a_mistake_is_said_with_its_line_and_its_cure(read, text, said):
    with pytest.raises(UsageError, match=said):
        read(text)


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    with pytest.raises(UsageError, match=r"Cannot read .*gone\.csv"):
        read_human([tmp_path / "gone.csv"], run[1].rounds, {})


def test_line_numbers_count_the_lines_within_cells(read):
    text = 'round,coder,codes,before\nzh-made-01/01,a,CR,"one\ntwo\nthree"\nzh-made-01/02,a,nope,\n'
    with pytest.raises(UsageError, match=r"sheet\.csv:5: codes: “nope”"):
        read(text)


def test_two_coders_may_code_one_reply_in_one_file_or_two(run, tmp_path):
    folder, suite = run
    for coder in "ab":
        line = {"round": suite.rounds[0].id, "coder": coder, "codes": ["CR"]}
        (tmp_path / f"{coder}.jsonl").write_text(json.dumps(line) + "\n")
    found = read_human([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], suite.rounds, folder.replies())
    assert [rating.coder for rating in found] == ["a", "b"]
