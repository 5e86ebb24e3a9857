"""Claims about second codings: κ equals scikit-learn's, and every coded set has one over a quarter of it."""

import pytest
from sklearn.metrics import cohen_kappa_score

from mibench.errors import UnknownName
from mibench.schema import Recoded
from mibench.suites import load_suite, read_dialogues
from mibench.validating import contrast_set, recoded_sets, recoding, span_agreement, whole_kappa

SETS = ("contrast-en", "contrast-zh", "mi_en", "mi_en_train", "mi_zh", "mi_zh_train")


def span(first, second):
    return Recoded(place="x/t01/u1", text="x", first=first, second=second, final=first)


PAIRS = [
    ("SR", "SR"),
    ("CR", "SR"),
    ("CR", "CR"),
    ("Q", "Q"),
    ("none", "AF"),
    ("change", "change"),
    ("neutral", "sustain"),
]


def test_kappa_per_code_and_over_all_equals_scikit_learns():
    spans = [span(*pair) for pair in PAIRS]
    counsellor = [pair for pair in PAIRS if pair[0] not in ("change", "neutral")]
    by_code = {row.code: row for row in span_agreement(spans)}
    assert by_code["CR"].kappa == pytest.approx(
        cohen_kappa_score([one == "CR" for one, _ in counsellor], [other == "CR" for _, other in counsellor])
    )
    assert (by_code["CR"].first, by_code["CR"].second, by_code["CR"].both) == (2, 1, 1)
    assert "Seek" not in by_code
    assert whole_kappa(spans)["counsellor"] == pytest.approx(cohen_kappa_score(*zip(*counsellor, strict=True)))


def test_an_unknown_set_is_answered_with_those_that_exist():
    with pytest.raises(UnknownName, match="mi_zh"):
        recoding("mi_fr")


def test_every_coded_set_has_a_second_coding():
    assert sorted(recoded_sets()) == sorted(SETS)


def spans_of(name, root):
    """Place → (text, code) of every span the set has now."""
    found = {}
    if name.startswith("contrast"):
        for situation in contrast_set(name[-2:]):
            for r, reply in enumerate(situation.replies, 1):
                for u, utterance in enumerate(reply.utterances, 1):
                    found[f"{situation.id}/r{r:02d}/u{u}"] = (utterance.text, utterance.code or "none")
        return found
    dialogues = (
        read_dialogues(root / f"finetune/data/{name}.jsonl") if name.endswith("train") else load_suite(name).dialogues
    )
    for dialogue in dialogues:
        for t, turn in enumerate(dialogue.turns, 1):
            coded = (
                [(s.text, s.talk) for s in turn.talk]
                if turn.speaker == "client"
                else [(u.text, u.code or "none") for u in turn.utterances]
            )
            for u, pair in enumerate(coded, 1):
                found[f"{dialogue.id}/t{t:02d}/u{u}"] = pair
    return found


@pytest.mark.parametrize("name", SETS)
def test_a_quarter_is_coded_twice_and_the_set_holds_what_was_decided(name, root):
    recoded, spans = recoding(name), spans_of(name, root)
    owners = {place.split("/")[0] for place in spans}
    assert len({r.place.split("/")[0] for r in recoded}) >= 0.25 * len(owners)
    assert len({r.place for r in recoded}) == len(recoded)
    assert [r.place for r in recoded if spans.get(r.place) != (r.text, r.final)] == []
    undecided = [r.place for r in recoded if r.first != r.second and not r.rule]
    assert undecided == []


@pytest.mark.parametrize("name", SETS)
def test_the_card_states_kappa_per_code(name, root):
    card = {
        "contrast": root / "judges/contrast/README.md",
        "mi_en": root / "tasks/mi_en/README.md",
        "mi_zh": root / "tasks/mi_zh/README.md",
    }.get(name.partition("-")[0], root / "finetune/README.md")
    text = card.read_text(encoding="utf-8")
    for row in span_agreement(recoding(name)):
        kappa = "–" if row.kappa is None else f"{row.kappa:.2f}"
        assert f"| {row.code} | {row.first} | {row.second} | {row.both} | {kappa} |" in text, (name, row)
