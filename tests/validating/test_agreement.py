"""Claims about agreement: equal to scikit-learn's on the same codes."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from mibench.schema import CODES, Occasion, Verdict
from mibench.validating import Item, validate_judge

RNG = np.random.default_rng(3)


def made_items(count=120):
    items, verdicts = [], {}
    for number in range(count):
        truth = frozenset(code for code in CODES if RNG.random() < 0.25)
        given = {code: 1.0 for code in CODES if (code in truth) != (RNG.random() < 0.15)}
        occasion = Occasion(id=f"i{number}", language="zh", change_goal="g", history=(("client", "c"),))
        items.append(Item(occasion, f"r{number}", truth, f"c{number % 12}"))
        verdicts[f"r{number}"] = Verdict(status="rated", counts=given)
    return items, [verdicts[item.reply] for item in items]


def test_precision_recall_f1_and_kappa_equal_scikit_learns():
    items, verdicts = made_items()
    for entry in validate_judge(verdicts, items).codes:
        truth = [entry.code in item.codes for item in items]
        given = [entry.code in verdict.counts for verdict in verdicts]
        precision, recall, f1, _ = precision_recall_fscore_support(truth, given, average="binary")
        assert (entry.precision, entry.recall, entry.f1) == pytest.approx((precision, recall, f1))
        assert entry.kappa == pytest.approx(cohen_kappa_score(truth, given))
        assert entry.f1_interval[0] < entry.f1 < entry.f1_interval[1]
        assert entry.kappa_interval[0] < entry.kappa < entry.kappa_interval[1]


def test_unrated_items_are_counted_and_left_out():
    items, verdicts = made_items(20)
    agreement = validate_judge([Verdict(status="unrated", reason="no"), *verdicts[1:]], items)
    assert agreement.unrated == 1
    assert sum(code.support for code in agreement.codes) == sum(len(item.codes) for item in items[1:])


def test_a_code_that_never_occurs_has_no_score_rather_than_zero():
    items = [Item(made_items(1)[0][0].occasion, "r", frozenset({"Q"}), f"c{n}") for n in range(3)]
    agreement = validate_judge([Verdict(status="rated", counts={"Q": 1.0})] * 3, items)
    by_code = {entry.code: entry for entry in agreement.codes}
    assert by_code["Q"].f1 == 1.0
    assert by_code["CR"].precision is None
    assert by_code["CR"].f1 is None
    assert agreement.macro_f1 == 1.0
