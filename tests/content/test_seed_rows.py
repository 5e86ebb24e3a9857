"""Claims about the rows to begin with: honestly made by what ships, and the same bytes when made anew."""

import re
import subprocess
import sys

import pytest

from mibench.generating.models import load_model
from mibench.records.submission import SubmissionFolder
from mibench.suites import load_suite
from mibench.suites.chat import chat_messages

MODELS = ("reference", "reflector", "adviser", "retrieval")
SUITES = ("mi_zh", "mi_en")


@pytest.fixture(scope="module")
def rows(root):
    return {
        name: SubmissionFolder(root / f"leaderboard/submissions/{name}_mibench_2026-11-24")
        for name in MODELS
    }  # fmt: skip


def mibench(*words, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "mibench", *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_check_that_strangers_pass_finds_no_error_and_no_alarm_in_them(rows):
    found = mibench("submit", "check", "all", "--strict")
    assert found.returncode == 0, found.stdout + found.stderr
    for name, row in rows.items():
        assert f"{row.id}\n" in found.stdout
        assert row.checked().standing == "re-scored", name


def test_each_answers_both_suites_and_competes_with_nobody(rows):
    for name, row in rows.items():
        assert [run.suite for run in row.runs()] == sorted(SUITES)
        assert row.submission().kind == ("reference" if name == "reference" else "baseline")
        assert row.submission().saw_the_suites == ("yes" if name == "reference" else "no")
        assert {judge for run in row.runs() for judge in run.manifest().judges} == {"offline"}


@pytest.mark.parametrize("name", MODELS)
def test_every_reply_is_what_the_counsellor_says_today(rows, name):
    counsellor = load_model(name, {})
    for run in rows[name].runs():
        suite, replies = load_suite(run.suite), run.replies()
        for round_ in suite.rounds:
            chat = [message.model_dump() for message in chat_messages(round_, suite.prompt)]
            doc = {"language": round_.dialogue.language, "reference": round_.reference.text}
            assert replies[round_.id].text == counsellor.answer(chat, doc), round_.id


def test_a_run_made_anew_gives_the_same_bytes(rows, tmp_path):
    done = mibench("run", "--suite", "mi_en", "--model", "adviser", "--no-anchors", "--out", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    words = ("--organisation", "mibench", "--date", "2026-11-24", "--untimed", "--yes", "--out", "new")
    assert mibench("submit", "bundle", "run", *words, cwd=tmp_path).returncode == 0
    new = tmp_path / "new/adviser_mibench_2026-11-24/mi_en"
    names = sorted(path.name for path in new.iterdir())
    assert names == ["ratings.jsonl.gz", "replies.jsonl.gz", "run.json", "scores.json"]
    for name in names:
        assert (new / name).read_bytes() == (rows["adviser"].path / "mi_en" / name).read_bytes(), name


def test_they_are_small(rows):
    for row in rows.values():
        packed = subprocess.run(["tar", "cz", "-C", row.path, "."], capture_output=True, check=True).stdout
        assert len(packed) < 1_000_000


def proficiency(rows, name, suite):
    run = next(run for run in rows[name].runs() if run.suite == suite)
    return run.scores()["proficiency"]


def test_the_leaderboards_guide_shows_their_true_scores(rows, root):
    guide = (root / "leaderboard/README.md").read_text(encoding="utf-8")
    for name in MODELS:
        line = next(line for line in guide.splitlines() if line.startswith(f"| `{name}`"))
        for suite, cell in zip(SUITES, line.split("|")[3:5], strict=True):
            e = proficiency(rows, name, suite)
            assert cell.strip() == f"{e.value:.1f} ({e.low:.1f} – {e.high:.1f})"


def test_the_about_page_and_the_judges_card_say_what_retrieval_and_the_authored_replies_score(rows, root):
    values = [proficiency(rows, name, suite).value for name in ("retrieval", "reference") for suite in SUITES]
    told = [f"{value:.1f}" for value in values]
    for path in ("leaderboard/pages/about.md", "leaderboard/pages/about.zh.md", "judges/offline/README.md"):
        text = (root / path).read_text(encoding="utf-8")
        said = text[
            text.index(
                "retrieval", text.index("**It does not see") if "judges" in path else text.rindex("`retrieval`")
            ) :
        ][:900]
        assert set(told) <= set(re.findall(r"\d+\.\d", said)), path


def test_the_texts_say_the_true_size_of_the_suites(root):
    for suite in map(load_suite, SUITES):
        for name in ("about", "changelog"):
            for end in (".md", ".zh.md"):
                text = (root / f"leaderboard/pages/{name}{end}").read_text(encoding="utf-8")
                assert str(len(suite.rounds)) in text
                assert str(len(suite.dialogues)) in text
