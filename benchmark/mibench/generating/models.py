"""Names → models: the counsellors that ship, and every model type lm-eval knows."""

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from mibench.errors import MissingExtra, UnknownName, UsageError
from mibench.records import digest_of_files
from mibench.suites import Suite

COUNSELLORS = {
    "reference": "mibench.generating.counsellors.reference:Reference",
    "reflector": "mibench.generating.counsellors.reflector:Reflector",
    "adviser": "mibench.generating.counsellors.adviser:Adviser",
    "retrieval": "mibench.generating.counsellors.retrieval:Retrieval",
    "scripted": "mibench.generating.counsellors.scripted:Scripted",
}
"""Short name → where the class lies."""

EXTRAS = {"vllm": "vllm", "hf": "hf", "huggingface": "hf", "hf-auto": "hf"}
"""lm-eval model type → our extra; all others need lm-eval's `api` libraries."""

SECRET = re.compile(r"key|token$|secret|password|auth|header", re.IGNORECASE)


def counsellor_names() -> list[str]:
    """Names of the counsellors that ship, sorted."""
    return sorted(COUNSELLORS)


def load_model(name: str, args: Mapping[str, Any], batch_size: int | str | None = None) -> Any:
    """An lm-eval `LM` for `name` with `args`.

    Raises UnknownName, MissingExtra, or UsageError when the model refuses its arguments or cannot be found.
    """
    constructor = _constructor(name)
    settings: dict[str, Any] = {}
    if batch_size is not None and name not in COUNSELLORS:
        settings["batch_size"] = batch_size
    if EXTRAS.get(name) == "hf" and not {"device", "parallelize", "device_map"} & set(args):
        settings["device"] = _device()
    try:
        return constructor(**args, **settings)
    except ImportError as error:
        if isinstance(error, MissingExtra):
            raise
        raise MissingExtra(f"The model type {name}", EXTRAS.get(name, "api")) from error
    except TypeError as error:
        raise UsageError(f"The model {name} does not take these --model-args: {error}.") from error
    except (OSError, ValueError, AssertionError, RuntimeError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"The model {name} could not be loaded: {_first_sentence(error)}") from error


def _constructor(name: str) -> Any:
    if name in COUNSELLORS:
        module, _, attribute = COUNSELLORS[name].partition(":")
        return getattr(import_module(module), attribute)

    from lm_eval.api.registry import get_model
    from lm_eval.models import MODEL_MAPPING

    if name not in MODEL_MAPPING:
        known = [*COUNSELLORS, *MODEL_MAPPING]
        raise UnknownName(
            "model", name, known, "The checkpoint goes into --model-args, e.g. --model hf --model-args pretrained=DIR."
        )
    try:
        return get_model(name)
    except ImportError as error:
        raise MissingExtra(f"The model type {name}", EXTRAS.get(name, "api")) from error


def _device() -> str:
    """Where a checkpoint runs unless the user says: lm-eval takes a GPU for granted. `cpu` without torch, which is said later."""
    try:
        import torch
    except ImportError:
        return "cpu"
    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def model_revision(name: str, args: Mapping[str, Any], model: Any, suite: Suite) -> str:
    """A mark that changes when the model's answers could: see `ModelIdentity.revision`."""
    if name == "reference":
        return f"suite-{suite.digest[:16]}"
    if name in COUNSELLORS:
        return str(model.revision)
    source = args.get("pretrained") or args.get("model") or ""
    if source and Path(str(source)).is_dir():
        files = [path for path in Path(str(source)).iterdir() if path.is_file()]
        return f"files-{digest_of_files(files)[:16]}"
    commit = getattr(getattr(getattr(model, "model", None), "config", None), "_commit_hash", None)
    return str(commit or args.get("revision") or "not stated by the backend")


def public_args(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments without whatever may hold a secret."""
    return {
        key: re.sub(r"//[^/@\s]+@", "//", value) if isinstance(value, str) else value
        for key, value in args.items()
        if not SECRET.search(key)
    }


def _first_sentence(error: Exception) -> str:
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line if line.endswith((".", "!", "?")) else f"{line}."
