"""The paper's data path from Python: load corpora, rate them, rewrite them in MI style, split, look for leaks.

Each function does one stage from files to files; the command line (`mibench corpora`) calls the same functions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mibench.api import Progress, silent
from mibench.api import card_of as card_of_judge
from mibench.corpora.asking import Asked, Coder, Model
from mibench.corpora.card import Card, card_of, card_text
from mibench.corpora.cpsycoune import COUNSELLOR, TurnScores, rate_replies, uncoded
from mibench.corpora.loading import load_source
from mibench.corpora.measuring import measure
from mibench.corpora.probing import Probe, probe
from mibench.corpora.rating import Rates, compared, corpus_rates, drawn, rate
from mibench.corpora.splitting import SplitReport, split
from mibench.corpora.suite_folder import write_dialogues, write_messages, write_suite
from mibench.corpora.transcribing import Bars, transcribe, transcribing_prompt
from mibench.errors import UsageError
from mibench.judging import Batching, JudgeSettings, judge_replies
from mibench.judging.stage import open_judge
from mibench.records import Appender, RunFolder, digest_of, digest_of_files, read_lines, write_json
from mibench.records.jsonl import write_whole
from mibench.schema import Call, LoadReport, Occasion, SourceDialogue, Transcript, Verdict
from mibench.suites import Suite, load_suite


def load_corpus(
    spec: str, out: Path | None = None, *, strict: bool = False, licence: str = "", progress: Progress = silent
) -> LoadReport:
    """Read `NAME:PATH`, write its dialogues to the JSON-lines file `out` and the report beside it; returns the report.

    One dialogue at a time is in memory. Raises UsageError or, in strict mode, BadRecord (file:line).
    """
    loading = load_source(spec, strict=strict, licence=licence)
    if out is None:
        for number, _ in enumerate(loading, 1):
            _tell_some(progress, spec, number)
        return loading.report()
    part = out.with_name(f".{out.name}.part")
    part.unlink(missing_ok=True)
    with Appender(part) as lines:
        for number, dialogue in enumerate(loading, 1):
            lines.append(dialogue)
            _tell_some(progress, spec, number)
    part.replace(out)
    report = loading.report()
    write_json(out.with_suffix(".report.json"), report)
    return report


def sources(spec: str, *, strict: bool = False, licence: str = "") -> Iterator[SourceDialogue]:
    """The dialogues of a file that `load_corpus` wrote, or of `NAME:PATH`, one at a time."""
    if spec.endswith(".jsonl") and Path(spec).is_file():
        return (dialogue for _, dialogue in read_lines(Path(spec), SourceDialogue))
    return iter(load_source(spec, strict=strict, licence=licence))


def rate_corpora(
    specs: Sequence[str], by: str, out: Path, *, sample: int = 100, repeats: int = 2, take: int = 2, seed: int = 0,
    settings: JudgeSettings | None = None, progress: Progress = silent,
) -> Rates:  # fmt: skip
    """Rate a seeded sample of each corpus by the model `by`; writes ratings.jsonl and rates.json into `out`."""
    folder = RunFolder(out)
    with folder.locked():
        model = _model(by, folder, settings or JudgeSettings(), progress)
        samples: dict[str, list[SourceDialogue]] = {}
        for spec in specs:
            for dialogue in drawn(sources(spec), sample, seed):
                samples.setdefault(dialogue.corpus, []).append(dialogue)
        found = rate([dialogue for group in samples.values() for dialogue in group], model, repeats)
        _write_records(out / "ratings.jsonl", found)
        rates = [
            corpus_rates(name, [r for r in found if r.corpus == name], measure(group), repeats, seed)
            for name, group in samples.items()
        ]
        result = compared(rates, model, seed=seed, repeats=repeats, take=take)
        write_json(out / "rates.json", result)
    return result


def transcribe_corpus(
    specs: Sequence[str], by: str, out: Path, *, judge: str | None = "offline", bars: Bars | None = None, limit: int | None = None,
    tries: int = 3, max_tokens: int | None = None, seed: int = 0, settings: JudgeSettings | None = None, progress: Progress = silent,
) -> Card:  # fmt: skip
    """Rewrite dialogues in MI style by the model `by`; writes transcripts.jsonl, card.json and README.md into `out`.

    `limit`: so many of all, drawn by the seed. `judge`: who codes for the MITI gate; None leaves it out. Answers on disk
    are never paid for again. Raises what `ask_all` raises; everything answered is kept.
    """
    bars, settings = bars or Bars(), settings or JudgeSettings()
    folder = RunFolder(out)
    with folder.locked():
        model = _model(by, folder, settings, progress)
        found = [dialogue for spec in specs for dialogue in sources(spec)]
        twice = len(found) - len({dialogue.id for dialogue in found})
        if twice:
            raise UsageError(f"{twice} dialogues come twice: is one corpus named twice?")
        chosen = {dialogue.id for dialogue in drawn(found, limit, seed)} if limit else None
        wanted = [dialogue for dialogue in found if chosen is None or dialogue.id in chosen]
        coder = _coder(judge, folder, settings, progress) if judge else None
        prompt = transcribing_prompt(
            bars.min_rounds, bars.max_rounds, without_goal=bars.without_goal, max_tokens=max_tokens
        )
        transcripts = transcribe(wanted, model, coder, prompt, bars, tries)
        _write_records(out / "transcripts.jsonl", transcripts)
        card = card_of(wanted, transcripts, model, coder, prompt, bars, tries)
        write_json(out / "card.json", card)
        write_whole(out / "README.md", card_text(card))
    return card


def split_set(
    transcribed: Path, out: Path, name: str, *, test: int = 40, seed: int = 0, progress: Progress = silent
) -> SplitReport:
    """Split a transcribed set; writes train.jsonl, train.messages.jsonl, test.jsonl, split.json and the suite `name`."""
    lines, card_path = transcribed / "transcripts.jsonl", transcribed / "card.json"
    if not card_path.is_file():
        raise UsageError(
            f"{transcribed} holds no transcribed set. `mibench corpora transcribe --out {transcribed}` makes one."
        )
    card = Card.model_validate_json(card_path.read_bytes())
    transcripts = [transcript for _, transcript in read_lines(lines, Transcript)]
    found = split(
        transcripts, test, seed, licence=card.licence, digest=digest_of_files([lines]),
        on_step=lambda done, total, note: progress(f"{transcribed.name}: splitting", done, total, note),
    )  # fmt: skip
    about = (
        f"{len(found.test)} dialogues set apart from a transcribed set, by client and scenario; nothing of them is in its "
        f"train side, nor in a suite that ships (split.json has the counts). Licence: {card.licence}. The clients' turns are "
        f"not coded, so slices by client talk say nothing.\n\n{card_text(card).partition('## Gates')[0].partition(chr(10))[2].strip()}"
    )
    write_suite(out / name, found.test, about)
    write_dialogues(out / "test.jsonl", found.test, "Test data: do not train on it.")
    write_dialogues(out / "train.jsonl", found.train, "Training data, disjoint from test.jsonl by client and scenario.")
    write_messages(out / "train.messages.jsonl", found.train)
    write_json(out / "split.json", found.report)
    return found.report


def suite_of(spec: str, out: Path) -> Suite:
    """A suite of dialogues as published, uncoded, e.g. CPsyCounE for its turn-based evaluation; returns the suite."""
    dialogues = uncoded(sources(spec))
    licences = ", ".join(sorted({dialogue.licence for dialogue in dialogues}))
    about = (
        f"{len(dialogues)} dialogues from a person's own copy of {spec.partition(':')[0]}, as published: not coded by MITI, no "
        f"change goal declared, so MITI scores of it are to be read with reserve. Licence: {licences}."
    )
    write_suite(out, dialogues, about, prompt=COUNSELLOR)
    return load_suite(out)


def rate_run(
    run: Path, by: str, *, suite: str | None = None, settings: JudgeSettings | None = None, progress: Progress = silent
) -> TurnScores:
    """CPsyCounE's turn-based evaluation of a run's replies by the model `by`; writes cpsycoune.json into the run."""
    folder = RunFolder(run)
    loaded = load_suite(suite or folder.manifest().suite)
    if loaded.digest != folder.manifest().suite_digest:
        raise UsageError(f"{run} was run on another text of the suite. Say where that suite lies: --suite DIR.")
    with folder.locked():
        model = _model(by, folder, settings or JudgeSettings(), progress)
        found = rate_replies(loaded, folder.replies(), model)
        write_json(run / "cpsycoune.json", found)
    return found


def probe_model(
    model: str, suite: str, *, model_args: Mapping[str, Any] | None = None, turns: int = 100, seed: int = 0, as_chat: bool = False,
    batch_size: int | str | None = None, progress: Progress = silent,
) -> Probe:  # fmt: skip
    """Look whether a model of any lm-eval type has seen a suite."""
    from mibench.generating.speaking import speaker

    loaded = load_suite(suite)
    speak, likelihood = speaker(
        model, model_args or {}, as_chat=as_chat, batch_size=batch_size,
        on_answers=lambda what, done, total: progress(f"{loaded.name}: {what}", done, total, ""),
    )  # fmt: skip
    with (loaded.folder / "dialogues.jsonl").open(encoding="utf-8") as file:
        first = file.readline()
    args = model_args or {}
    name = str(args.get("pretrained") or args.get("model") or model).rstrip("/").rpartition("/")[2]
    return probe(loaded.name, name, loaded.dialogues, first, speak, likelihood, turns=turns, seed=seed)


def _model(spec: str, folder: RunFolder, settings: JudgeSettings, progress: Progress) -> Model:
    """The provider's model as this room asks it: through the engine, answers kept in the folder."""
    from mibench.judging.asking import ask_all
    from mibench.judging.providers import Question, load_provider

    provider = load_provider(
        spec, settings.url, settings=settings.api, timeout=settings.timeout, workers=settings.workers
    )

    def ask(stage: str, asked: Sequence[Asked]) -> Mapping[str, Call | str]:
        questions = [
            Question(
                key=each.key, subject=each.subject, system=each.system, user=each.user, schema=each.schema, turns=each.turns,
                sampling=dict(each.sampling),
            )
            for each in asked
        ]  # fmt: skip
        label = f"{folder.path.name}: {stage} by {provider.name}"

        def on_answer(done: int, total: int, dollars: float) -> None:
            progress(label, done, total, f"${dollars:.2f}" if dollars else "")

        return ask_all(
            provider, questions, folder.calls_path, settings, on_answer,
            lambda done, total: progress(f"{label}, in batches", done, total, ""),
        )  # fmt: skip

    return Model(provider.name, digest_of(provider.identity), ask, settings.batching.send)


def _coder(spec: str, folder: RunFolder, settings: JudgeSettings, progress: Progress) -> Coder:
    if card_of_judge(spec).kind != "prompted":
        settings = replace(settings, batching=Batching())  # what runs here answers at once
    judge = open_judge(spec, settings)

    def code(pairs: Sequence[tuple[Occasion, str]]) -> Sequence[Verdict]:
        label = f"{folder.path.name}: codes by {judge.name}"
        return judge_replies(
            judge, pairs, folder.calls_path, lambda done, total, _: progress(label, done, total, ""), settings
        )

    return Coder(judge.name, judge.digest, code)


def _write_records(path: Path, records: Sequence[Any]) -> None:
    write_whole(path, "".join(f"{record.model_dump_json()}\n" for record in records))


def _tell_some(progress: Progress, spec: str, number: int) -> None:
    if number % 100 == 0:
        progress(f"loading {spec.partition(':')[0]}", number, number + 1, "")
