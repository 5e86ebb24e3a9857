"""Claims about JSON lines on disk."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibench.errors import BadRecord, StorageError, UsageError
from mibench.records import Appender, read_lines
from mibench.schema import Reply


def reply(number=1, text="好。"):
    return Reply(round=f"zh-made-{number:02d}/01", text=text, status="ok", seconds=0)


def append(path, *records):
    with Appender(path) as file:
        for record in records:
            file.append(record)


def test_what_was_appended_is_read_back_with_its_line_numbers(tmp_path):
    append(tmp_path / "r.jsonl", reply(1), reply(2, "第二句\n换行"))
    assert list(read_lines(tmp_path / "r.jsonl", Reply)) == [(1, reply(1)), (2, reply(2, "第二句\n换行"))]


@given(st.integers(min_value=1, max_value=400))
def test_a_file_torn_at_any_byte_keeps_every_whole_line_and_goes_on(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("torn") / "r.jsonl"
    append(path, *(reply(n, "一二三四五" * n) for n in range(1, 6)))
    whole = path.read_bytes()
    path.write_bytes(whole[: max(0, len(whole) - cut)])
    kept = path.read_bytes().count(b"\n")
    append(path, reply(9))
    rounds = [record.round for _, record in read_lines(path, Reply)]
    assert rounds == [f"zh-made-{n:02d}/01" for n in range(1, kept + 1)] + ["zh-made-09/01"]


def test_a_torn_last_line_is_left_out_when_asked(tmp_path):
    path = tmp_path / "r.jsonl"
    append(path, reply(1))
    with path.open("a") as file:
        file.write('{"round": "zh-')
    assert len(list(read_lines(path, Reply, torn_end=True))) == 1


def test_a_broken_line_is_named_by_file_and_line(tmp_path):
    path = tmp_path / "r.jsonl"
    append(path, reply(1))
    with path.open("a") as file:
        file.write("{not json}\n")
    with pytest.raises(BadRecord, match=r"r\.jsonl:2: .*[Jj]"):
        list(read_lines(path, Reply))


def test_a_wrong_field_is_named(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({"round": "x", "text": "y", "status": "fine", "seconds": 0}) + "\n")
    with pytest.raises(BadRecord, match=r"r\.jsonl:1: status: "):
        list(read_lines(path, Reply))


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(UsageError, match="There is no file"):
        list(read_lines(tmp_path / "none.jsonl", Reply))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_is_a_sentence_that_says_how_to_go_on(tmp_path):
    (tmp_path / "r.jsonl").symlink_to("/dev/full")
    with Appender(tmp_path / "r.jsonl") as file, pytest.raises(StorageError, match=r"No space left.*--out.*repeat"):
        file.append(reply())
