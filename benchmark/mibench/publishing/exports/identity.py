"""Who answered, in the words of other tools; no path of a machine."""

from pathlib import PurePath, PureWindowsPath

from mibench.schema import Manifest

ENGINES = {"hf": "transformers", "vllm": "vllm", "sglang": "sglang"}
"""lm-eval model type → the package that runs the weights on this machine."""


def model_id(manifest: Manifest) -> str:
    """`org/name` as on the hub, the last part of a path, or `mibench/<counsellor>` for what ships."""
    source = str(manifest.model.args.get("pretrained") or manifest.model.args.get("model") or "")
    if not source:
        return f"mibench/{manifest.model.name}"
    windows = "\\" in source or PureWindowsPath(source).drive
    parts = [part for part in (PureWindowsPath(source) if windows else PurePath(source)).parts if part != "."]
    on_hub = len(parts) == 2 and not windows and not source.startswith((".", "/", "~")) and parts[0] != ".."
    return source if on_hub else parts[-1]


def engine(manifest: Manifest) -> dict[str, str] | None:
    """Name and version of what ran the weights here; None for services and for what ships."""
    package = ENGINES.get(manifest.model.name)
    return {"name": package, "version": manifest.versions.get(package, "unknown")} if package else None


def deployment(manifest: Manifest) -> str:
    """`self_deployed`, `externally_managed`, or `unknown`."""
    if manifest.model.name in ENGINES or not (
        manifest.model.args.get("model") or manifest.model.args.get("pretrained")
    ):
        return "self_deployed"
    address = str(manifest.model.args.get("base_url", ""))
    own = any(host in address for host in ("localhost", "127.0.0.1", "0.0.0.0"))  # noqa: S104 - compared, not bound
    return "self_deployed" if own else "unknown" if address else "externally_managed"
