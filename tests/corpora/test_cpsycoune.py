"""Claims about CPsyCounE's turn-based evaluation: from a person's copy to four numbers beside the published ones."""

import json

import pytest

from mibench.suites import load_suite


@pytest.fixture
def made_e(tmp_path):
    """Eight made dialogues in CPsyCounE's form, two topics."""
    for topic in ("Career", "Family Relationship"):
        (tmp_path / "E" / topic).mkdir(parents=True)
        for number in range(1, 5):
            lines = [
                f"{who}：{topic[0]}{number} 第{n}句，{words}"
                for n in range(4)
                for who, words in (("求助者", "我心里乱。"), ("支持者", "愿意多说说吗？"))
            ]
            text = json.dumps(lines, ensure_ascii=False)
            (tmp_path / "E" / topic / f"{number}.json").write_text(text, encoding="utf-8")
    return tmp_path / "E"


def test_a_models_replies_are_scored_in_the_published_ranges(mibench, server, made_e, tmp_path):
    suite, run = tmp_path / "cpsycoune_made", tmp_path / "run"
    done = mibench("corpora", "suite", f"cpsycoune:{made_e}", "--out", suite)
    assert "8 dialogues, 32 rounds" in done.stdout, done.stderr
    assert "The clients' turns are not coded." in (suite / "README.md").read_text(encoding="utf-8")
    done = mibench("run", "--suite", suite, "--out", run, "--no-anchors", "--json")
    assert done.returncode == 0, done.stderr
    told = {(piece["by"], piece["value"]) for piece in json.loads(done.stdout)["slices"]}
    assert {("client talk before", "not coded"), ("stage", "not stated"), ("area", "not stated")} <= told
    player = server()
    args = ("corpora", "turns", run, "--suite", suite, *player.by)
    done = mibench(*args, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["rounds"], found["rated"]) == (32, 32)
    highest = {"comprehensiveness": 2, "professionalism": 3, "authenticity": 3, "safety": 1}
    for name, high in highest.items():
        assert (
            0 <= found["scores"][name]["low"] <= found["scores"][name]["value"] <= found["scores"][name]["high"] <= high
        )
    assert found["published"]["CPsyCounX"] == [1.39, 2.65, 2.29, 1.0]
    asked = player.stats()["answered"]
    table = mibench(*args)
    assert "GPT-4-Turbo" in table.stdout
    assert player.stats()["answered"] == asked  # nothing is paid twice


def test_answers_that_cannot_be_read_are_unrated_and_lower_coverage(mibench, server, made_e, tmp_path):
    suite, run = tmp_path / "cpsycoune_made", tmp_path / "run"
    assert mibench("corpora", "suite", f"cpsycoune:{made_e}", "--out", suite).returncode == 0
    assert mibench("generate", "--suite", suite, "--out", run).returncode == 0
    script = tmp_path / "script.jsonl"
    script.write_text(json.dumps({"text": '{"comprehensiveness": 3}'}), encoding="utf-8")
    done = mibench("corpora", "turns", run, "--suite", suite, "--by", f"scripted/{script}", "--json")
    assert done.returncode == 3
    found = json.loads(done.stdout)
    assert found["rated"] == 0
    assert found["scores"]["safety"]["value"] is None
    assert set(found["unrated"].values()) == {"comprehensiveness must be a whole number from 0 to 2"}


def test_the_real_copy_becomes_a_suite_of_296_rounds(mibench, data, tmp_path):
    done = mibench("corpora", "suite", f"cpsycoune:{data('cpsycoun') / 'CPsyCounE'}", "--out", tmp_path / "cpsycoune")
    assert done.returncode == 0, done.stderr
    suite = load_suite(tmp_path / "cpsycoune")
    assert (len(suite.dialogues), len(suite.rounds)) == (45, 296)
    assert {dialogue.licence for dialogue in suite.dialogues} == {"CC-BY-SA-4.0"}
    assert all(dialogue.change_goal == "not stated" for dialogue in suite.dialogues)
    run = mibench("run", "--suite", tmp_path / "cpsycoune", "--limit", "12", "--out", tmp_path / "run", "--no-anchors")
    assert run.returncode == 0, run.stderr


def test_a_name_that_lm_eval_cannot_take_is_refused(mibench, made_e, tmp_path):
    done = mibench("corpora", "suite", f"cpsycoune:{made_e}", "--out", tmp_path / "My Suite")
    assert done.returncode == 2
    assert "is no name for a suite" in done.stderr
