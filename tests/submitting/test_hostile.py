"""What strangers could send: each is refused with a sentence, or shown so that it does nothing."""

import gzip
import io
import json
import os
import tracemalloc

import pytest

from mibench.errors import BadRecord
from mibench.records.flat_yaml import read_flat_yaml
from mibench.records.strict import MOST_LINE, packed_lines, read_json
from mibench.records.submission import SubmissionFolder
from mibench.records.visible import visible
from mibench.schema import Reply, Scores
from mibench.schema.submission import Submission

GOOD = "name: A\norganisation: B\ndate: 2026-11-24\n"


@pytest.fixture
def statement(tmp_path):
    """statement(text) → the record of such a submission.yaml."""

    def read(text):
        path = tmp_path / "submission.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_flat_yaml(path, Submission)

    return read


def refused(statement, text):
    with pytest.raises(BadRecord) as caught:
        statement(text)
    return str(caught.value).partition("submission.yaml:")[2]


def test_markup_in_a_name_is_words(statement):
    for words in (
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        '" onmouseover="x',
        "{{ 7*7 }}",
    ):
        assert statement(GOOD.replace("name: A", f"name: {json.dumps(words)}")).name == words


@pytest.mark.parametrize(
    ("char", "said"),
    [("\u202e", "U+202E"), ("\u200b", "U+200B"), ("\u2066", "U+2066"), ("\ufeff", "U+FEFF"), ("\u00ad", "U+00AD"),
     ("\\e", "U+001B"), ("\\0", "U+0000"), ("\\r", "U+000D"), ("\ue000", "U+E000"), ("\u2028", "U+2028")],
)  # fmt: skip
def test_what_is_invisible_or_turns_the_line_is_refused(statement, char, said):
    message = refused(statement, GOOD.replace("name: A", f'name: "GPT{char}4"'))
    assert message.startswith("1: name: ")
    assert said in message
    assert "\x1b" not in message
    assert refused(statement, GOOD + f'notes: "GPT{char}4"\n').startswith("4: notes: ")


def test_piled_accents_and_several_lines_in_a_name_are_refused(statement):
    assert "piles up accents" in refused(statement, GOOD.replace("name: A", "name: Z\u0301\u0302\u0303\u0304"))
    assert "more than one line" in refused(statement, GOOD.replace("name: A", 'name: "A\\nB"'))
    assert statement(GOOD + 'notes: "A\\nB"\n').notes == "A\nB"


def test_addresses_that_a_browser_would_run_are_refused(statement):
    for address in (
        "javascript:alert(1)", "JaVaScript:alert(1)", "data:text/html,x", "http://example.org", "https://",
        "https://user@example.org/", "https://example.org/a b", 'https://example.org/"onclick=x', "//example.org", "file:///x",
    ):  # fmt: skip
        assert refused(statement, GOOD + f"url: {json.dumps(address)}\n").startswith("4: url: "), address
    assert "would run" in refused(statement, GOOD + "contact: ' javascript:alert(1)'\n")
    assert statement(GOOD + "url: https://example.org/org/model?x=1#y\n").url


def test_long_words_and_long_files_are_refused(statement):
    assert "at most 80 characters" in refused(statement, GOOD.replace("name: A", f"name: {'A' * 81}"))
    assert "at most 65,536 are read" in refused(statement, GOOD.replace("name: A", f"name: {'A' * 1_000_000}"))


def test_yaml_bombs_tags_nesting_and_twice_are_refused_with_their_line(statement):
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert refused(statement, bomb).startswith("1: anchors")
    assert refused(statement, GOOD + "notes: *x\n").startswith("4: anchors")
    for tag in ("!!python/object/apply:os.system [id]", "!!python/name:os.system", "!x y", "!!binary aGk="):
        assert refused(statement, GOOD + f"notes: {tag}\n").startswith("4: tags"), tag
    assert refused(statement, GOOD + "name: C\n") == "4: the key “name” stands already in line 1"
    assert "without nesting" in refused(statement, GOOD + "notes: {a: b}\n")
    assert "without lists" in refused(statement, "- a\n- b\n")
    assert refused(statement, "[" * 60_000).startswith("1: expected lines")
    assert refused(statement, GOOD + "notes: " + "{a: " * 10_000).startswith("4: expected lines")
    assert "second document" in refused(statement, GOOD + "---\nname: C\n")
    assert refused(statement, "words\n").startswith("1: expected lines")
    assert refused(statement, "").startswith("1: ")
    assert refused(statement, GOOD + "evil: x\n").startswith("4: evil: Extra inputs")
    assert refused(statement, GOOD + "<<: x\n").startswith("4: <<: Extra inputs")


def test_words_of_yaml_are_read_as_they_are_written(statement):
    said = statement(GOOD + "open_weights: yes\nparameters: 7\nlicence: null\nrevision: 0123\n")
    assert (said.open_weights, said.parameters, said.licence, said.revision) == ("yes", 7.0, "", "0123")
    for wrong in ("parameters: .nan", "parameters: nan", "parameters: inf", "parameters: -1", "parameters: 1e400"):
        assert refused(statement, GOOD + wrong + "\n").startswith("4: parameters: "), wrong
    assert refused(statement, GOOD.replace("2026-11-24", "2026-02-30")).startswith("3: date: ")


@pytest.mark.parametrize(
    "coded", [GOOD.encode("utf-16"), b"name: \xff\xfe", "name: 百川\n".encode("gb18030"), b"name: \x00"]
)
def test_other_encodings_are_refused(statement, coded):
    assert refused(statement, coded)


def test_odd_json_is_refused_with_its_line(tmp_path):
    path = tmp_path / "replies.jsonl.gz"

    def fault(line):
        path.write_bytes(
            gzip.compress(b'{"round":"zh-a-01/01","text":"x","status":"ok","seconds":0}\n' + line, mtime=0)
        )
        with pytest.raises(BadRecord) as caught:
            SubmittedLines(path).read()
        return str(caught.value).partition(".gz:")[2]

    start = b'{"round":"zh-a-01/01","text":"x","status":"ok",'
    for line, said in (
        (start + b'"seconds":NaN}', "NaN is no number"),
        (start + b'"seconds":Infinity}', "Infinity is no number"),
        (start + b'"seconds":1e999}', "1e999 is beyond"),
        (start + b'"seconds":0,"tokens_in":' + b"9" * 4000 + b"}", "is beyond"),
        (start + b'"seconds":0,"text":"y"}', "the key “text” stands twice"),
        (start + b'"seconds":0,"more":' + b"[" * 100_000 + b"}", "nested too deeply"),
        (start + b'"seconds":0,"evil":1}', "evil: Extra inputs"),
        (b'{"round":"\xff"}', "no UTF-8"),
        ('{"round":"x"}'.encode("utf-16"), "no "),
        (b"\xef\xbb\xbf{}", "no JSON"),
        (b'"words"', "should be an object"),
        (b'{"round":', "no JSON"),
    ):
        message = fault(line)
        assert message.startswith("2: "), (line[:80], message)
        assert said in message, (line[:80], message)


class SubmittedLines:
    """All lines, as the check reads them."""

    def __init__(self, path):
        self.path = path

    def read(self):
        from mibench.records.strict import read_packed

        return list(read_packed(self.path, Reply, keys_once=True))


def test_a_word_infinity_in_a_reply_is_a_word(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(
        gzip.compress(
            b'{"round":"a","text":"NaN Infinity 1e999 12345678901234567890","status":"ok","seconds":0}', mtime=0
        )
    )
    assert SubmittedLines(path).read()[0][1].text.startswith("NaN")


def test_a_zip_bomb_is_left_after_the_first_hundred_megabytes(tmp_path):
    path, part = tmp_path / "replies.jsonl.gz", io.BytesIO()
    with gzip.GzipFile(fileobj=part, mode="wb") as file:
        for _ in range(120):
            file.write(b'{"x":"' + b"0" * 999_990 + b'"}\n')
    path.write_bytes(part.getvalue())
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    with pytest.raises(BadRecord, match="unpacks to more than 100,000,000 bytes"):
        for _ in packed_lines(path):
            pass
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()
    path.write_bytes(gzip.compress(b"0" * 50_000_000, mtime=0))
    with pytest.raises(BadRecord, match=f"longer than {MOST_LINE:,} bytes"):
        next(packed_lines(path))


@pytest.mark.parametrize(
    "content", [b"", b"plain words", gzip.compress(b"{}" * 999, mtime=0)[:-9], b"\x1f\x8b\x08\x00" + b"\xff" * 40]
)
def test_a_file_that_is_no_whole_gzip_is_named(copy, content):
    spoiled = copy()
    (spoiled.path / "mi_zh/ratings.jsonl.gz").write_bytes(content)
    assert any("mi_zh/ratings.jsonl.gz" in one for one in spoiled.seal().found())


def test_links_pipes_programs_and_strays_are_named_and_not_followed(copy, tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text('{"password": "1234"}', encoding="utf-8")
    spoiled = copy()
    (spoiled.path / "mi_zh/scores.json").unlink()
    (spoiled.path / "mi_zh/scores.json").symlink_to(secret)
    (spoiled.path / "mi_en").symlink_to(spoiled.path / "mi_zh")
    os.mkfifo(spoiled.path / "pipe")
    (spoiled.path / "mi_zh/run.json").chmod(0o755)
    (spoiled.path / "mi_zh/deep").mkdir()
    (spoiled.path / "index.html").write_text("<script>", encoding="utf-8")
    found = spoiled.found()
    for named in ("mi_zh/scores.json is a link", "mi_en is a link", "pipe is no plain file", "mi_zh/run.json is marked as a program",
                  "mi_zh/deep is no suite", "index.html does not belong there"):  # fmt: skip
        assert any(named in one for one in found), named
    assert "1234" not in " ".join(found)
    with pytest.raises(BadRecord, match="links and devices are not followed"):
        read_json(spoiled.path / "mi_zh/scores.json", Scores)
    assert [run.suite for run in SubmissionFolder(spoiled.path).runs()] == ["mi_zh"]
    outside = tmp_path / "linked"
    outside.symlink_to(spoiled.path)
    assert any("is a link; a submission is a folder" in one for one in type(spoiled)(outside).found())


def test_sums_that_name_files_elsewhere_are_refused(copy):
    for line in ("../../secret", "/etc/passwd", "mi_zh/../../x"):
        spoiled = copy(below=line.replace("/", "-"))
        with (spoiled.path / "SHA256SUMS").open("a", encoding="utf-8") as file:
            file.write(f"{'0' * 64}  {line}\n")
        assert any(f"{line} is named, and there is no such file" in one for one in spoiled.found()), line


def test_names_that_lead_elsewhere_are_never_opened(copy):
    for change in ({"suite": "../../../tmp"}, {"suite": "/etc"}):
        spoiled = copy(below=str(len(change["suite"])))
        spoiled.write("mi_zh/run.json", {**spoiled.json("run"), **change})
        assert any("says that it is about the suite" in one for one in spoiled.seal().found())
    for number, judge in enumerate(("panel+../../../x", "offline\u202e", "../offline", "x" * 300, "nobody")):
        spoiled = copy(below=f"judge-{number}")
        text = (spoiled.path / "mi_zh/scores.json").read_text(encoding="utf-8").replace('"offline"', json.dumps(judge))
        spoiled.write("mi_zh/scores.json", text)
        run = spoiled.json("run")
        spoiled.write("mi_zh/run.json", {**run, "judges": {judge: run["judges"]["offline"]}})
        assert any("no judge that run.json names and this mibench knows" in one for one in spoiled.seal().found()), (
            judge
        )


def test_hidden_characters_and_long_words_in_a_run_are_refused(copy):
    spoiled = copy()
    run = spoiled.json("run")
    spoiled.write("mi_zh/run.json", {**run, "created": "\u202e2026", "versions": {**run["versions"], "torch": "x"}})
    scores = spoiled.json("scores")
    spoiled.write("mi_zh/scores.json", {**scores, "model": "A" * 1_000_000})
    found = spoiled.seal().found()
    assert any("run.json:1" in one and "U+202E" in one for one in found)
    assert any("scores.json:1" in one and "1,000,000 characters" in one for one in found)
    assert max(map(len, found)) < 700


def test_ratings_off_their_scale_are_refused_before_they_are_summed_up(copy):
    for number, (field, value) in enumerate(
        (("counts", {"CR": 100.0}), ("counts", {"CR": -1.0}), ("utterance_count", 10**15))
    ):
        spoiled = copy(below=str(number))
        ratings = spoiled.packed("ratings")
        ratings[0][field] = value
        spoiled.pack("ratings", ratings)
        assert any(
            "ratings.jsonl.gz:1" in one and "expected counts are 0 to 1" in one for one in spoiled.seal().found()
        )
    spoiled = copy(below="draws")
    spoiled.write("mi_zh/scores.json", {**spoiled.json("scores"), "draws": 10**12})
    assert any("its intervals are from 1000000000000 resamples" in one for one in spoiled.seal().found())
    spoiled.write("mi_zh/scores.json", {**spoiled.json("scores"), "draws": 10_000, "seed": -1})
    assert any("seed" in one for one in spoiled.seal().found())


def test_what_a_terminal_would_run_is_shown_as_words(copy, mibench):
    assert visible("a\x1b[31mred\x07\u202e\u200b\nb") == "a<U+001B>[31mred<U+0007><U+202E><U+200B> b"
    assert len(visible("x" * 10_000)) == 300
    spoiled = copy()
    replies = spoiled.packed("replies")
    replies[0]["round"] = "\x1b]0;owned\x07[bold red]x[/]\u202e"
    spoiled.pack("replies", replies)
    (spoiled.path / "evil\x1b[2J\u202e.txt").write_text("x", encoding="utf-8")
    done = mibench("submit", "check", spoiled.seal().path, "--no-offline")
    assert done.returncode == 1
    assert "<U+001B>]0;owned<U+0007>[bold red]x[/]<U+202E> is no round" in done.stdout
    assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout + done.stderr)


def test_a_reply_of_markup_and_overrides_is_taken_as_the_models_words(copy):
    spoiled = copy()
    replies = spoiled.packed("replies")
    replies[0].update(text="<script>alert(1)</script>\u202e", status="control_characters")
    spoiled.pack("replies", replies)
    found = spoiled.seal().found()
    assert not any("replies.jsonl.gz:1 " in one for one in found)
    assert any("hold control or invisible characters" in one for one in spoiled.found("note"))
