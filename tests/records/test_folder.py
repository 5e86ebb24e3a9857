"""Claims about the run folder."""

import pytest

from mibench.errors import BadRecord, RunConflict, UsageError
from mibench.records import RunFolder
from mibench.schema import Manifest, ModelIdentity, Reply


def manifest(**changes):
    model = ModelIdentity(name="reflector", revision="1", chat_template="applied", system="system-role")
    fields = {
        "suite": "made", "suite_digest": "a" * 64, "prompt_digest": "b" * 64, "model": model, "seed": 0, "created": "now",
    }  # fmt: skip
    return Manifest(**{**fields, **changes})


def test_the_same_run_may_go_on_and_keeps_its_manifest(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.begin(manifest())
    assert folder.begin(manifest(created="later")).created == "now"


def test_a_raised_limit_is_the_same_run(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.begin(manifest(limit=5))
    assert folder.begin(manifest()).limit is None
    assert folder.manifest().limit is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"suite": "other"}, "suite"),
        ({"suite_digest": "c" * 64}, "suite text"),
        ({"prompt_digest": "c" * 64}, "counsellor prompt"),
        ({"seed": 1}, "seed"),
        (
            {"model": ModelIdentity(name="adviser", revision="1", chat_template="applied", system="system-role")},
            "model",
        ),
        (
            {"model": ModelIdentity(name="reflector", revision="2", chat_template="applied", system="system-role")},
            "model revision",
        ),
    ],
)
def test_another_run_is_refused_and_the_difference_named(tmp_path, change, said):
    folder = RunFolder(tmp_path / "run")
    folder.begin(manifest())
    with pytest.raises(RunConflict, match=f"holds another run: its {said} is .*--out"):
        folder.begin(manifest(**change))


def test_a_folder_in_use_is_refused_until_it_is_free(tmp_path):
    folder = RunFolder(tmp_path / "run")
    with (
        folder.locked(),
        pytest.raises(RunConflict, match="Another mibench is at work"),
        RunFolder(folder.path).locked(),
    ):
        pass
    with folder.locked():
        pass


def test_of_a_round_answered_twice_the_first_reply_counts(tmp_path):
    folder = RunFolder(tmp_path)
    with folder.append_replies() as file:
        for text in ("first", "second"):
            file.append(Reply(round="zh-made-01/01", text=text, status="ok", seconds=0))
    assert folder.replies()["zh-made-01/01"].text == "first"


def test_a_folder_that_is_no_run_says_so(tmp_path):
    with pytest.raises(UsageError, match=r"no run folder.*run\.json"):
        RunFolder(tmp_path).manifest()


def test_scores_of_another_version_are_named_and_how_to_make_them_anew(tmp_path):
    (tmp_path / "scores.json").write_text('{"model": "m", "made_by_a_later_version": 1}')
    with pytest.raises(BadRecord, match=r"scores\.json:1: .*`mibench score"):
        RunFolder(tmp_path).scores()
