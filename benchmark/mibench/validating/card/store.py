"""Where agreement lies: `agreement.json` in the judge's folder, and a block in its README."""

from pathlib import Path

from pydantic import ValidationError

from mibench.content import judge_folder
from mibench.errors import BadRecord
from mibench.records import write_json
from mibench.records.jsonl import write_whole
from mibench.schema import JudgeAgreement
from mibench.validating.card.readme import with_block


def stored_agreement(judge: str, folder: Path | None = None) -> JudgeAgreement:
    """What was measured of the judges in the folder of `judge` (a name in ratings, or a card's); empty if nothing was.

    Raises BadRecord for a file that cannot be read.
    """
    path = (folder or judge_folder(judge)) / "agreement.json"
    if not path.is_file():
        return JudgeAgreement()
    try:
        return JudgeAgreement.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadRecord(path, 1, str(error.errors(include_url=False)[0]["msg"])) from error


def save_agreement(agreement: JudgeAgreement, folder: Path) -> list[Path]:
    """Write agreement.json and the block in README.md; returns the files that changed."""
    changed = []
    path, readme = folder / "agreement.json", folder / "README.md"
    old = path.read_bytes() if path.is_file() else b""
    write_json(path, agreement)
    if path.read_bytes() != old:
        changed.append(path)
    text = readme.read_text(encoding="utf-8") if readme.is_file() else f"# {folder.name}\n\n## How far to trust it\n"
    new = with_block(text, agreement, readme)
    if new != text or not readme.is_file():
        write_whole(readme, new)
        changed.append(readme)
    return changed
