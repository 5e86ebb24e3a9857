"""Claims about `mibench compare` and `mibench power` on real run folders."""

import json

import pytest

from mibench.api import compare_runs, judge_stage, power_of_runs
from mibench.errors import RunConflict, UsageError
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.suites import load_suite


@pytest.fixture
def judged(tmp_path):
    """judged("a", suite folder, codes of each round …) → a run folder whose replies are coded so, over and over."""

    def make(name, suite_folder, codes, model="reference", limit=None, rounds=None, judge="codes"):
        suite = load_suite(suite_folder)
        script = tmp_path / f"{judge}.jsonl"
        rows = [
            {"round": round_.id, "codes": codes[n % len(codes)]}
            for n, round_ in enumerate(suite.rounds)
            if rounds is None or n in rounds
        ]
        script.write_text("".join(json.dumps(row) + "\n" for row in rows))
        folder = RunFolder(tmp_path / name)
        generate(folder, suite, GenerationPlan(model=model, limit=limit))
        judge_stage(folder, suite, f"scripted:{script}")
        return folder.path

    return make


GOOD, POOR = [["CR", "Q"], ["SR"], ["CR"], ["CR", "AF"]], [["Q"], ["SR", "Q"], ["Persuade"], ["GI", "Q"]]


def same_judge(*folders):
    """As if one judge had rated both: the scripts differ, their digests must not."""
    digest = "0" * 64
    for path in folders:
        folder = RunFolder(path)
        manifest = folder.manifest()
        folder.save(manifest.model_copy(update={"judges": dict.fromkeys(manifest.judges, digest)}))
        lines = [rating.model_copy(update={"judge_digest": digest}) for rating in folder.ratings()]
        folder.ratings_path.write_text("".join(line.model_dump_json() + "\n" for line in lines))
    return folders


def test_two_runs_are_compared_round_by_round(mibench, small_suite, judged):
    suite = small_suite(6)
    one, other = same_judge(judged("one", suite, GOOD), judged("other", suite, POOR, model="adviser"))
    done = mibench("compare", one, other, "--suite", suite, "--draws", "300")
    assert done.returncode == 0, done.stderr
    assert "reference − adviser" in done.stdout
    assert "12 rated subjects in 6 dialogues" in done.stdout
    assert "nan" not in done.stdout.lower()
    found = json.loads(
        mibench("compare", one, other, "--suite", suite, "--draws", "300", "--metric", "all", "--json").stdout
    )
    by_metric = {d["metric"]: d for d in found[0]["differences"]}
    assert by_metric["r_to_q"]["difference"] == pytest.approx(4 / 1 - 1 / 3)
    assert "bleu_4" in by_metric


def test_runs_under_other_judges_are_refused_with_what_differs(mibench, small_suite, judged):
    suite = small_suite(3)
    one, other = judged("one", suite, GOOD), judged("other", suite, POOR)
    done = mibench("compare", one, other, "--suite", suite)
    assert done.returncode == 2
    assert "the judges or their versions differ" in done.stderr
    assert "--anyway" in done.stderr
    assert "Traceback" not in done.stderr
    marked = mibench("compare", one, other, "--suite", suite, "--anyway", "--draws", "300")
    assert marked.returncode == 0, marked.stderr
    assert "Not comparable, compared anyway: the judges or their versions differ." in " ".join(marked.stdout.split())


def test_runs_on_another_prompt_or_other_rounds_are_refused_with_what_differs(small_suite, judged):
    suite = small_suite(3)
    one = judged("one", suite, GOOD)
    (suite / "counsellor.jinja").write_text("你是医生。目标：{{ change_goal }}", encoding="utf-8")
    other = judged("other", suite, GOOD)
    short = judged("short", suite, GOOD, limit=4)
    with pytest.raises(RunConflict, match=r"the counsellor prompt differs"):
        compare_runs([one, other], suite=suite)
    with pytest.raises(RunConflict, match=r"how many rounds were asked \(--limit\) differs"):
        compare_runs([other, short], suite=suite)
    found = compare_runs([other, short], suite=suite, anyway=True, draws=300)[0]
    assert found.unequal == ("how many rounds were asked (--limit) differs",)
    assert (found.rounds, found.left_out) == (4, 2)


def test_runs_on_another_text_of_the_suite_are_refused(small_suite, judged, made):
    suite = small_suite(3)
    one = judged("one", suite, GOOD)
    (suite / "dialogues.jsonl").write_text(
        "".join(json.dumps(made(n, change_goal="少喝酒")) + "\n" for n in (1, 2, 3)), encoding="utf-8"
    )
    other = judged("other", suite, GOOD)
    with pytest.raises(RunConflict, match="the suite's text differs"):
        compare_runs([one, other], suite=suite)
    again = judged("again", suite, GOOD)
    (suite / "dialogues.jsonl").write_text(json.dumps(made(1)) + "\n", encoding="utf-8")
    with pytest.raises(RunConflict, match="the suite's text has changed since they were run"):
        compare_runs([other, again], suite=suite)


def test_one_folder_is_compared_through_two_judges(small_suite, judged):
    suite = small_suite(4)
    folder = judged("run", suite, GOOD, judge="kind")
    assert judged("run", suite, POOR, judge="strict") == folder
    names = list(RunFolder(folder).manifest().judges)
    found = compare_runs([folder], names, suite=suite, draws=300)[0]
    assert [side.label for side in found.sides] == ["scripted:kind.jsonl", "scripted:strict.jsonl"]
    assert found.sides[0].replies_digest == found.sides[1].replies_digest
    assert found.unequal == ()
    r_to_q = next(d for d in found.differences if d.metric == "r_to_q")
    assert r_to_q.difference == pytest.approx(4 / 1 - 1 / 3)


def test_models_on_two_suites_are_compared_on_each_and_on_both_together(small_suite, judged, made, tmp_path):
    first = small_suite(4, name="first")
    lines = [json.dumps(made(n, id=f"zh-other-{n:02d}")) + "\n" for n in range(1, 5)]
    second = small_suite(name="second", lines=lines)
    runs = [
        judged(f"{suite.name}-{model}", suite, codes, model=model)
        for suite in (first, second)
        for model, codes in (("reference", GOOD), ("adviser", POOR))
    ]
    same_judge(*runs)
    from mibench.scoring import Draws, JudgeFacts, compare
    from mibench.scoring.contenders import Entry, fields

    entries = [
        Entry(RunFolder(path), load_suite(suite), (JudgeFacts("scripted:codes.jsonl", "reply"),))
        for path, suite in zip(runs, (first, first, second, second), strict=True)
    ]
    found = [compare(field.contenders, how=Draws(300, 0)) for field in fields(entries)]
    assert [(c.suite, c.rounds, c.dialogues) for c in found] == [
        ("first", 8, 4), ("second", 8, 4), ("first + second", 16, 8),
    ]  # fmt: skip


def test_a_run_alone_on_its_suite_is_refused(small_suite, judged):
    suite = small_suite(2)
    with pytest.raises(UsageError, match="nothing to compare it with"):
        compare_runs([judged("one", suite, GOOD)], suite=suite)


def test_rounds_that_only_one_run_has_rated_are_left_out_and_counted(mibench, small_suite, judged):
    suite = small_suite(4)
    one, other = same_judge(judged("one", suite, GOOD), judged("other", suite, POOR, model="adviser", rounds=range(5)))
    done = mibench("compare", one, other, "--suite", suite, "--draws", "300")
    assert done.returncode == 0, done.stderr
    assert "5 rated subjects in 3 dialogues; 3 left out that not all runs have" in " ".join(done.stdout.split())


def test_runs_without_any_rating_are_refused_without_a_traceback(mibench, small_suite, judged):
    suite = small_suite(2)
    one, other = same_judge(judged("one", suite, GOOD), judged("other", suite, POOR, model="adviser", rounds=()))
    for command in ("compare", "power"):
        done = mibench(command, one, other, "--suite", suite)
        assert done.returncode == 2, done.stdout + done.stderr
        assert "no rated round in common" in done.stderr
        assert "Traceback" not in done.stderr


def test_power_says_what_a_run_can_show(mibench, small_suite, judged):
    suite = small_suite(6)
    run = judged("run", suite, GOOD[:3])
    done = mibench("power", run, "--suite", suite, "--difference", "10", "--metric", "percent_cr")
    assert done.returncode == 0, done.stderr
    assert "%CR" in done.stdout
    assert "6 dialogues of 2.0 rounds" in " ".join(done.stdout.split())
    found = json.loads(mibench("power", run, "--suite", suite, "--difference", "10", "--json").stdout)
    assert {one["metric"] for one in found["metrics"]} == {
        "proficiency", "r_to_q", "percent_cr", "mia_per_100", "mina_per_100",
    }  # fmt: skip
    wrong = mibench("power", run, "--suite", suite, "--metric", "percent_rc")
    assert wrong.returncode == 2
    assert "Did you mean percent_cr?" in wrong.stderr


def test_power_of_runs_from_python_equals_the_command(mibench, small_suite, judged):
    suite = small_suite(6)
    run = judged("run", suite, GOOD[:3])
    found = json.loads(mibench("power", run, "--suite", suite, "--json").stdout)
    assert power_of_runs([run], suite=suite).model_dump(mode="json") == found
