"""Claims about building the site: the same bytes, nobody else's folder, nothing that its ratings do not bear out."""

import gzip
import hashlib
import json
import shutil
import threading
import time
import urllib.request

import pytest

from mibench.board.site import build_site
from mibench.errors import UsageError
from mibench.publishing.site.boards import page_id


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture
def copies(tmp_path, submissions):
    """Three of the submissions, to be changed."""
    home = tmp_path / "submissions"
    for name in ("alpha_lab_2026-11-01", "beta_lab_2026-11-02", "reflector_mibench_2026-10-01"):
        shutil.copytree(submissions / name, home / name)
    return home


def test_the_same_submissions_give_the_same_bytes(tmp_path, copies):
    build_site(tmp_path / "one", copies)
    build_site(tmp_path / "other", copies)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "other")


def test_a_site_is_replaced_and_anything_else_is_left_alone(tmp_path, copies):
    out = tmp_path / "site"
    build_site(out, copies)
    shutil.rmtree(copies / "beta_lab_2026-11-02")
    build_site(out, copies)
    assert not (out / "m/beta_lab_2026-11-02.html").exists()
    diary = tmp_path / "diary"
    diary.mkdir()
    (diary / "today.txt").write_text("mine")
    with pytest.raises(UsageError, match="left alone"):
        build_site(diary, copies)
    assert (diary / "today.txt").read_text() == "mine"


def test_a_score_that_its_ratings_do_not_bear_out_is_left_out_and_named(mibench, tmp_path, copies):
    path = copies / "alpha_lab_2026-11-01/mi_zh/scores.json"
    scores = json.loads(path.read_text(encoding="utf-8"))
    next(e for e in scores["estimates"] if e["metric"] == "percent_cr")["value"] = 99.0
    path.write_text(json.dumps(scores), encoding="utf-8")
    done = mibench("leaderboard", "build", "-o", tmp_path / "site", "--submissions", copies)
    assert done.returncode == 3
    assert "left out: alpha_lab_2026-11-01/mi_zh: scores.json says %CR 99.0, its ratings come to" in done.stderr
    assert "Traceback" not in done.stderr
    assert "alpha_lab_2026-11-01" in (tmp_path / "site/data").joinpath(
        next(p.name for p in (tmp_path / "site/data").glob("mi_en*.json"))
    ).read_text(encoding="utf-8")


def test_an_edited_reply_takes_its_rating_with_it(tmp_path, copies):
    path = copies / "alpha_lab_2026-11-01/mi_zh/replies.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    first = json.loads(lines[0])
    lines[0] = json.dumps({**first, "text": "您说得对，您最在意的是孩子。"})
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    built = build_site(tmp_path / "site", copies)
    assert list(built.left_out) == ["alpha_lab_2026-11-01/mi_zh"]


@pytest.mark.parametrize("edit", ["SHA256SUMS", "submission.yaml"])
def test_a_check_does_not_outlive_an_edit(tmp_path, copies, edit):
    path = copies / "alpha_lab_2026-11-01" / edit
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    build_site(tmp_path / "site", copies)
    page = (tmp_path / "site/m/alpha_lab_2026-11-01.html").read_text(encoding="utf-8")
    assert "b.self-reported" in page
    assert "b.reproduced" not in page


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "模型_组织_2026", 'a"><script>', "..", "", "x" * 500, "a/b\\c", ".hidden", "con\x00trol"],
)
def test_a_name_becomes_a_path_that_stays_inside(name):
    found = page_id(name)
    assert found
    assert not found.startswith(".")
    assert set(found) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert ".." not in found
    assert len(found) <= 80
    assert page_id(name + "!") != found


def test_a_run_that_came_after_the_check_takes_the_standing_away(tmp_path, copies):
    path = copies / "reflector_mibench_2026-10-01"
    build_site(tmp_path / "before", copies)
    assert "b.re-scored" in (tmp_path / "before/m/reflector_mibench_2026-10-01.html").read_text(encoding="utf-8")
    sums = path / "SHA256SUMS"
    kept = [line for line in sums.read_text().splitlines(keepends=True) if "mi_en" not in line]
    sums.write_text("".join(kept))
    checked = json.loads((path / "checked.json").read_text())
    checked["sums"] = hashlib.sha256(sums.read_bytes()).hexdigest()
    (path / "checked.json").write_text(json.dumps(checked))
    build_site(tmp_path / "site", copies)
    assert "b.re-scored" not in (tmp_path / "site/m/reflector_mibench_2026-10-01.html").read_text(encoding="utf-8")


def test_a_link_out_of_a_submission_is_never_copied(tmp_path, copies):
    secret = tmp_path / "secret.json"
    secret.write_text('{"secret": 1}')
    path = copies / "alpha_lab_2026-11-01/mi_en/scores.json"
    content = path.read_bytes()
    path.unlink()
    kept = tmp_path / "kept.json"
    kept.write_bytes(content)
    path.symlink_to(kept)
    build_site(tmp_path / "site", copies)
    assert not (tmp_path / "site/f/alpha_lab_2026-11-01/mi_en/scores.json").exists()
    assert not (tmp_path / "site/f/alpha_lab_2026-11-01/mi_en/scores.json.gz").exists()


def test_an_empty_leaderboard_says_so(mibench, tmp_path):
    (tmp_path / "none").mkdir()
    done = mibench("leaderboard", "build", "-o", tmp_path / "site", "--submissions", tmp_path / "none")
    assert done.returncode == 0
    assert "Nobody has submitted a model yet." in (tmp_path / "site/index.html").read_text(encoding="utf-8")


def test_serving_builds_again_when_a_submission_changes(copies):
    from mibench.cli.serving import serve_site

    said = []
    threading.Thread(target=serve_site, args=(0, copies, said.append), daemon=True).start()

    def until(holds):
        for _ in range(600):
            if holds():
                return
            time.sleep(0.1)
        raise AssertionError(said)

    until(lambda: any(line.startswith("http://127.0.0.1:") for line in said))
    address = next(line for line in said if line.startswith("http")).split()[0]

    def read():
        return urllib.request.urlopen(address).read().decode()

    assert "Alpha-7B-MI" in read()
    path = copies / "alpha_lab_2026-11-01/submission.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Alpha-7B-MI", "Omega"), encoding="utf-8")
    until(lambda: sum(line.startswith("built:") for line in said) > 1)
    assert "Omega" in read()


@pytest.mark.parametrize(("field", "words"), [("name", "Beta\\u202E"), ("url", "javascript:window.owned=1")])
def test_a_statement_that_hides_or_runs_something_keeps_its_submission_off_the_site(tmp_path, copies, field, words):
    statement = copies / "alpha_lab_2026-11-01/submission.yaml"
    lines = [line for line in statement.read_text(encoding="utf-8").splitlines() if not line.startswith(f"{field}:")]
    statement.write_text("\n".join([*lines, f'{field}: "{words}"', ""]), encoding="utf-8")
    built = build_site(tmp_path / "out", copies)
    assert list(built.left_out) == ["alpha_lab_2026-11-01"]
    assert f"{field}: " in built.left_out["alpha_lab_2026-11-01"]
    assert not (tmp_path / "out/m/alpha_lab_2026-11-01.html").exists()
