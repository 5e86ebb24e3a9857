"""The block in a judge's README that `mibench judges card` writes; what people wrote around it stays."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mibench.errors import UsageError
from mibench.schema import InjectionAgreement, JudgeAgreement, SpecAgreement, TrialAgreement
from mibench.validating.trials.bars import ENOUGH_SESSIONS
from mibench.validating.trials.numbers import ends, two

BEGIN = "<!-- agreement: written by `mibench judges card`; changes in here are lost -->"
END = "<!-- /agreement -->"
START = "<!-- agreement"
HEADING = "## How far to trust it"
LANGUAGES = {"en": "English", "zh": "Chinese"}


def with_block(readme: str, agreement: JudgeAgreement, where: Path) -> str:
    """The README with its block made anew: between its marks, else below its heading HEADING, else at its end.

    Raises UsageError if one mark stands without the other or twice.
    """
    block = f"{BEGIN}\n\n{block_of(agreement)}\n\n{END}"
    opened, closed = readme.count(START), readme.count(END)
    if (opened, closed) == (1, 1) and readme.index(START) < readme.index(END):
        before, _, rest = readme.partition(START)
        _, _, after = rest.partition(END)
        return before + block + after
    if opened or closed:
        raise UsageError(
            f"{where} has {opened} marks “{START} …” and {closed} marks “{END}”; one of each is expected, in this order. "
            "Mend it, or delete them all: the block is then put in anew."
        )
    if f"{HEADING}\n" in readme:
        before, heading, after = readme.partition(f"{HEADING}\n")
        return f"{before}{heading}\n{block}\n{after}" if after else f"{before}{heading}\n{block}\n"
    return f"{readme.rstrip()}\n\n{HEADING}\n\n{block}\n"


def block_of(agreement: JudgeAgreement) -> str:
    """All that was measured, as Markdown."""
    if not agreement.specs:
        return "Nothing measured yet."
    return "\n\n".join(part for spec in agreement.specs for part in _spec(spec, named=len(agreement.specs) > 1))


def _spec(spec: SpecAgreement, *, named: bool) -> Iterator[str]:
    who = f"`{spec.judge}`, version {spec.version} ({spec.digest[:8]})"
    family = f"; a model of the {spec.family} family" if spec.family else ""
    yield f"### {spec.judge}" if named else f"**Measured agreement** of {who}{family}."
    if named:
        yield f"Version {spec.version} ({spec.digest[:8]}){family}."
    for language, name in LANGUAGES.items():
        if not spec.by_people(language):
            yield f"**{name}: not held against codes by people. In {name} the judge is unvalidated.**"
    for trial in spec.trials:
        yield from _trial(trial)
    if spec.injections:
        yield " ".join(map(injection_text, spec.injections))


def _trial(trial: TrialAgreement) -> Iterator[str]:
    people = trial.coded_by == "people"
    kind = "codes by people" if people else "codes by the author of the text, a language model: no human has coded it"
    unit = "sessions" if trial.globals else "items"
    size = f"{trial.rated} of {trial.items} {unit} rated"
    panel = f", {trial.panel} of them coded by several people" if trial.panel else ""
    folds = " Cross-validated: each item rated by a judge trained without its group." if trial.cross_validated else ""
    part = f", a draw of whole sessions (`--limit {trial.limit} --seed {trial.seed}`)" if trial.limit else ""
    yield (
        f"**{LANGUAGES[trial.language]}: `{trial.corpus}`** ({kind}; {trial.date[:10]}). {size}{panel}{part}; intervals "
        f"resample {trial.groups} groups.{folds}{_cost(trial)}"
    )
    if trial.labels:
        yield _table(*(_people_labels(trial) if people else _authored_labels(trial)))
    if trial.main:
        main = trial.main
        ceiling = f"; people: a pair {two(main.pair)}, one against the rest {two(main.rest)}, the judge in that seat "
        beside = f"{ceiling}{two(main.seat)}" if main.rest is not None else ""
        yield f"Main behaviour, {main.items} items: κ {two(main.kappa.value)} ({ends(main.kappa)}){beside}."
    if trial.per_session and people and trial.sessions >= ENOUGH_SESSIONS:
        yield _table(*_sessions(trial))
    if trial.globals:
        yield _table(*_globals(trial))


def _people_labels(trial: TrialAgreement) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    several = any(label.rest is not None or label.pair is not None for label in trial.labels)
    ceiling = ("human pair", "one against the rest", "judge in that seat") if several else ()
    head = ("label", "n", "κ", "95 %", *ceiling, "bar", "outcome")
    rows = (
        (
            label.label, str(label.support), two(label.kappa.value), ends(label.kappa),
            *((two(label.pair), two(label.rest), two(label.seat)) if several else ()),
            two(label.bar), f"**{label.met}**" if label.met == "below" else label.met,
        )
        for label in trial.labels
    )  # fmt: skip
    return head, rows


def _authored_labels(trial: TrialAgreement) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    rows = (
        (
            label.label, str(label.support), two(label.kappa.value), ends(label.kappa), two(label.precision),
            two(label.recall), two(label.f1),
        )
        for label in trial.labels
    )  # fmt: skip
    return ("label", "n", "κ", "95 %", "P", "R", "F1"), rows


def _sessions(trial: TrialAgreement) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    known = any(entry.auc for entry in trial.per_session)
    more = ("AUC", "95 %", "people's AUC") if known else ()
    rows = [
        (
            entry.measure, str(entry.sessions), two(entry.r.value), two(entry.icc.value),
            *((two(entry.auc.value), ends(entry.auc), two(entry.auc_people)) if known and entry.auc else ()),
        )
        for entry in trial.per_session
    ]  # fmt: skip
    if known:
        rows.append(("length alone", str(trial.sessions), "–", "–", two(trial.length_auc), "–", "–"))
    return ("per session", "n", "r", "ICC(2,1)", *more), rows


def _globals(trial: TrialAgreement) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    rows = (
        (
            entry.name.replace("_", " "), str(entry.sessions), two(entry.icc.value), ends(entry.icc),
            two(entry.quadratic_kappa), two(entry.within_one), two(entry.bar), entry.met,
        )
        for entry in trial.globals
    )  # fmt: skip
    return ("global", "n", "ICC(2,1)", "95 %", "QWK", "±1", "bar", "outcome"), rows


def _cost(trial: TrialAgreement) -> str:
    dollars = trial.dollars_per_100
    parts = [] if dollars is None else ["free"] if dollars == 0 else [f"${dollars:.2f} for 100 items"]
    if trial.seconds_per_100 is not None:
        parts.append(f"{seconds_text(trial.seconds_per_100)} for 100 items")
    text = ", ".join(parts)
    return f" {text[:1].upper()}{text[1:]}." if text else ""


def seconds_text(seconds: float) -> str:
    """A time with two digits that mean something."""
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2g} s"


def injection_text(entry: InjectionAgreement) -> str:
    """What a probe came to, in a sentence."""
    if entry.mean is None or entry.largest is None:
        return f"Injections in {LANGUAGES[entry.language]}: none of {entry.injections} rated."
    return (
        f"Injections in {LANGUAGES[entry.language]}: {entry.rated} of {entry.injections} rated, mean shift "
        f"{two(entry.mean)}, largest {two(entry.largest)}."
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
