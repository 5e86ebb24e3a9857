"""Claims about a run divided among processes and joined again."""

import json
import shutil

import pytest

from mibench.api import judge_stage, run
from mibench.errors import UsageError
from mibench.merging import cut_shard, merge_runs
from mibench.records import RunFolder
from mibench.suites import Shard, load_suite


def rows(path, *changing):
    """The lines of a file as dictionaries, without what is different in any two runs."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in row.items() if key not in changing} for row in found]


def scores(path):
    found = json.loads(path.read_text(encoding="utf-8"))
    for judge in found["judges"]:
        del judge["seconds"]
    return found


def manifest(path):
    found = json.loads((path / "run.json").read_text(encoding="utf-8"))
    del found["created"]
    return found


def assert_same_run(one, other):
    assert rows(one / "replies.jsonl", "seconds") == rows(other / "replies.jsonl", "seconds")
    assert rows(one / "ratings.jsonl", "seconds") == rows(other / "ratings.jsonl", "seconds")
    assert scores(one / "scores.json") == scores(other / "scores.json")
    assert manifest(one) == manifest(other)


@pytest.fixture
def done(mibench, tmp_path):
    """done("run", …) → a command that must succeed."""

    def command(*args):
        found = mibench(*args, cwd=tmp_path)
        assert found.returncode == 0, found.stderr
        return found

    return command


@pytest.fixture(scope="module")
def made_once(tmp_path_factory, new_suite):
    """A suite of five small dialogues, a whole run on it, and the same run in three shards."""
    place = tmp_path_factory.mktemp("shards")
    suite = new_suite(place / "made", 5)
    run(suite=suite, out=place / "whole")
    for number in (1, 2, 3):
        run(suite=suite, out=place / "run", shard=f"{number}/3")
    return place


@pytest.fixture
def place(made_once, tmp_path):
    """A copy of these to spoil."""
    shutil.copytree(made_once, tmp_path / "place")
    return tmp_path / "place"


@pytest.fixture
def shards(place):
    """The three shards."""
    return sorted((place / "run/shards").iterdir())


@pytest.fixture
def merge(place):
    """merge(parts) → joined in the folder `merged`."""
    return lambda parts, out="merged", **how: merge_runs(parts, place / out, suite=str(place / "made"), **how)


def test_shards_that_are_merged_are_the_run_that_one_process_would_have_made(done, tmp_path):
    common = ("--limit", 60, "--judge", "offline", "--no-anchors")
    for number in (3, 1, 2):
        said = done("run", *common, "--out", "divided", "--shard", f"{number}/3").stdout
    assert "mibench merge-runs divided/shards/*-of-3 --out divided" in said
    parts = sorted((tmp_path / "divided/shards").iterdir())
    done("merge-runs", *parts, "--no-anchors", "--out", "divided")
    done("run", *common, "--out", "whole")
    assert_same_run(tmp_path / "divided", tmp_path / "whole")
    assert (tmp_path / "divided/report.html").is_file()
    before = (tmp_path / "divided/ratings.jsonl").read_bytes()
    done("merge-runs", *parts, "--no-anchors", "--out", "divided")
    assert (tmp_path / "divided/ratings.jsonl").read_bytes() == before, "merging again adds nothing"


def test_the_anchors_of_a_merged_run_are_those_of_an_undivided_one(merge, shards, place):
    merge(shards)
    assert_same_run(place / "merged", place / "whole")
    assert_same_run(place / "merged/anchors/adviser", place / "whole/anchors/adviser")


def test_every_dialogue_lies_in_one_shard_whole(shards):
    found = [{row["round"] for row in rows(part / "replies.jsonl")} for part in shards]
    dialogues = [{id_.partition("/")[0] for id_ in part} for part in found]
    assert sum(map(len, found)) == len(set().union(*found)) == 10
    assert sum(map(len, dialogues)) == len(set().union(*dialogues)) == 5


def test_a_run_is_judged_in_shards_and_gains_their_ratings(done, merge, place):
    folder = place / "alone"
    folder.mkdir()
    shutil.copy(place / "whole/replies.jsonl", folder)
    shutil.copy(place / "whole/run.json", folder)
    change(folder, judges={}, digests={}, canaries={})
    done("judge", folder, "--suite", place / "made", "--shard", "1/2")
    suite = load_suite(place / "made")
    judge_stage(cut_shard(RunFolder(folder), suite, Shard(2, 2)), suite, "offline")
    merge(sorted((folder / "shards").iterdir()), "alone", anchors=False)
    assert_same_run(folder, place / "whole")


def test_a_killed_shard_goes_on_and_asks_nothing_again(place, shards):
    whole = {name: (shards[0] / name).read_bytes() for name in ("replies.jsonl", "ratings.jsonl")}
    for name, text in whole.items():
        (shards[0] / name).write_bytes(text[: text.index(b"\n") + 30])
    run(suite=place / "made", out=place / "run", shard="1/3")
    for name, text in whole.items():
        assert (shards[0] / name).read_bytes().startswith(text[: text.index(b"\n") + 1])
        was = [json.loads(line) for line in text.splitlines()]
        assert rows(shards[0] / name, "seconds") == [{k: v for k, v in row.items() if k != "seconds"} for row in was]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda parts: parts[:2], "A shard is missing: 3/3."),
        (lambda parts: [*parts, parts[0]], "are both the shard 1/3"),
        (lambda parts: (cut(parts[1] / "replies.jsonl"), parts)[1], "have no reply, such as zh-made-"),
        (lambda parts: (cut(parts[1] / "ratings.jsonl"), parts)[1], "offline has not rated 1 of "),
        (lambda parts: (change(parts[2], seed=4), parts)[1], "shards of different runs: their seed is “0” and “4”"),
        (lambda parts: (change(parts[2], limit=3), parts)[1], "their number of rounds is all and 3"),
        (lambda parts: (change(parts[2], judges={}), parts)[1], "their list of judges is offline ("),
        (lambda parts: (change(parts[2], shard="3/4"), parts)[1], "shards of runs divided differently"),
        (lambda parts: (change(parts[2], shard=None), parts)[1], "is a whole run, not a shard"),
        (lambda parts: (borrow(*parts[:2]), parts)[1], "holds replies to 4 rounds that belong to other shards"),
    ],
)
def test_shards_that_do_not_fit_are_refused_with_a_sentence(merge, shards, place, spoil, said):
    with pytest.raises(UsageError) as refused:
        merge(spoil(shards))
    assert said in str(refused.value)
    assert not (place / "merged/replies.jsonl").exists()


def cut(path):
    path.write_bytes(path.read_bytes()[:-5])


def change(part, **what):
    found = json.loads((part / "run.json").read_text(encoding="utf-8"))
    (part / "run.json").write_text(json.dumps({**found, **what}), encoding="utf-8")


def borrow(source, target):
    with (target / "replies.jsonl").open("ab") as file:
        file.write((source / "replies.jsonl").read_bytes())


def test_a_shard_is_not_scored_as_if_it_were_a_run(mibench, shards, place):
    found = mibench("score", shards[0], "--suite", place / "made")
    assert found.returncode == 2
    assert "is the shard 1/3 of a run" in found.stderr


def test_a_merge_does_not_go_into_another_run(merge, shards, place):
    shutil.copytree(place / "whole", place / "merged")
    change(place / "merged", seed=3)
    with pytest.raises(UsageError, match="holds another run: its seed"):
        merge(shards)


def test_a_run_that_holds_other_replies_is_not_merged_into(merge, shards, place):
    shutil.copytree(place / "whole", place / "merged")
    path = place / "merged/replies.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"text":"', '"text":"另'), encoding="utf-8")
    with pytest.raises(UsageError, match="hold different replies to zh-made-01/01"):
        merge(shards)


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "a/b"])
def test_what_is_no_shard_is_a_sentence(shard):
    with pytest.raises(UsageError, match=f"“{shard}” is no shard. Write I/N"):
        Shard.parse(shard)


def test_more_shards_than_dialogues_leave_some_empty_and_merge(merge, place):
    for number in range(1, 8):
        run(suite=place / "made", out=place / "many", shard=f"{number}/7")
    merge(sorted((place / "many/shards").iterdir()), anchors=False)
    assert_same_run(place / "merged", place / "whole")
