"""Checkpoints that are whole, and what is written beside them: metrics.jsonl and loss.svg.

The trainer writes a checkpoint file by file. The last file of ours, `finished.json`, names them with their sizes; a folder
without it, or with other sizes, is a checkpoint that a full disk or a kill left behind, and is never gone on with.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mibench.records.jsonl import write_whole
from mibench.tuning.curve import loss_curve

MARK = "finished.json"


def finished(checkpoint: Path) -> bool:
    """Whether every file of the checkpoint is there as it was written."""
    try:
        sizes: dict[str, int] = json.loads((checkpoint / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return sizes == _sizes(checkpoint)


def last_finished(folder: Path) -> Path | None:
    """The newest whole checkpoint of a training folder, or None. Torn ones are taken away."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]))
    for checkpoint in found:
        if not finished(checkpoint):
            shutil.rmtree(checkpoint)
    whole = [checkpoint for checkpoint in found if checkpoint.is_dir()]
    return whole[-1] if whole else None


def keeper(folder: Path, on_step: Callable[[int, int, str], None]) -> Any:  # noqa: C901 - five hooks, a line or two each
    """The trainer's callback that marks whole checkpoints, writes metrics and the curve, and reports steps."""
    from transformers import TrainerCallback

    class Keeper(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero:  # after a kill, what was logged past the checkpoint is logged again
                write_whole(folder / "metrics.jsonl", "".join(_line(entry) for entry in state.log_history))

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
            if state.global_step >= state.max_steps:
                control.should_evaluate = control.should_save = True
            return control

        def on_log(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if not state.is_world_process_zero or not state.log_history:
                return
            with (folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
                file.write(_line(state.log_history[-1]))
            on_step(state.global_step, state.max_steps, _note(state.log_history))

        def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero:
                write_whole(folder / "loss.svg", loss_curve(state.log_history))

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            checkpoint = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            if state.is_world_process_zero:
                write_whole(checkpoint / MARK, json.dumps(_sizes(checkpoint)))

    return Keeper()


def _sizes(checkpoint: Path) -> dict[str, int]:
    files = [path for path in checkpoint.rglob("*") if path.is_file() and path.name != MARK]
    return {str(path.relative_to(checkpoint)): path.stat().st_size for path in sorted(files)}


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, allow_nan=False, default=str) + "\n"


def _note(history: list[dict[str, Any]]) -> str:
    parts = []
    for name, key in (("loss", "loss"), ("validation", "eval_loss")):
        value = next((entry[key] for entry in reversed(history) if key in entry), None)
        if value is not None:
            parts.append(f"{name} {float(value):.3f}")
    return ", ".join(parts)
