"""Claims about the main job on both suites: it works, and the anchors stand in the order they should."""

import json

import pytest


@pytest.fixture(scope="module")
def everything(mibench, tmp_path_factory):
    """A run of all suites with the offline judge, anchors beside it."""
    folder = tmp_path_factory.mktemp("all")
    done = mibench("run", "--suite", "all", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


def profile(folder, name):
    path = folder / "scores.json" if name == "reflector" else folder / "anchors" / name / "scores.json"
    scores = json.loads(path.read_text(encoding="utf-8"))
    assert all(jury["rated"] == jury["subjects"] for jury in scores["juries"])
    return {estimate["metric"]: estimate for estimate in scores["estimates"]}


@pytest.mark.parametrize("suite", ["mi_en", "mi_zh"])
def test_reference_beats_reflector_beats_adviser_on_reflections_to_questions(everything, suite):
    reference, reflector, adviser = (
        profile(everything / suite, name)["r_to_q"] for name in ("reference", "reflector", "adviser")
    )
    assert reference["low"] > reflector["high"] > reflector["low"] > adviser["high"]


@pytest.mark.parametrize("suite", ["mi_en", "mi_zh"])
def test_the_adviser_is_far_less_adherent_than_the_reference(everything, suite):
    reference, adviser = (profile(everything / suite, name)["mina_per_dialogue"] for name in ("reference", "adviser"))
    assert reference["high"] < adviser["low"] / 3


@pytest.mark.parametrize("suite", ["mi_en", "mi_zh"])
def test_every_suite_has_its_report(everything, suite):
    assert (everything / suite / "report.html").is_file()
