"""Trials → what a judge's card keeps of them."""

from collections.abc import Sequence

from mibench.errors import UsageError
from mibench.schema import (
    Figure,
    GlobalAgreement,
    GlobalTrial,
    GroupTrial,
    InjectionAgreement,
    LabelAgreement,
    LabelTrial,
    MainAgreement,
    MainTrial,
    SessionAgreement,
    SpecAgreement,
    Trial,
    TrialAgreement,
)
from mibench.validating.probe import Moved
from mibench.validating.trials.bars import GLOBAL_BAR, global_outcome

LENGTH = "length alone"


def agreement_of(
    judge: SpecAgreement,
    before: SpecAgreement | None,
    trials: Sequence[Trial],
    injections: Sequence[InjectionAgreement] = (),
    *,
    folds: Sequence[Trial] = (),
    trained_on: Sequence[str] = (),
) -> SpecAgreement:
    """What is known of `judge` with these new `trials` and `injections`.

    `folds`: trials of ratings that were cross-validated, for corpora it was `trained_on`: there the judge as it ships has
    seen the answers.

    `before`, what its card said, is kept where it is of the same version and was not measured anew; a trial that came out
    the same keeps its date and its seconds, so that nothing changes on disk. Raises UsageError for a trial of another
    judge or another version, or on what the judge was trained on.
    """
    for trial in trials:
        if trial.judge != judge.judge:
            raise UsageError(f"A trial is of the judge {trial.judge}, and this is the card of {judge.judge}.")
        if trial.judge_digest != judge.digest:
            raise UsageError(
                f"The trial of {trial.judge} on {trial.corpus} is of another version of it than this one "
                f"({trial.judge_digest[:8]}, now {judge.digest[:8]}). Hold it again: mibench judges validate."
            )
        if trial.corpus in trained_on:
            raise UsageError(
                f"{judge.judge} was trained on {trial.corpus}, so a trial there would flatter it. Rate it in folds, each item by "
                "a judge trained without its group, hold the trial with `mibench judges validate --ratings FILE --against "
                f"{trial.corpus}:PATH --json`, and give that with --cross-validated."
            )
    old = before if before and before.digest == judge.digest else None
    found = {_place(trial): trial for trial in (old.trials if old else ())}
    crossed = [measured(trial).model_copy(update={"cross_validated": True}) for trial in folds]
    for new in (*map(measured, trials), *crossed):
        kept = found.get(_place(new))
        found[_place(new)] = kept if kept and _same(kept, new) else new
    shifts = {entry.language: entry for entry in (*(old.injections if old else ()), *injections)}
    order = sorted(found.values(), key=lambda t: (t.coded_by != "people", t.language, t.corpus))
    return judge.model_copy(
        update={"trials": tuple(order), "injections": tuple(shifts[language] for language in sorted(shifts))}
    )


def injection_agreement(language: str, found: Sequence[Moved]) -> InjectionAgreement:
    """What a probe came to."""
    shifts = [entry.shift for entry in found if entry.shift is not None]
    return InjectionAgreement(
        language=language,
        injections=len(found),
        rated=len(shifts),
        mean=round(sum(shifts) / len(shifts), 6) if shifts else None,
        largest=round(max(shifts), 6) if shifts else None,
    )


def measured(trial: Trial) -> TrialAgreement:
    """A trial in short."""
    groups = {group.measure: group for group in trial.known_groups}
    return TrialAgreement(
        **{
            name: getattr(trial, name)
            for name in (
                "corpus", "corpus_digest", "language", "coded_by", "date", "limit", "items", "rated", "sessions",
                "groups", "coders", "panel",
            )
        },
        seed=trial.seed if trial.limit else 0,
        labels=tuple(_label(label) for label in trial.labels if label.codes),
        main=_main(trial.main) if trial.main else None,
        per_session=tuple(
            SessionAgreement(
                measure=entry.measure, sessions=entry.sessions, r=entry.r, icc=entry.icc,
                **_groups(groups.get(entry.measure)),
            )
            for entry in trial.per_session
        ),
        globals=tuple(map(_global, trial.globals)),
        length_auc=groups[LENGTH].judge.value if LENGTH in groups else None,
        seconds_per_100=_per_100(trial.seconds, trial.rated, 3),
        dollars_per_100=_per_100(trial.cost, trial.rated, 6),
    )  # fmt: skip


def _label(label: LabelTrial) -> LabelAgreement:
    people, shares = label.people, label.calibration
    return LabelAgreement(
        label=label.label,
        codes=label.codes,
        support=label.support,
        kappa=label.kappa,
        precision=label.precision.value,
        recall=label.recall.value,
        f1=label.f1.value,
        rest=people.rest if people else None,
        pair=people.pairs if people else None,
        seat=people.judge if people else None,
        brier=shares.brier if shares else None,
        mae=shares.mae if shares else None,
        spearman=shares.spearman if shares else None,
        bar=label.bar,
        met=label.met,
        why=label.why,
    )


def _main(main: MainTrial) -> MainAgreement:
    people = main.people
    return MainAgreement(
        items=main.items,
        kappa=main.kappa,
        rest=people.rest if people else None,
        pair=people.pairs if people else None,
        seat=people.judge if people else None,
    )


def _groups(group: GroupTrial | None) -> dict[str, Figure | float | None]:
    return {"auc": group.judge, "auc_people": group.people.value} if group else {}


def _global(entry: GlobalTrial) -> GlobalAgreement:
    met, why = global_outcome(entry.icc.value, entry.sessions)
    return GlobalAgreement(
        name=entry.name, sessions=entry.sessions, icc=entry.icc, quadratic_kappa=entry.quadratic_kappa,
        within_one=entry.within_one, bar=GLOBAL_BAR, met=met, why=why,
    )  # fmt: skip


def _per_100(amount: float | None, rated: int, digits: int) -> float | None:
    return None if amount is None or not rated else round(100 * amount / rated, digits)


def _place(trial: TrialAgreement) -> tuple[str, str]:
    """What a newer trial takes the place of."""
    return trial.corpus, trial.language


def _same(old: TrialAgreement, new: TrialAgreement) -> bool:
    """Whether nothing differs but when it was measured and how fast the machine was."""
    aside = {"date": "", "seconds_per_100": None}
    return old.model_copy(update=aside) == new.model_copy(update=aside)
