"""The page about judges: how far each agrees with people, beside people with each other; drift, self-preference, judge against judge."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mibench.publishing.numbers import coefficient_text
from mibench.publishing.site.juries import beside_each_other, favours
from mibench.publishing.site.pages import SitePage
from mibench.publishing.words import Language
from mibench.schema import CanaryFile, Figure, LabelAgreement, Rates, Scores, SpecAgreement, TrialAgreement

if TYPE_CHECKING:
    from markupsafe import Markup

LANGUAGES: tuple[Language, ...] = ("en", "zh")
LOW, HIGH = -0.1, 1.0
"""Ends of the axis of κ."""


class JudgeSheet(NamedTuple):
    """What is known of one judge that ships, or of one of its ways of asking."""

    name: str
    title: str
    """One line, from its card, English."""
    evidence: str
    """How far it is to be trusted, from its card, English."""
    rates: Rates
    languages: tuple[str, ...]
    prompted: bool
    """Whether it asks a language model, so that what is measured is measured of each model."""
    specs: tuple[SpecAgreement, ...] = ()
    """What was measured, a spec for each model it asked."""
    old: tuple[str, ...] = ()
    """Names of specs that were measured on another version than today's."""
    canaries: tuple[CanaryFile, ...] = ()


class Line(NamedTuple):
    """A row of the judges' leaderboard."""

    sheet: JudgeSheet
    spec: SpecAgreement | None
    """None where nothing was measured."""
    main: Mapping[Language, TrialAgreement | None]
    """Language → the trial against people that says most: with several coders if there is one."""
    reached: Mapping[Language, tuple[int, int]]
    """Language → labels that reach their bar, and labels that could be tried, by that trial."""
    canary: CanaryFile | None


def judges_page(sheets: Sequence[JudgeSheet], scores: Sequence[tuple[str, Scores]] = ()) -> SitePage:
    """The page. `scores`: (name of the submission, scores of one of its runs)."""
    lines = [line for sheet in sheets for line in _lines(sheet)]
    lines.sort(key=lambda line: (-_best(line), line.spec.judge if line.spec else line.sheet.name))
    context = {
        "lines": lines,
        "measured": [line for line in lines if line.spec and line.spec.trials],
        "unmeasured": [line for line in lines if not (line.spec and any(line.spec.by_people(x) for x in LANGUAGES))],
        "canaries": [line for line in lines if line.canary],
        "injections": max((entry.rated for line in lines if line.spec for entry in line.spec.injections), default=0),
        "between": beside_each_other(scores),
        "favours": favours(scores),
        "languages": (("en", "j_english"), ("zh", "j_chinese")),
        "track": label_track,
        "scale": [(_place(kappa), text) for kappa, text in ((0, "0"), (0.5, ".5"), (1, "1"))],
        "ends": ends,
        "people_text": people_text,
    }
    return SitePage("judges.html", ("Judges", "编码员"), "site/judges.html.jinja", context, "nav_judges")


def _lines(sheet: JudgeSheet) -> list[Line]:
    current = [spec for spec in sheet.specs if spec.judge not in sheet.old]
    return [_line(sheet, spec) for spec in current] or [_line(sheet, None)]


def _line(sheet: JudgeSheet, spec: SpecAgreement | None) -> Line:
    main = {language: _telling(spec.by_people(language) if spec else ()) for language in LANGUAGES}
    reached = {
        language: (sum(label.met == "validated" for label in tried), len(tried))
        for language, trial in main.items()
        if trial and (tried := [label for label in trial.labels if label.bar is not None and label.met != "unknown"])
    }
    named = [file for file in sheet.canaries if spec is None or file.first.judge == spec.judge]
    return Line(sheet, spec, main, reached, named[0] if named else None)


def _telling(trials: Sequence[TrialAgreement]) -> TrialAgreement | None:
    return max(trials, key=lambda trial: (trial.panel, trial.rated), default=None)


def _best(line: Line) -> float:
    kappas = [t.main.kappa.value for t in line.main.values() if t and t.main and t.main.kappa.value is not None]
    return max(kappas, default=-1.0 if line.spec and line.spec.trials else -2.0)


def ends(figure: Figure) -> str:
    """The interval of a figure in words, empty where it has none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{coefficient_text(figure.low)} – {coefficient_text(figure.high)}"


def people_text(pair: float | None, rest: float | None) -> str:
    """What people reach, from two with each other to one against the rest."""
    return " – ".join(coefficient_text(value) for value in (pair, rest) if value is not None)


def label_track(label: LabelAgreement) -> "Markup":
    """κ of one label: the judge with its interval, the band of people behind it, the bar."""
    from markupsafe import Markup

    marks = ['<line class="axis" x1="0" x2="100%" y1="13" y2="13"/>']
    if label.pair is not None and label.rest is not None:
        low, high = sorted((_place(label.pair), _place(label.rest)))
        marks.append(
            f'<rect class="people" x="{low}%" width="{max(round(high - low, 2), 0.8)}%" y="5" height="16" rx="3"/>'
        )
    if label.bar is not None:
        marks.append(f'<line class="bar" x1="{_place(label.bar)}%" x2="{_place(label.bar)}%" y1="1" y2="25"/>')
    kappa = label.kappa
    if kappa.low is not None and kappa.high is not None:
        marks.append(f'<line class="interval" x1="{_place(kappa.low)}%" x2="{_place(kappa.high)}%" y1="13" y2="13"/>')
    if kappa.value is not None:
        marks.append(f'<svg class="mark" x="{_place(kappa.value)}%" y="13"><circle r="5.5"/></svg>')
    return Markup(f'<svg class="track own" height="26" aria-hidden="true">{"".join(marks)}</svg>')  # noqa: S704 - numbers only


def _place(kappa: float) -> float:
    return round(100 * min(max((kappa - LOW) / (HIGH - LOW), 0.0), 1.0), 2)
