"""Claims about adding ratings up in columns."""

import random

import numpy as np
import pytest

from mibench.errors import BadRecord
from mibench.records import RunFolder
from mibench.schema import CODES, Rating
from mibench.scoring import JudgeFacts
from mibench.scoring.metrics import COLUMNS
from mibench.scoring.tally import RATED, read_tallies


def rating(rng, subject, repeat, **changes):
    counts = {code: round(rng.random(), 4) for code in CODES if rng.random() < 0.7}
    return Rating(
        status="rated", judge="j", judge_digest="j1", subject=subject, reply_digest="r", repeat=repeat, counts=counts,
        utterance_count=rng.randrange(1, 5), cost=0.01, seconds=1, **changes,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path)


def tally_of(folder, subjects):
    return read_tallies(folder, {"j1": JudgeFacts("j", "reply")}, {"reply": dict.fromkeys(subjects, "r")})[0]


def test_columns_hold_what_a_plain_loop_over_the_records_finds(folder):
    rng = random.Random(1)
    subjects = [f"s{number}" for number in range(20)]
    made = [rating(rng, rng.choice(subjects[:-1]), rng.randrange(4)) for _ in range(300)]
    with folder.append_ratings() as file:
        for each in made:
            file.append(each)
        file.append(rating(rng, "s1", 0).model_copy(update={"judge_digest": "another judge"}))
        file.append(rating(rng, "s1", 0).model_copy(update={"reply_digest": "another reply"}))
    held = {}
    for each in made:
        held.setdefault(each.subject, {})[each.repeat] = [
            *(each.counts.get(c, 0.0) for c in CODES),
            each.utterance_count,
        ]
    tally = tally_of(folder, subjects)
    places = [COLUMNS.index(column) for column in RATED["reply"]]
    rows, by_repeat = tally.rows(subjects), tally.by_repeat(subjects)
    for number, subject in enumerate(subjects[:-1]):
        assert rows[number, places] == pytest.approx(np.mean(list(held[subject].values()), axis=0))
        for repeat in range(4):
            want = held[subject].get(repeat)
            assert (
                np.isnan(by_repeat[number, repeat]).all() if want is None else list(by_repeat[number, repeat]) == want
            )
    assert np.isnan(rows[-1, places]).all()
    assert tally.repeats == max(map(len, held.values()))
    assert tally.cost == pytest.approx(3.0)
    assert tally.why_not(subjects, {}) == {"not judged": 1}


def test_a_rating_that_is_no_record_is_named_by_file_and_line(folder):
    with folder.append_ratings() as file:
        file.append(rating(random.Random(1), "s1", 0))
    with folder.ratings_path.open("a") as file:
        file.write('{"status":"rated","subject":"s1"}\n')
    with pytest.raises(BadRecord, match=r"ratings\.jsonl:2: judge_digest"):
        tally_of(folder, ["s1"])


def test_a_torn_last_rating_counts_as_none(folder):
    with folder.append_ratings() as file:
        file.append(rating(random.Random(1), "s1", 0))
    with folder.ratings_path.open("a") as file:
        file.write('{"status":"rated","subj')
    assert list(tally_of(folder, ["s1"]).rows(["s1"]).shape) == [1, len(COLUMNS)]
    assert len(list(folder.rating_keys())) == 1
