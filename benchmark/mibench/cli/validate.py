"""`mibench judges validate`: a judge on trial against codes that are known."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mibench import __version__
from mibench.cli.options import shares_option
from mibench.cli.trial_options import trial_options

if TYPE_CHECKING:
    from mibench.schema import CodedCorpus, Verdict
    from mibench.validating import Tried


@click.command()
@click.argument("judge", required=False)
@click.option(
    "--against", default="contrast", show_default=True,
    help="annomi:PATH, misc-gold:PATH or mi-tags:PATH, codes by people (`mibench corpora list` says what each needs); "
    "contrast, the held-out situations of the contrast set; or suite:NAME, the authored codes of a suite's replies.",
)  # fmt: skip
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Which contrast set."
)
@click.option(
    "--ratings", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ratings made elsewhere, in place of JUDGE: JSON lines with id and codes, shares or globals, or a CSV of the same.",
)  # fmt: skip
@click.option("--percent", is_flag=True, help="Shares in the file of ratings are 0–100, not 0–1.")
@trial_options
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the trial as JSON on standard output, nothing else. Holds no words of a corpus.",
)
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path),
    help="Write one page with all tables, reliability curves and the disagreements to read. Holds words of the corpus: mind its licence.",
)  # fmt: skip
@click.option(
    "--markdown", is_flag=True, help="Print the table as Markdown, as in the judge's README; for contrast and suites."
)
@shares_option
@click.option("--judge-url", "url", help="Address of a compatible server, for judges that are language models.")
@click.option("--budget", type=click.FloatRange(min=0), help="Dollars that the calls in the file may cost.")
@click.option(
    "--calls", type=click.Path(dir_okay=False, path_type=Path),
    help="Where a language model's answers are kept, so that none is paid twice. Default: runs/validate-<judge>/calls.jsonl.",
)  # fmt: skip
def validate(judge: str | None, against: str, **options: Any) -> None:
    """How well JUDGE agrees with codes that are known: κ, α, F1 per label, sessions, good and bad counselling.

    People's agreement with each other stands beside it where several coded, and each label is said to meet its bar
    (validated), to miss it (below), or to be too rare to tell (unknown). A label counts as given from a share of one half.
    """
    from mibench.errors import UsageError
    from mibench.validating import drawn, hold_trial, load_against, print_trial, write_page

    if (judge is None) == (options["ratings"] is None):
        raise UsageError("Name a JUDGE, e.g. offline, or give a file with --ratings: one of the two.")
    authored = against.partition(":")[0] in ("contrast", "suite")
    if options["markdown"] and not authored:
        raise UsageError("--markdown is for contrast and suite:NAME; a corpus of people's codes has --json and --page.")
    whole, corpus_digest = load_against(against, options["language"])
    accused = _from_file(options) if judge is None else _judged(judge, options)
    corpus = drawn(whole, options["limit"], options["seed"], sessions=accused.sessions)
    tried, verdicts, seconds = accused.rate(corpus, whole)
    if options["markdown"] or (authored and not options["as_json"] and tried.rates == "reply"):
        _print_authored(corpus, verdicts, markdown=options["markdown"])
        if not options["page"]:
            return
    trial = hold_trial(
        tried, corpus, corpus_digest, verdicts, limit=options["limit"], seed=options["seed"], draws=options["draws"],
        seconds=seconds,
    )  # fmt: skip
    if options["page"]:
        write_page(options["page"], trial, corpus, verdicts)
    if options["as_json"]:
        click.echo(trial.model_dump_json(indent=2))
        return
    if not authored:
        print_trial(trial)
    if options["page"]:
        click.echo(f"\nPage: {options['page']}")


Rated = Callable[["CodedCorpus", "CodedCorpus"], "tuple[Tried, dict[str, Verdict], float | None]"]
"""(what was drawn, the whole corpus) → who is on trial, its verdicts, and the seconds they took if that is known."""


class _Accused(NamedTuple):
    sessions: bool
    """Whether it rates whole sessions, so that --limit counts those."""
    rate: Rated


def _from_file(options: dict[str, Any]) -> _Accused:
    from mibench.records import digest_of_files
    from mibench.validating import Tried, read_ratings

    path = options["ratings"]

    def rate(corpus: "CodedCorpus", whole: "CodedCorpus") -> "tuple[Tried, dict[str, Verdict], None]":
        verdicts = read_ratings(path, corpus, whole, percent=options["percent"])
        sessions = {session.id for session in corpus.sessions}
        rates = "dialogue" if sessions.issuperset(verdicts) else "reply"
        return Tried(f"ratings:{path.name}", digest_of_files([path]), rates, __version__), verdicts, None  # type: ignore[arg-type]

    return _Accused(sessions=False, rate=rate)


def _judged(name: str, options: dict[str, Any]) -> _Accused:
    from mibench.cli.rating import calls_path, rate_corpus, rates_of
    from mibench.judging import JudgeSettings
    from mibench.judging.stage import open_judge

    settings = JudgeSettings(url=options["url"], budget=options["budget"], shares=options["shares"])
    judge = open_judge(name, settings)
    calls = options["calls"] or calls_path("validate", judge.name)
    return _Accused(
        sessions=rates_of(judge) == "dialogue", rate=lambda corpus, _: rate_corpus(judge, corpus, calls, settings)
    )


def _print_authored(corpus: "CodedCorpus", verdicts: "dict[str, Verdict]", *, markdown: bool) -> None:
    """Authored codes have one table, which the judges' READMEs show."""
    from mibench.validating import items_of, print_agreement, validate_judge

    print_agreement(validate_judge([verdicts[item.id] for item in corpus.items], items_of(corpus)), markdown=markdown)
