"""Claims about the canary: a judge that drifts is caught, one that does not is not, and changed words are refused."""

import itertools
import json

import numpy as np
import pytest

from mibench.schema import CODES, CanaryItem, Verdict
from mibench.validating import answers_of, canary_replies, compared, contrast_items, drawn_items

REPLIES = [reply for language in ("en", "zh") for reply in canary_replies(language)]


def answers(counts_of, digest="d"):
    verdicts = [
        Verdict(status="rated", counts=counts) if counts is not None else Verdict(status="unrated", reason="no")
        for counts in map(counts_of, REPLIES)
    ]
    return answers_of("made", digest, REPLIES, verdicts)


def steady(reply):
    """A judge that gives a question to every third reply and a simple reflection to the others."""
    return {"Q": 1.0} if int(reply.item.digest, 16) % 3 == 0 else {"SR": 1.0}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_canary_is_the_draw_of_seed_0_and_holds_no_words(root, language):
    text = (root / f"judges/canary/{language}.jsonl").read_text()
    items = [CanaryItem.model_validate_json(line) for line in text.splitlines()]
    assert items == drawn_items(language)
    assert len({item.id for item in items}) == 60
    assert text.isascii()
    heldout = {item.reply: item.codes for item in contrast_items(language, "heldout")}
    ours = [reply for reply in REPLIES if reply.occasion.language == language and reply.item.source == "contrast"]
    assert all(sum(code in heldout[reply.reply] for reply in ours) >= 3 for code in CODES)


def test_a_judge_that_answers_the_same_has_not_drifted():
    result = compared(answers(steady), answers(steady), REPLIES)
    assert (result.replies, result.changed, result.distance, result.drifted) == (120, 0, 0, False)
    assert {shift.shift for shift in result.shifts} == {0}
    assert all(shift.p == 1 for shift in result.shifts)


def test_a_judge_that_wavers_as_often_up_as_down_has_not_drifted():
    ways = dict(zip(sorted(r.item.id for r in REPLIES), itertools.cycle([0.1, -0.1]), strict=False))
    result = compared(answers(lambda _: {"Q": 0.5}), answers(lambda reply: {"Q": 0.5 + ways[reply.item.id]}), REPLIES)
    assert not result.drifted
    assert result.distance == pytest.approx(0.1 / len(CODES))
    assert result.changed == 60


def test_a_judge_that_drifts_in_one_language_is_caught_there_and_not_in_the_other():
    def drifted(reply):
        return {"CR": 0.9} if "SR" in steady(reply) and reply.occasion.language == "zh" else steady(reply)

    result = compared(answers(steady), answers(drifted, digest="e"), REPLIES)
    found = {(shift.language, shift.code): shift for shift in result.shifts}
    assert result.drifted
    assert (result.largest.language, abs(result.largest.shift)) == ("zh", abs(found["zh", "SR"].shift))
    for code, sign in (("SR", -1), ("CR", 1)):
        assert found["zh", code].p_holm < 0.01
        assert found["zh", code].shift * sign > 0.5
    assert found["zh", "Q"].shift == found["en", "SR"].shift == 0
    assert found["zh", None].p < 0.05
    assert found["zh", None].p_holm is None


def test_its_p_values_are_those_of_swapping_whole_situations():
    then, now = answers(steady), answers(lambda r: {"SR": 1.0} if int(r.item.digest, 16) % 7 == 0 else steady(r))
    found = next(s for s in compared(then, now, REPLIES).shifts if (s.language, s.code) == ("en", "Q"))
    here = [place for place, reply in enumerate(REPLIES) if reply.occasion.language == "en"]
    counts = [[(side.answers[place].counts or {}).get("Q", 0.0) for place in here] for side in (then, now)]
    apart = np.subtract(counts[1], counts[0])
    situations = [REPLIES[place].situation for place in here]
    sums = np.array([apart[[s == name for s in situations]].sum() for name in dict.fromkeys(situations)])
    signs = np.random.default_rng(1).choice([-1, 1], (20_000, len(sums)))
    expected = (np.abs(signs @ sums) >= abs(sums.sum()) - 1e-9).mean()
    assert found.shift == pytest.approx(apart.mean(), abs=1e-6)
    assert found.p == pytest.approx(expected, abs=0.02)


def test_unrated_replies_are_left_out_and_counted():
    now = answers(lambda reply: None if reply.situation == REPLIES[0].situation else steady(reply))
    gone = sum(reply.situation == REPLIES[0].situation for reply in REPLIES)
    result = compared(answers(steady), now, REPLIES)
    assert (result.replies, result.unrated, result.newly_unrated) == (120 - gone, gone, gone)
    assert not result.drifted


def script(path, skew):
    """A scripted judge of the canary; `skew` takes the questions away."""
    path.parent.mkdir(exist_ok=True)
    rows = [{"round": r.item.id, "codes": ["SR"] if skew else list(steady(r))} for r in REPLIES]
    rows += [{"round": f"zh-made-0{n}/0{r}", "codes": ["Q"]} for n in (1, 2) for r in (1, 2)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return f"scripted:{path}"


def test_the_first_time_stores_and_the_next_compares_and_a_run_notes_it(checkout, small_suite, tmp_path):
    first = script(tmp_path / "then/judge.jsonl", skew=False)
    done = checkout.mibench("judges", "canary", first)
    assert "120 of 120 replies rated by scripted:judge.jsonl; stored as its first answers" in done.stdout, done.stderr
    stored = checkout.path / "judges/scripted/canary/scripted-judge.jsonl.json"
    kept = json.loads(stored.read_text())["first"]
    assert "No drift: largest shift 0.00" in checkout.mibench("judges", "canary", first).stdout

    later = script(tmp_path / "now/judge.jsonl", skew=True)
    done = checkout.mibench("judges", "canary", later)
    assert "Drift: largest shift" in done.stdout, done.stderr
    assert "The judge itself is another version" in done.stdout
    after = json.loads(stored.read_text())
    assert after["first"] == kept

    suite = small_suite(2)
    common = ("run", "--suite", suite, "--no-anchors")
    assert checkout.mibench(*common, "--judge", later, "--out", tmp_path / "run").returncode == 0
    mark = json.loads((tmp_path / "run/run.json").read_text())["canaries"]["scripted:judge.jsonl"]
    assert (mark["drifted"], mark["date"], mark["since"]) == (True, after["last"]["date"], kept["date"])
    assert mark["largest"] == max((s["shift"] for s in after["last"]["shifts"] if s["code"]), key=abs)
    assert checkout.mibench(*common, "--judge", first, "--out", tmp_path / "old").returncode == 0
    assert "largest" in json.loads((tmp_path / "old/run.json").read_text())["canaries"]["scripted:judge.jsonl"]
    assert checkout.mibench("judges", "canary", later, "--renew").returncode == 0
    assert json.loads(stored.read_text())["last"] is None


def test_changed_words_are_refused_with_their_line(checkout):
    changed = canary_replies("zh")[0]
    path = checkout.path / "judges/contrast/zh.jsonl"
    piece = next(line for line in path.read_text().splitlines() if f'"id": "{changed.situation}"' in line)
    situation = json.loads(piece)
    number = int(changed.item.id.rpartition("/r")[2])
    situation["replies"][number - 1]["utterances"][0]["text"] = "另外一句话。"
    path.write_text(path.read_text().replace(piece, json.dumps(situation, ensure_ascii=False)))
    done = checkout.mibench("judges", "canary", "offline")
    assert done.returncode == 2
    assert f"zh.jsonl:1: the text of {changed.item.id} (contrast) has changed since the canary was drawn" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_answers_of_the_offline_judge_ship_and_are_those_it_gives(mibench, tmp_path, root):
    stored = json.loads((root / "judges/offline/canary/offline.json").read_text())["first"]
    out = tmp_path / "canary.json"
    assert mibench("judges", "canary", "offline", "--out", out).returncode == 0
    given = json.loads(out.read_text())["first"]
    assert given["answers"] == stored["answers"]
    assert given["digest"] == stored["digest"]


def test_judges_that_rate_no_replies_have_no_canary(mibench, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "{}"}\n')
    done = mibench("judges", "canary", f"globals:scripted/{tmp_path / 'a.jsonl'}")
    assert done.returncode == 2
    assert "does not rate replies, and the canary is made of replies" in done.stderr
