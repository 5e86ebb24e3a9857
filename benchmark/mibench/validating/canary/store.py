"""Where a judge's answers to the canary lie: in its folder in a checkout, else below `runs/`."""

from pathlib import Path

from pydantic import ValidationError

from mibench.content import in_checkout, judge_folder, slug
from mibench.errors import BadRecord
from mibench.records import write_json
from mibench.schema import CanaryFile, CanaryMark


def canary_path(judge: str) -> Path:
    """`judges/<name>/canary/<judge>.json` in a checkout; in a wheel, `runs/canary-<judge>/canary.json` of the working folder."""
    if in_checkout():
        return judge_folder(judge) / "canary" / f"{slug(judge)}.json"
    return Path("runs") / f"canary-{slug(judge)}" / "canary.json"


def stored_canary(path: Path) -> CanaryFile | None:
    """What is stored, or None. Raises BadRecord for a file that cannot be read."""
    if not path.is_file():
        return None
    try:
        return CanaryFile.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadRecord(path, 1, str(error.errors(include_url=False)[0]["msg"])) from error


def save_canary(path: Path, file: CanaryFile) -> None:
    """Write it, whole or not at all."""
    write_json(path, file)


def canary_mark(judge: str, digest: str) -> CanaryMark | None:
    """What a run's manifest says of the judge's canary; None where this version of the judge has none."""
    found = stored_canary(canary_path(judge))
    if found is None:
        return None
    last = found.last
    if last and last.digest == digest:
        largest = last.largest
        return CanaryMark(
            set_digest=found.first.set_digest, date=last.date, since=last.date_then, largest=largest.shift,
            code=largest.code, p=largest.p_holm, drifted=last.drifted,
        )  # fmt: skip
    if found.first.digest == digest:
        return CanaryMark(set_digest=found.first.set_digest, date=found.first.date, since=found.first.date)
    return None
