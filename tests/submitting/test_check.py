import json
import os
import shutil
import subprocess
import sys

import pytest
import yaml

from mibench import api, board
from mibench.records import RunFolder, digest_of
from mibench.records.submission import SubmissionFolder
from mibench.submitting.copying import plain, shared
from mibench.suites import load_suite

from .conftest import SAID


def only(found):
    assert len(found) == 1, found
    return found[0]


def test_what_one_clone_bundles_another_clone_checks(root, finished, tmp_path):
    unwanted = shutil.ignore_patterns("__pycache__")
    clones = [tmp_path / "hers", tmp_path / "his clone 二"]
    for clone in clones:
        for name in ("benchmark", "judges", "tasks", "leaderboard"):
            shutil.copytree(root / name, clone / name, ignore=unwanted)
        shutil.rmtree(clone / "leaderboard/submissions")  # the rows that ship are of the same counsellors
        shutil.copy(root / "pyproject.toml", clone)

    def mibench(clone, *args):
        return subprocess.run(
            [sys.executable, "-m", "mibench", *map(str, args)], cwd=clone, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(clone / "benchmark")},
        )  # fmt: skip

    hers, his = clones
    who = ("--organisation", "Lab One", "--contact", "https://example.org", "--date", "2026-11-24")
    done = mibench(hers, "submit", "bundle", finished("reflector"), *who)
    assert done.returncode == 0, done.stderr
    place = "leaderboard/submissions/reflector_lab-one_2026-11-24"
    shutil.copytree(hers / place, his / place)
    one, every = mibench(his, "submit", "check", place, "--strict"), mibench(his, "submit", "check", "all", "--json")
    assert one.returncode == 0, one.stdout + one.stderr
    assert "0 errors, 0 alarms; belongs to v1; re-scored" in one.stdout
    report = next(report for report in json.loads(every.stdout) if report["id"] == place.rpartition("/")[2])
    assert report["findings"] == []


def test_a_changed_number_is_named_with_what_the_ratings_give(copy, submit):
    spoiled = copy()
    scores = spoiled.json("scores")
    at = next(number for number, one in enumerate(scores["estimates"]) if one["metric"] == "r_to_q")
    true = scores["estimates"][at]["value"]
    scores["estimates"][at]["value"] = 1.5
    spoiled.write("mi_zh/scores.json", scores)
    found = only(spoiled.seal().found())
    assert f"the r_to_q is claimed to be 1.5; the ratings give {true:.6g}" in found
    line = int(found.split(":")[1].split(" ")[0])
    text = (spoiled.path / "mi_zh/scores.json").read_text(encoding="utf-8").splitlines()
    assert "r_to_q" in text[line - 1]
    code, out, _ = submit("check", spoiled.path, "--no-offline")
    assert code == 1
    assert "claimed to be 1.5" in out


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda scores: scores["estimates"][0].update(low=99.0), "the lower end of proficiency"),
        (lambda scores: scores["slices"][0]["estimates"][1].update(value=99.0), "(client talk before: "),
        (lambda scores: scores["juries"][0].update(rated=444), "“rated”"),
        (lambda scores: scores["statuses"].update(ok=444, empty=1), "“ok”"),
        (lambda scores: scores["judges"][0]["estimates"][0].update(value=9.0), "(offline)"),
        (lambda scores: scores.update(seed=1), "lower end of"),
    ],
)
def test_every_number_of_the_scores_is_computed_again(copy, change, named):
    spoiled = copy()
    scores = spoiled.json("scores")
    change(scores)
    spoiled.write("mi_zh/scores.json", scores)
    assert any(named in found for found in spoiled.seal().found())


def test_a_file_changed_after_bundling_is_named_by_its_hash(copy):
    spoiled = copy()
    spoiled.yaml("Lab One", "Lab 1ne")
    found = spoiled.found()
    assert any("SHA256SUMS:" in one and "submission.yaml was changed" in one for one in found)
    assert any("the folder is called “model-a_lab-one_2026-11-24”" in one and "lab-1ne" in one for one in found)


def test_a_dropped_round_a_round_twice_and_a_strange_round_are_named(copy):
    spoiled = copy()
    lines = spoiled.packed("replies")
    spoiled.pack("replies", [*lines[:6], *lines[7:], lines[0], {**lines[0], "round": "zh-none-01/01"}])
    found = spoiled.seal().found()
    assert any(f"{lines[6]['round']} has no reply" in one for one in found)
    assert any(f"replies.jsonl.gz:445 {lines[0]['round']} was answered already in line 1" in one for one in found)
    assert any("zh-none-01/01 is no round of mi_zh" in one for one in found)


def test_a_rating_left_out_is_named_even_if_the_scores_are_made_without_it(finished, copy, tmp_path):
    run = shutil.copytree(finished("reflector"), tmp_path / "run")
    lines = (run / "ratings.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (run / "ratings.jsonl").write_text("".join(lines[:-2]), encoding="utf-8")
    scores = api.score_stage(RunFolder(run), load_suite("mi_zh"), "offline")
    spoiled = copy()
    spoiled.pack("ratings", [line.strip() for line in lines[:-2]])
    spoiled.write("mi_zh/scores.json", scores.model_dump(mode="json"))
    found = only(spoiled.seal().found())
    assert "offline has no rating of 2 of 445" in found


def test_an_edited_reply_is_named_by_its_rating(copy):
    spoiled = copy()
    lines = spoiled.packed("replies")
    lines[3]["text"] = "听起来您心里已经有了一个方向，只是还差一点点底气。"
    spoiled.pack("replies", lines)
    found = only(spoiled.seal().found())
    assert f"ratings.jsonl.gz:4 {lines[3]['round']}: offline has rated other words" in found


def test_an_edited_reply_with_a_mended_rating_does_not_get_past_the_judge(copy):
    spoiled = copy()
    replies, ratings = spoiled.packed("replies"), spoiled.packed("ratings")
    replies[3]["text"] = "听起来您心里已经有了一个方向，只是还差一点点底气。"
    ratings[3]["reply_digest"] = digest_of(replies[3]["text"])
    spoiled.pack("replies", replies)
    spoiled.pack("ratings", ratings)
    found = spoiled.seal().found(offline=True)
    assert any(f"{replies[3]['round']} is said to have from offline" in one for one in found)


def test_a_rating_written_by_hand_is_named(copy):
    spoiled = copy()
    ratings = spoiled.packed("ratings")
    ratings[10]["counts"]["CR"] = 0.95
    spoiled.pack("ratings", ratings)
    found = spoiled.seal().found(offline=True)
    assert any("ratings.jsonl.gz:11" in one and "CR 0.950" in one for one in found)
    assert any("claimed to be" in one for one in found)


def test_anothers_replies_are_named(copy):
    theirs, mine = copy(), copy(name="Model B", organisation="Lab Two")
    shelf = board.shelf([SubmissionFolder(theirs.path)])
    manifest = mine.json("run")
    mine.write("mi_zh/run.json", {**manifest, "model": {**manifest["model"], "revision": "another"}})
    replies, ratings = mine.packed("replies"), mine.packed("ratings")
    for number in range(0, 445, 2):  # with a word more in every second
        replies[number]["text"] += "嗯。"
        ratings[number]["reply_digest"] = digest_of(replies[number]["text"])
    mine.pack("replies", replies)
    mine.pack("ratings", ratings)
    found = mine.seal().found(others=shelf)
    assert any(
        "same as those of model-a_lab-one_2026-11-24" in one and "replies of that submission" in one for one in found
    )
    assert copy("adviser", "elsewhere").found(others=shelf) == []


def test_the_same_weights_sent_by_another_are_an_alarm_and_by_the_same_sender_a_note(copy):
    theirs, mine = copy(), copy(name="Model B", organisation="Lab Two")
    shelf = board.shelf([SubmissionFolder(theirs.path)])
    assert mine.found(others=shelf) == []
    assert "states the same weights" in only(mine.found("alarm", others=shelf))
    again = copy("reflector", "again", date="2026-12-24")
    assert not again.found("alarm", others=shelf)
    assert any("the same sender" in one for one in again.found("note", others=shelf))


def test_short_replies_are_everybodys():
    short = {f"zh-b-01/{number:02d}": plain("嗯，您再说说。") for number in range(400)}
    assert shared(short, short).share == 0
    long = {f"zh-a-01/{number:02d}": plain(f"您说了很多关于第{number}次戒烟的事。") for number in range(400)}
    assert shared({**long, **short}, {**long, **short}).share == 1
    few = dict(list(long.items())[:19])
    assert shared(few, few).share == 0


def test_the_suites_own_replies_are_named(copy):
    mine = copy("reference")
    assert mine.found() == []
    mine.yaml("kind: reference", "kind: model")
    found = mine.seal().found()
    assert any("which makes it “reference”" in one for one in found)
    assert any("the suite's own authored ones: the same in 439" in one for one in found)


def test_a_run_belongs_to_a_version_or_is_told_what_to_do(copy):
    for change, named in (
        ({"suite_digest": "0" * 64}, "its text of the suite is none of a published version (v1): run the model again"),
        ({"prompt_digest": "0" * 64}, "its counsellor prompt is none of a published version"),
        ({"limit": 445}, "it was run with --limit 445"),
    ):
        spoiled = copy(below=named[:20].replace(" ", "-"))
        spoiled.write("mi_zh/run.json", {**spoiled.json("run"), **change})
        assert any(named in one for one in spoiled.seal().found()), named


def test_a_judge_in_another_version_is_an_error(copy):
    spoiled = copy()
    spoiled.write("mi_zh/run.json", {**spoiled.json("run"), "judges": {"offline": "2" * 64}})
    spoiled.pack("ratings", [{**line, "judge_digest": "2" * 64} for line in spoiled.packed("ratings")])
    assert any(
        "offline has judged in another version (222222222222) than v1 takes" in one for one in spoiled.seal().found()
    )


def test_the_newest_version_is_what_ships(root):
    newest = yaml.safe_load((root / "leaderboard/versions.yaml").read_text(encoding="utf-8"))["versions"][-1]
    ships = board.shipping_version(newest["name"], newest["date"], newest["changes"]).model_dump(mode="json")
    judges = ships.pop("judges")
    assert {key: newest[key] for key in ships} == ships
    assert [judge for judge in judges if judge not in newest["judges"]] == []


@pytest.fixture(scope="session")
def coded(finished, tmp_path_factory):
    """coded(shuffled) → a submission of the reference under its authored codes, or codes of other rounds."""
    suite = load_suite("mi_zh")

    def make(*, shifted):
        folder = tmp_path_factory.mktemp("coded") / "run"
        shutil.copytree(finished("reference"), folder)
        rounds = suite.rounds
        other = [*rounds[7:], *rounds[:7]] if shifted else rounds
        lines = [
            {"round": one.id, "codes": [utterance.code for utterance in two.reference.utterances]}
            for one, two in zip(rounds, other, strict=True)
        ]
        script = folder.parent / "people.jsonl"
        script.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        judge = api.judge_stage(RunFolder(folder), suite, f"scripted:{script}")
        api.score_stage(RunFolder(folder), suite, judge)
        said = {**SAID, "kind": "reference"}
        return board.bundle([folder], said, folder.parent / "out")[0].folder

    return make


def test_an_honest_judge_besides_the_offline_one_raises_no_alarm_but_that_nobody_knows_it(coded):
    report = board.check(coded(shifted=False))
    assert [one.what for one in report.findings if one.severity == "error"] == []
    alarms = [one.what for one in report.findings if one.severity == "alarm"]
    assert "scripted:people.jsonl" in only(alarms)
    assert "no judge of v1 yet" in alarms[0]


def test_ratings_of_other_replies_raise_an_alarm_not_a_verdict(coded):
    report = board.check(coded(shifted=True))
    assert [one.what for one in report.findings if one.severity == "error"] == []
    alarms = [one.what for one in report.findings if one.severity == "alarm"]
    assert sum("and the offline judge agree on which replies have a" in one for one in alarms) == 2


def test_secrets_are_errors_and_personal_data_alarms_without_their_words(copy):
    spoiled = copy()
    key = "hf_" + "aB3" * 12
    replies = spoiled.packed("replies")
    replies[0]["text"], replies[1]["text"] = f"请看 {key}", "打我电话 13812345678 吧。"
    spoiled.pack("replies", replies)
    spoiled.yaml("name: Model A", "name: Model A\nnotes: mail me at a.b@example.org or look in /home/anna/x")
    found = spoiled.seal().found()
    assert any(
        "replies.jsonl.gz:1 the reply to zh-alcohol-01/01 holds what looks like a token of Hugging Face" in one
        for one in found
    )
    assert any("notes holds a path of a machine" in one for one in found)
    assert key not in " ".join(found)
    alarms = spoiled.found("alarm")
    assert any("replies.jsonl.gz:2" in one and "phone number" in one for one in alarms)
    assert any("submission.yaml:3 notes holds what looks like a mail address" in one for one in alarms)


def test_cut_empty_and_refused_replies_are_counted(copy):
    spoiled = copy()
    replies = spoiled.packed("replies")
    for number, line in enumerate(replies):
        if number < 40:
            line.update(status="truncated", finish_reason="length")
        elif number < 80:
            line.update(text="抱歉，我不能提供这方面的建议。")
    spoiled.pack("replies", replies)
    alarms = spoiled.seal().found("alarm")
    assert any("40 of 445 replies (9%) are cut at the token limit" in one for one in alarms)
    assert any("40 of 445 replies (9%) decline to answer" in one for one in alarms)
    replies[0].update(text="  ", status="ok")
    spoiled.pack("replies", replies)
    assert any("is marked “ok”; its words and its end make it “empty”" in one for one in spoiled.seal().found())


def test_a_second_rating_that_comes_out_alike_is_recorded_and_void_after_an_edit(copy, submit, tmp_path, monkeypatch):
    mine = copy()
    folder = SubmissionFolder(mine.path)
    assert folder.standing() == "self-reported"
    monkeypatch.chdir(tmp_path)
    assert submit("check", mine.path, "--no-offline", "--record", "--submissions", tmp_path / "none")[0] == 0
    assert folder.standing() == "re-scored"
    code, out, _ = submit("check", mine.path, "--no-offline", "--rejudge", "offline", "--json")
    assert code == 0
    report = json.loads(out)[0]
    assert report["standing"] == folder.standing() == "reproduced"
    assert {one["metric"] for one in report["rejudged"]} >= {"proficiency", "r_to_q", "percent_cr"}
    assert mine.found() == []
    mine.yaml("Lab One", "Lab  One")
    assert folder.standing() == "self-reported"
    assert any("is void: the submission was changed since" in one for one in mine.found("alarm"))


def test_a_second_rating_by_another_judge_that_differs_is_recorded_as_not_alike(copy, submit, tmp_path, monkeypatch):
    mine = copy()
    script = tmp_path / "questions.jsonl"
    rounds = [line["round"] for line in mine.packed("replies")]
    script.write_text("".join(json.dumps({"round": one, "codes": ["Q", "SR", "Confront"]}) + "\n" for one in rounds))
    monkeypatch.chdir(tmp_path)
    code, out, _ = submit("check", mine.path, "--no-offline", "--rejudge", f"scripted:{script}")
    assert code == 0
    assert "again by scripted:questions.jsonl" in out
    assert "not alike" in out
    kept = SubmissionFolder(mine.path).checked()
    assert kept.standing == "re-scored"
    assert not all(one.alike for one in kept.rejudged)


def test_strict_makes_alarms_fail_and_nothing_is_recorded_of_a_wrong_one(copy, submit, tmp_path):
    mine = copy()
    mine.yaml("name: Model A", "name: Model A\nnotes: a.b@example.org")
    mine.seal()
    arguments = ("check", mine.path, "--no-offline", "--submissions", tmp_path)
    assert submit(*arguments)[0] == 0
    assert submit(*arguments, "--strict")[0] == 1
    mine.yaml("Lab One", "Lab 1ne")
    assert submit(*arguments, "--record")[0] == 1
    assert not (mine.path / "checked.json").exists()
    assert submit("check", tmp_path / "nowhere")[0] == 2
    assert submit("check", "all", "--record")[0] == 2
