"""What the manifests of runs say of a model by themselves, so that its sender need not."""

import shlex
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from mibench.schema import Manifest
from mibench.schema.submission import Answer, Kind

KINDS: Mapping[str, Kind] = {"reference": "reference", "scripted": "model"}
"""Counsellors that ship and are no baseline: the suite's own replies, and a player of anybody's."""
NOT_STATED = "not stated by the backend"


def source_of(manifest: Manifest) -> str:
    """The checkpoint or model that answered, as the command named it; empty for a counsellor that ships."""
    return str(manifest.model.args.get("pretrained") or manifest.model.args.get("model") or "")


def revision_of(manifest: Manifest) -> str:
    """The mark of the weights; empty where the backend told none."""
    return "" if manifest.model.revision == NOT_STATED else manifest.model.revision


def kind_of(manifest: Manifest, counsellors: Collection[str]) -> Kind:
    """A counsellor that ships is a baseline, the suite's own replies the reference, all else a model."""
    name = manifest.model.name
    return KINDS.get(name, "baseline" if name in counsellors else "model")


def command_of(manifests: Sequence[Manifest], suites: Collection[str]) -> str:
    """The commands that repeat the runs, one a line; one command where they cover every suite in `suites`."""
    lines = [_command(manifest, manifest.suite) for manifest in manifests]
    whole = {_command(manifest, "all") for manifest in manifests}
    if len(manifests) > 1 and len(whole) == 1 and {manifest.suite for manifest in manifests} == set(suites):
        return whole.pop()
    return "\n".join(lines)


def _command(manifest: Manifest, suite: str) -> str:
    model = manifest.model
    words = ["mibench", "run", "--suite", suite, "--model", model.name]
    if model.args:
        words += ["--model-args", _pairs({key: _short(value) for key, value in model.args.items()})]
    if model.generation:
        words += ["--gen-kwargs", _pairs(model.generation)]
    if manifest.seed:
        words += ["--seed", str(manifest.seed)]
    if model.system == "in-first-user-turn":
        words.append("--system-in-user")
    if model.chat_template == "plain-transcript":
        words.append("--plain-transcript")
    for judge in manifest.judges:
        if list(manifest.judges) != ["offline"]:
            words += ["--judge", judge]
    return shlex.join(words)


def _pairs(values: Mapping[str, Any]) -> str:
    return ",".join(
        f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in values.items()
    )


def _short(value: Any) -> Any:
    """The last part of a folder that lies on this machine, whose place is nobody's business."""
    return Path(value).name if isinstance(value, str) and is_local(value) else value


def is_local(value: str) -> bool:
    """Whether a model argument names a folder or file on this machine."""
    try:
        return bool(value) and Path(value).expanduser().exists()
    except (OSError, ValueError):
        return False


def answer_of(*, found: bool) -> Answer:
    """yes, or unknown: that nothing was found says little."""
    return "yes" if found else "unknown"
