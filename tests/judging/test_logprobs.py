"""Claims about shares from token probabilities: what the server's numbers imply, asked once, never a guess."""

import hashlib
import json
import runpy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibench.errors import UsageError
from mibench.judging import load_judge
from mibench.judging.prompted.reading import Unreadable
from mibench.judging.prompted.weighed import PAIRS, PLAIN, expected_counts, read_share
from mibench.judging.providers.weighing import weigh
from mibench.records import RunFolder, digest_of
from mibench.schema import CODES, Occasion
from mibench.suites import load_suite, occasion_of

pytest.importorskip("openai", reason="needs the judges extra")

SPEC = "panel:openai/gpt-4.1"
NAME = "panel+logprobs:openai/gpt-4.1"
QUESTIONS = [question for pair in PAIRS for question in pair] + list(PLAIN)
probability = st.floats(0, 1)


@pytest.fixture(scope="module")
def answered(tmp_path_factory, mibench):
    """answered("mi_zh", 60) → a fresh folder with the reflector's first replies."""

    def make(suite, limit):
        folder = tmp_path_factory.mktemp("answered") / "run"
        assert mibench("generate", "--suite", suite, "--limit", limit, "--out", folder).returncode == 0
        return folder

    return make


def judge(mibench, server, folder, *options, spec=SPEC):
    address = ("--judge-url", f"{server.url}/v1") if "compatible" in spec else ()
    return mibench("judge", folder, "--judge", spec, "--shares", "logprobs", *address, *options, env=server.env)


def records(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def implied(root, folder, suite):
    """Round id → the counts that the server's numbers imply, or None where they say nothing; worked out anew here."""
    tops = runpy.run_path(root / "tests/servers/judge_server.py")["tops"]
    loaded, replies = load_judge(NAME), RunFolder(folder).replies()
    found = {}
    for round_ in load_suite(suite).rounds:
        if round_.id not in replies:
            continue
        text = replies[round_.id].text
        p = {}
        asked = loaded.questions(occasion_of(round_), text, digest_of(text), 0)
        for question, name in zip(asked, QUESTIONS, strict=True):
            told = tops(question.system, hashlib.sha256((question.system + question.user).encode()).hexdigest())
            yes = sum(p for token, p in told if token in ({" 是", "是"} if suite == "mi_zh" else {"Yes", " yes"}))
            no = sum(p for token, p in told if token == ("否" if suite == "mi_zh" else "no"))
            p[name] = yes / (yes + no) if yes + no >= 0.5 else None
        found[round_.id] = None if None in p.values() else {
            "SR": p["reflection"] * (1 - p["complex"]), "CR": p["reflection"] * p["complex"],
            "Persuade": p["advice"] * (1 - p["permission"]), "PwP": p["advice"] * p["permission"],
            "Q": p["question"], "AF": p["affirm"], "Seek": p["seek"], "Emphasize": p["emphasize"],
            "GI": p["information"], "Confront": p["confront"],
        }  # fmt: skip
    return found


@pytest.mark.parametrize("suite", ["mi_zh", "mi_en"])
def test_shares_are_what_the_servers_probabilities_imply_and_nothing_is_asked_twice(
    mibench, server, answered, root, suite, monkeypatch
):
    monkeypatch.syspath_prepend(root / "tests/servers")  # the server's other half lies beside it
    running, folder = server(), answered(suite, 60)
    done = judge(mibench, running, folder)
    assert done.returncode == 0, done.stderr
    ratings, expected = records(folder / "ratings.jsonl"), implied(root, folder, suite)
    assert sorted(r["subject"] for r in ratings) == sorted(expected)
    assert len(ratings) == 60
    assert running.stats()["total"] == 600
    unrated = 0
    for rating in ratings:
        counts = expected[rating["subject"]]
        assert rating["judge"] == NAME
        if counts is None:
            unrated += 1
            assert rating["status"] == "unrated"
            assert "the model puts only 3 % on " + ("是 or 否" if suite == "mi_zh" else "yes or no") in rating["reason"]
            continue
        assert rating["counts"] == pytest.approx(counts, abs=1e-6)
        assert rating["counts"]["SR"] + rating["counts"]["CR"] <= 1
        assert rating["counts"]["PwP"] + rating["counts"]["Persuade"] <= 1
        assert rating.get("depth") is rating.get("added_meaning") is None
        assert not rating.get("evidence")
        assert rating["tokens_out"] == 10
    assert 0 < unrated < 30
    (folder / "ratings.jsonl").rename(folder / "lost.jsonl")
    assert judge(mibench, running, folder).returncode == 0
    assert running.stats()["total"] == 600, "answers on disk were asked again"
    assert {r["subject"]: r.get("counts") for r in records(folder / "ratings.jsonl")} == {
        r["subject"]: r.get("counts") for r in ratings
    }


def test_faults_that_pass_change_no_share_and_those_that_last_are_unrated(mibench, server, answered):
    running, calm, folder = server("--faults", 0.1), server(), answered("mi_en", 40)
    assert judge(mibench, running, folder).returncode == 0
    found = {r["subject"]: r for r in records(folder / "ratings.jsonl")}
    for name in ("ratings.jsonl", "calls.jsonl"):
        (folder / name).unlink()
    assert judge(mibench, calm, folder).returncode == 0
    undisturbed = {r["subject"]: r for r in records(folder / "ratings.jsonl")}
    assert found.keys() == undisturbed.keys()
    assert len(found) == 40
    lasting = [r["reason"] for r in found.values() if r["status"] == "unrated"]
    assert all("refused to answer" in why or "puts only" in why for why in lasting)
    assert {why for why in lasting if "refused" in why or "only 0 %" in why}
    for subject, rating in found.items():
        if rating["status"] == "rated":
            assert rating["counts"] == undisturbed[subject]["counts"]


def test_spoken_and_weighed_shares_stand_beside_each_other_in_one_run(mibench, server, answered):
    running, folder = server(), answered("mi_en", 12)
    assert judge(mibench, running, folder).returncode == 0
    assert mibench("judge", folder, "--judge", SPEC, env=running.env).returncode == 0
    judges = json.loads((folder / "run.json").read_text(encoding="utf-8"))["judges"]
    assert judges.keys() == {NAME, SPEC}
    assert judges[NAME] != judges[SPEC]
    for name in (NAME, SPEC):
        scored = mibench("score", folder, "--judge", name, "--json", "--min-coverage", "0")
        assert scored.returncode == 0, scored.stderr
        [column] = json.loads(scored.stdout)["judges"]
        assert column["judge"] == name
        assert ("not measured" in column["evidence"]) == (name == NAME)


def test_an_estimate_counts_one_token_out_a_question_and_a_budget_holds(mibench, server, answered, tmp_path):
    running, folder = server(), answered("mi_en", 12)
    table = tmp_path / "prices.yaml"
    table.write_text("openai/gpt-4.1: {input: 2, output: 8, as_of: '2026-11-01', source: test}\n")
    options = ("--shares", "logprobs", "--prices", table)
    told = mibench("estimate", folder, "--judge", SPEC, *options, "--json", env=running.env)
    found = json.loads(told.stdout)
    assert (found["calls"], found["tokens_out"]) == (120, 120)
    assert found["dollars"] == pytest.approx((2 * found["tokens_in"] + 8 * 120) / 1e6)
    cap = found["dollars"] / 3
    stopped = judge(mibench, running, folder, "--prices", table, "--budget", cap)
    assert stopped.returncode == 3
    assert 0 < sum(call["cost"] for call in records(folder / "calls.jsonl")) <= cap


def test_it_validates_on_the_contrast_set_beside_spoken_shares(mibench, server, tmp_path):
    running = server()
    for shares in ("logprobs", "spoken"):
        done = mibench("judges", "validate", SPEC, "--shares", shares, "--language", "en", cwd=tmp_path,
                       env=running.env)  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Confront" in done.stdout
    kept = {path.name for path in (tmp_path / "runs").iterdir()}
    assert kept == {"validate-panel-openai-gpt-4.1", "validate-panel+logprobs-openai-gpt-4.1"}


@pytest.mark.parametrize(
    ("spec", "options", "said"),
    [
        (
            "panel:anthropic/claude-x",
            {"shares": "logprobs"},
            "anthropic/claude-x tells no token probabilities.*hf/PATH",
        ),
        ("panel+logprobs:openai/o3", {}, "openai/o3 tells no token probabilities"),
        ("openai/o3-pro", {"shares": "logprobs"}, "openai/o3-pro tells no token probabilities"),
        ("codes:openai/gpt-4.1", {"shares": "logprobs"}, r"The judge codes cannot .* There is: panel\+logprobs\."),
        ("offline", {"shares": "logprobs"}, "The judge offline cannot"),
        ("panel+votes:openai/gpt-4.1", {}, "The judge panel cannot be asked for votes"),
        ("panel+logprobs:openai/gpt-4.1", {"shares": "spoken"}, "do not go together"),
    ],
)
def test_what_cannot_be_weighed_is_refused_with_what_can(spec, options, said):
    with pytest.raises(UsageError, match=said):
        load_judge(spec, **options)


@pytest.mark.parametrize("model", ["unable", "deaf"])
def test_a_server_that_tells_no_probabilities_stops_the_run_at_the_first_call(mibench, server, answered, model):
    running, folder = server(), answered("mi_en", 4)
    done = judge(mibench, running, folder, spec=f"compatible/{model}")
    assert done.returncode == 1
    assert "tells no token probabilities, so it cannot be asked with --shares logprobs" in done.stderr
    assert running.stats()["total"] <= 1


def test_both_ways_to_name_it_are_one_judge_and_the_digest_tells_it_from_the_spoken():
    named, told = load_judge(NAME), load_judge("openai/gpt-4.1", shares="logprobs")
    assert named.name == told.name == NAME
    assert named.digest == told.digest
    assert named.digest != load_judge(SPEC).digest == load_judge(SPEC, shares="spoken").digest


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rendered_questions_are_the_golden_file_a_reviewer_has_read(root, language):
    loaded = load_judge(NAME)
    loaded.__dict__["digest"] = "0" * 64
    asked = loaded.questions(
        occasion(language), {"zh": "您怕白费劲。试过吗？", "en": "You're afraid. Have you?"}[language], "d", 0
    )
    lines = "\n".join(question.user.splitlines()[-1] for question in asked[1:])
    text = f"=== system\n{asked[0].system}\n\n=== user\n{asked[0].user}\n\n=== or, at its end\n{lines}\n"
    golden = root / f"tests/judging/golden/logprobs.{language}.txt"
    if not golden.exists():  # pragma: no cover - written once, then read by a person
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_questions_about_one_reply_differ_in_their_last_line_only_so_that_prefix_caches_hit(language):
    asked = load_judge(NAME).questions(occasion(language), "One.", "d", 0)
    assert len({question.key for question in asked}) == len({question.user for question in asked}) == 10
    assert len({(question.system, question.user.rpartition("\n")[0]) for question in asked}) == 1
    assert {question.options for question in asked} == {("是", "否") if language == "zh" else ("yes", "no")}


def occasion(language):
    words = {"zh": ("戒酒", "想戒，又怕戒不掉。"), "en": ("stop drinking", "I want to, and I can't.")}[language]
    return Occasion(id="x/01", language=language, change_goal=words[0], history=(("client", words[1]),))


def test_spellings_of_an_option_add_up_and_other_words_do_not_count():
    tokens = [
        ("Yes", 0.3),
        (" yes", 0.2),
        ("▁YES", 0.1),
        ("no", 0.1),
        ("Not", 0.1),
        ("是", 0.1),
        ("", 0.05),
        (" ", 0.05),
    ]
    assert weigh(("yes", "no"), tokens) == pytest.approx({"yes": 0.6, "no": 0.1})
    assert weigh(("yes", "no"), [("Y", 0.5), ("n", 0.25), ("yesterday", 0.25)]) == {"yes": 0.5, "no": 0.25}


@given(st.dictionaries(st.sampled_from(QUESTIONS), probability, min_size=10))
def test_counts_are_shares_and_exclusive_pairs_never_pass_one(shares):
    counts = expected_counts(shares)
    assert counts.keys() <= set(CODES)
    assert all(0 < count <= 1 for count in counts.values())
    assert counts.get("SR", 0) + counts.get("CR", 0) <= 1
    assert counts.get("PwP", 0) + counts.get("Persuade", 0) <= 1
    assert counts.get("SR", 0) + counts.get("CR", 0) == pytest.approx(shares["reflection"])


@given(probability, probability)
def test_a_share_is_a_proportion_of_enough_or_unreadable(yes, no):
    answer = {"yes": yes, "no": no}
    if yes + no < 0.5:
        with pytest.raises(Unreadable, match="the model puts only"):
            read_share(answer, ("yes", "no"), "affirm")
    else:
        assert read_share(answer, ("yes", "no"), "affirm") == pytest.approx(yes / (yes + no))


@pytest.mark.parametrize(
    "answer", [{}, {"yes": "0.9", "no": 0.1}, {"yes": True, "no": 0}, {"yes": -1, "no": 1}, {"yes": 2, "no": 0}]
)
def test_what_is_no_probability_is_unreadable(answer):
    with pytest.raises(Unreadable, match="it must be a number from 0 to 1"):
        read_share(answer, ("yes", "no"), "affirm")
