"""Claims about the comment under a pull request: it says what the check found, and nothing in it works."""

import json
import re
import subprocess
import sys

import pytest
from markdown_it import MarkdownIt

from mibench.errors import BadRecord
from mibench.schema.submission import CheckReport, Finding
from mibench.submitting.comment import MOST_CHARACTERS, comment_of, read_findings

EVIL = (
    "<script>alert(1)</script>",
    "```\n\n# Approved by maintainers\n\n[click](https://evil.example) @everyone #1",
    "`````````` ![x](https://evil.example/x.png)",
    "\u202egnidaelsim\u200b",
    "</code></pre><img src=x onerror=y>",
    "x" * 100_000,
)


def report(*findings, name="made_up_2026-01-01", version="v1"):
    return CheckReport(id=name, version=version, standing="self-reported", findings=findings)


def finding(what, severity="error", where="submission.yaml:3"):
    return Finding(severity=severity, where=where, what=what)


def test_it_names_each_error_with_its_file_and_line_and_leaves_notes_out():
    text = comment_of([report(finding("its hash is another."), finding("no contact.", "note")), report(name="good_x")])
    assert text.startswith("**mibench submit check**: 2 submissions, 1 error, 0 alarms.")
    assert "error  submission.yaml:3: its hash is another." in text
    assert "no contact" not in text
    assert "good_x" not in text


@pytest.mark.parametrize("evil", EVIL)
def test_no_link_mention_or_markup_of_a_submission_works(evil):
    text = comment_of([report(finding(evil, where=evil), name=evil, version=evil)])
    tokens = MarkdownIt("commonmark").parse(text)
    assert [token.type for token in tokens if token.type in ("fence", "heading_open", "html_block")] == ["fence"]
    outside = "".join(token.content for token in tokens if token.type == "inline")
    assert not re.search(r"[<@#\[]|https?:", outside)
    assert "\u202e" not in text
    assert "\u200b" not in text
    assert len(text) < 65_536


def test_it_stays_below_what_the_server_takes():
    reports = [report(*[finding("x" * 400) for _ in range(60)], name=f"m{n}_x") for n in range(300)]
    assert MOST_CHARACTERS < len(comment_of(reports)) < 65_536


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"id": 1}]', "[" * 5000, "null"])
def test_a_file_that_is_no_findings_is_a_sentence(tmp_path, content):
    (tmp_path / "f.json").write_text(content)
    with pytest.raises(BadRecord, match=r"f\.json"):
        read_findings(tmp_path / "f.json")


def test_a_link_and_a_huge_file_are_refused(tmp_path):
    (tmp_path / "link.json").symlink_to("/etc/hostname")
    with pytest.raises(BadRecord, match="no plain file"):
        read_findings(tmp_path / "link.json")
    (tmp_path / "huge.json").write_text("[" + " " * 2_000_001)
    with pytest.raises(BadRecord, match="at most 2,000,000"):
        read_findings(tmp_path / "huge.json")


def test_what_the_check_prints_is_what_the_comment_reads(tmp_path):
    (tmp_path / "submissions/broken_x_2026-01-01").mkdir(parents=True)
    mibench = [sys.executable, "-m", "mibench", "submit"]
    found = subprocess.run(
        [*mibench, "check", "all", "--submissions", tmp_path / "submissions", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 1
    assert json.loads(found.stdout)
    (tmp_path / "findings.json").write_text(found.stdout)
    said = subprocess.run(
        [*mibench, "comment", tmp_path / "findings.json"], capture_output=True, text=True, check=True
    ).stdout
    assert "broken_x_2026-01-01" in said
    assert "submission.yaml" in said
