"""A run divided among processes: a shard cut from a run to be judged, and shards joined to the run they are parts of."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from mibench.api import Progress, Run, card_of, report_stage, score_anchors, score_stage, silent
from mibench.errors import RunConflict, UsageError
from mibench.generating import GenerationPlan
from mibench.judging.subjects import subjects_of
from mibench.records import Appender, RunFolder, read_raw
from mibench.records.folder import unlike
from mibench.schema import Manifest, RatingKey, Reply
from mibench.suites import Shard, Suite, load_suite, rounds_asked


def cut_shard(run: RunFolder, suite: Suite, shard: Shard) -> RunFolder:
    """The part `shard` of `run`, as a run folder of its own inside it, with the replies that `run` has by now.

    Raises RunConflict if `run` is itself another shard, or if the part holds other replies.
    """
    manifest = run.manifest()
    if manifest.shard:
        if manifest.shard != str(shard):
            raise RunConflict(f"{run.path} is the shard {manifest.shard} already, and is not divided again.")
        return run
    part = RunFolder(run.path / shard.folder)
    with part.locked():
        part.begin(manifest.model_copy(update={"shard": str(shard), "judges": {}, "digests": {}, "canaries": {}}))
        _join_replies(part, [run], [round_.id for round_ in rounds_asked(suite, manifest.limit, shard)])
    return part


def merge_runs(
    shards: Sequence[Path | str],
    out: Path | str,
    *,
    suite: str | None = None,
    anchors: bool | None = None,
    progress: Progress = silent,
) -> Run:
    """Join all shards of a run in the folder `out`, then score and report it: what an undivided run would hold.

    `out` may hold the same run already, with its own ratings: it gains what it lacks. `anchors` as for `api.run`.
    Raises UsageError or RunConflict when a shard is missing, comes twice, is not finished, or belongs to another run.
    """
    parts = [RunFolder(path) for path in shards]
    manifests = [part.manifest() for part in parts]
    _check_together(parts, manifests)
    loaded = load_suite(suite or manifests[0].suite)
    if loaded.digest != manifests[0].suite_digest:
        raise RunConflict(f"These shards were run on another text of the suite {manifests[0].suite}.")
    with ExitStack() as held:
        for part in parts:
            held.enter_context(part.locked())
        for part, manifest in zip(parts, manifests, strict=True):
            _check_finished(part, manifest, loaded)
        whole = RunFolder(out)
        held.enter_context(whole.locked())
        manifest = _begin(whole, manifests)
        rounds = [round_.id for round_ in rounds_asked(loaded, manifest.limit)]
        _join_replies(whole, parts, rounds)
        _join_ratings(whole, parts, manifest, loaded)
        for name in ("calls.jsonl", "batches.jsonl"):
            _append_missing(whole.path / name, (line for part in parts for line in _lines(part.path / name)))
        judges = list(manifest.judges)
        if judges:
            score_stage(whole, loaded, judges, progress=progress)
            if anchors if anchors is not None else all(card_of(judge).kind == "offline" for judge in judges):
                plan = GenerationPlan(model=manifest.model.name, limit=manifest.limit)
                score_anchors(whole, loaded, plan, judges, progress)
            report_stage(whole, loaded, progress)
    return Run(whole.path)


def _check_together(parts: Sequence[RunFolder], manifests: Sequence[Manifest]) -> None:
    """Raise unless these are all shards of one run, each once."""
    for part, manifest in zip(parts, manifests, strict=True):
        if manifest.shard is None:
            raise UsageError(f"{part.path} is a whole run, not a shard: there is nothing to merge it with.")
    numbers: dict[Shard, Path] = {}
    for part, manifest in zip(parts, manifests, strict=True):
        shard = Shard.parse(manifest.shard or "")
        if shard in numbers:
            raise RunConflict(f"{numbers[shard]} and {part.path} are both the shard {shard}: name each once.")
        numbers[shard] = part.path
    if len({shard.of for shard in numbers}) > 1:
        found = ", ".join(f"{path} is {shard}" for shard, path in numbers.items())
        raise RunConflict(f"These are shards of runs divided differently: {found}.")
    of = next(iter(numbers)).of
    if missing := [f"{number}/{of}" for number in range(1, of + 1) if Shard(number, of) not in numbers]:
        raise UsageError(f"{'A shard is' if len(missing) == 1 else 'Shards are'} missing: {', '.join(missing)}.")
    for part, manifest in zip(parts[1:], manifests[1:], strict=True):
        if differs := _difference(manifests[0], manifest):
            what, one, other = differs
            raise RunConflict(
                f"{parts[0].path} and {part.path} are shards of different runs: their {what} is {one} and {other}."
            )


def _difference(one: Manifest, other: Manifest) -> tuple[str, object, object] | None:
    if found := unlike(one, other.model_copy(update={"shard": one.shard})):
        return found
    if one.limit != other.limit:
        return "number of rounds", one.limit or "all", other.limit or "all"
    if one.judges != other.judges:
        return "list of judges", _versions(one), _versions(other)
    return None


def _versions(manifest: Manifest) -> str:
    return ", ".join(f"{name} ({digest[:8]})" for name, digest in manifest.judges.items()) or "empty"


def _check_finished(part: RunFolder, manifest: Manifest, suite: Suite) -> None:
    """Raise unless the shard holds a reply to each of its rounds and to no other, and a line for each that is to be rated."""
    own = {round_.id for round_ in rounds_asked(suite, manifest.limit, Shard.parse(manifest.shard or ""))}
    replies = part.replies()
    if foreign := replies.keys() - own:
        raise RunConflict(
            f"{part.path} holds replies to {len(foreign)} rounds that belong to other shards, such as {min(foreign)}."
        )
    if missing := own - replies.keys():
        raise UsageError(
            f"{part.path} is not finished: {len(missing)} of its {len(own)} rounds have no reply, such as {min(missing)}. "
            "The command that made it goes on where it stopped."
        )
    rated: dict[str, set[tuple[str, str]]] = {}
    for key in part.rating_keys():
        rated.setdefault(key["judge_digest"], set()).add((key["subject"], key["reply_digest"]))
    for judge, digest in manifest.judges.items():
        wanted = {(s.id, s.digest) for s in subjects_of(suite, replies, card_of(judge).rates)}
        if unrated := wanted - rated.get(digest, set()):
            raise UsageError(
                f"{part.path} is not finished: {judge} has not rated {len(unrated)} of {len(wanted)}, such as "
                f"{min(unrated)[0]}. `mibench judge {part.path} --judge {judge}` goes on."
            )


def _begin(whole: RunFolder, manifests: Sequence[Manifest]) -> Manifest:
    """The manifest of the joined run, on disk: the shards' and, where the folder has one already, its own."""
    first = manifests[0].model_copy(update={"shard": None, "created": min(each.created for each in manifests)})
    held = whole.begin(first)
    manifest = held.model_copy(
        update={
            "judges": {**held.judges, **first.judges},
            "digests": {**held.digests, **first.digests},
            "canaries": {**held.canaries, **first.canaries},
        }
    )
    whole.save(manifest)
    return manifest


def _join_replies(whole: RunFolder, parts: Sequence[RunFolder], rounds: Sequence[str]) -> None:
    """Append what `whole` lacks of the replies to `rounds`, in this order. Raises RunConflict where it has another one."""
    places = {id_: place for place, id_ in enumerate(rounds)}
    held = whole.replies()
    found: dict[str, bytes] = {}
    for part in parts:
        if not part.replies_path.is_file():
            continue
        for _, line, reply in read_raw(part.replies_path, Reply, torn_end=True):
            if reply.round not in places:
                continue
            own = held.get(reply.round)
            if own is not None and own.text != reply.text:
                raise RunConflict(
                    f"{whole.path} and {part.path} hold different replies to {reply.round}: they are different runs. "
                    "Choose another folder with --out."
                )
            if own is None:
                found.setdefault(reply.round, line)
    with whole.append_replies() as file:
        for id_ in sorted(found, key=places.__getitem__):
            file.append_line(found[id_])


def _join_ratings(whole: RunFolder, parts: Sequence[RunFolder], manifest: Manifest, suite: Suite) -> None:
    """Append the ratings that `whole` lacks: judge by judge, in the order of the suite, repeat by repeat."""
    judges = {digest: place for place, digest in enumerate(manifest.judges.values())}
    subjects = {round_.id: place for place, round_ in enumerate(suite.rounds)}
    subjects |= {dialogue.id: place for place, dialogue in enumerate(suite.dialogues)}

    def place(key: RatingKey) -> tuple[int, int, int]:
        judge = judges.get(key["judge_digest"], len(judges))
        return judge, subjects.get(key["subject"], len(subjects)), key.get("repeat", 0)

    files = [part.ratings_path for part in parts if part.ratings_path.is_file()]
    lines = [(place(key), line) for path in files for _, line, key in read_raw(path, RatingKey, torn_end=True)]
    lines.sort(key=lambda each: each[0])  # stable: of two for the same repeat the later one stays behind
    _append_missing(whole.ratings_path, (line for _, line in lines))


def _append_missing(path: Path, lines: Iterable[bytes]) -> None:
    held = set(_lines(path))
    if fresh := [line for line in lines if line not in held]:
        with Appender(path) as file:
            for line in fresh:
                file.append_line(line)


def _lines(path: Path) -> Iterator[bytes]:
    """Whole lines of a file that may not exist."""
    if path.is_file():
        with path.open("rb") as file:
            yield from (line for line in file if line.endswith(b"\n"))
