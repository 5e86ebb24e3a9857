"""Each label, and the main behaviour: how the judge uses it beside people."""

from typing import TYPE_CHECKING

from mibench.measures.confusion import alpha_of, alpha_sums, cells_of, f1_of, kappa_of, precision_of, recall_of
from mibench.schema import Figure, LabelTrial, Machine, MainTrial
from mibench.validating.trials.bars import bar_of, outcome
from mibench.validating.trials.people import kappa, majority, people
from mibench.validating.trials.reliability import calibration
from mibench.validating.trials.sheet import MAIN, MAIN_RULE, Sheet, said

if TYPE_CHECKING:
    import numpy as np

NOTHING = Figure(value=None, why_not="MITI has no such code")


def label_trials(sheet: Sheet) -> tuple[LabelTrial, ...]:
    """Every label of the corpus, in its order."""
    return tuple(_label(sheet, number) for number in range(len(sheet.corpus.labels)))


def _label(sheet: Sheet, number: int) -> LabelTrial:
    import numpy as np

    label = sheet.corpus.labels[number]
    votes_C_I = sheet.votes_C_I_L[:, :, number]
    given_I = sheet.given_I_L[:, number].astype(float)
    truth_I = majority(votes_C_I)
    cells_I_4 = cells_of(truth_I, given_I)
    neither, judge_only, people_only, both = (int(cell) for cell in cells_I_4.sum(axis=0))
    support, without = people_only + both, neither + judge_only
    shared = {
        "label": label.name, "codes": label.codes, "support": support, "without": without,
        "undecided": len(sheet.items) - support - without,
    }  # fmt: skip
    if not label.codes:
        met, why = outcome(None, None, support, without, ())
        nobody = np.full(len(given_I), np.nan)
        return LabelTrial(
            **shared, given=0, both=0, kappa=NOTHING, alpha=NOTHING, precision=NOTHING, recall=NOTHING, f1=NOTHING,
            people=people(votes_C_I, nobody), met=met, why=why,
        )  # fmt: skip
    row = people(votes_C_I, given_I)
    agreement = said(sheet.figure(cells_I_4, kappa_of), "judge and people say one and the same of every item")
    bar = bar_of(label.name, row, panels=bool(sheet.panel_I.mean() > 0.5))
    met, why = outcome(bar, agreement.value, support, without, label.codes)
    return LabelTrial(
        **shared,
        given=judge_only + both,
        both=both,
        kappa=agreement,
        alpha=said(sheet.figure(alpha_sums(np.vstack([votes_C_I, given_I])), alpha_of), "nothing varies"),
        precision=said(sheet.figure(cells_I_4, precision_of), "the judge never gives it"),
        recall=said(sheet.figure(cells_I_4, recall_of), "people never give it"),
        f1=said(sheet.figure(cells_I_4, f1_of), "nobody gives it"),
        people=row,
        machine=_machines(sheet, label.name, truth_I, given_I),
        calibration=calibration(sheet, number),
        bar=bar,
        met=met,
        why=why,
    )


def _machines(sheet: Sheet, label: str, truth_I: "np.ndarray", given_I: "np.ndarray") -> tuple[Machine, ...]:
    """The models whose codes the corpus brings along."""
    import numpy as np

    rows = []
    for coder in dict.fromkeys(coding.coder for item in sheet.items for coding in item.machine):
        votes_I = np.full(len(sheet.items), np.nan)
        for place, item in enumerate(sheet.items):
            for coding in item.machine:
                if coding.coder == coder and label not in coding.unknown:
                    votes_I[place] = float(label in coding.labels)
        figure = said(sheet.figure(cells_of(truth_I, votes_I), kappa_of), "model and people say one and the same")
        judge = kappa(np.where(np.isnan(votes_I), np.nan, truth_I), given_I)
        rows.append(Machine(coder=coder, items=int((~np.isnan(votes_I)).sum()), kappa=figure, judge=judge))
    return tuple(rows)


def main_trial(sheet: Sheet) -> MainTrial | None:
    """The main behaviour; None where coders chose none, or the judge has no words for it."""
    import numpy as np

    if np.isnan(sheet.main_C_I).all() or not sheet.has("reflection", "question", "therapist input"):
        return None
    truth_I = majority(sheet.main_C_I, len(MAIN))
    cells = cells_of(truth_I, sheet.judge_main_I, len(MAIN))
    table = cells.sum(axis=0).reshape(len(MAIN), -1)
    return MainTrial(
        names=MAIN,
        items=int(table.sum()),
        undecided=int(np.isnan(truth_I).sum()),
        kappa=said(sheet.figure(cells, kappa_of), "judge and people say one and the same of every item"),
        table=tuple(tuple(int(cell) for cell in row) for row in table),
        rule=MAIN_RULE,
        people=people(sheet.main_C_I, sheet.judge_main_I, len(MAIN)),
    )
