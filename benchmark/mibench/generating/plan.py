"""How a model is to be asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mibench.cluster import Workers
from mibench.suites import Shard, SystemPlace

PADDING = ("hf", "hf-auto", "huggingface")
"""Models whose batches are padded."""
OnReply = Callable[[int, int], None]
"""Called with (finished, total) after each reply."""


@dataclass(frozen=True)
class GenerationPlan:
    """How a model is to be asked."""

    model: str = "reflector"
    """A counsellor that ships, or any lm-eval model type."""
    model_args: dict[str, Any] = field(default_factory=dict)
    """Arguments of the model, as lm-eval's `--model_args`."""
    generation: dict[str, Any] = field(default_factory=dict)
    """Settings over the task's own: `max_gen_toks`, `temperature`, `do_sample` …"""
    limit: int | None = None
    """Only the first N rounds."""
    shard: Shard | None = None
    """Only this part of them; None is all."""
    seed: int = 0
    """Seed of the sampler."""
    system: SystemPlace = "system-role"
    """Where the counsellor prompt stands."""
    plain_transcript: bool = False
    """Whether to do without the model's chat template."""
    batch_size: int | str | None = None
    """lm-eval's batch size."""
    workers: Workers | None = None
    """Workers on a Ray cluster; None is this process."""
    save_every: int | None = None
    """Rounds handed to a model at a time; each such group is on disk before the next begins. None: see `group`."""

    @property
    def group(self) -> int:
        """Rounds in a group: as told, else 8 times what the model takes at once, so that only its end is not full."""
        return self.save_every or max(16, 8 * self._at_once)

    @property
    def by_length(self) -> bool:
        """Whether rounds are handed over by length: for batches that are padded to their longest prompt.

        Engines that remember what they have read, and take prompts of any length together, have them by dialogue.
        """
        return self.model in PADDING and self._at_once > 1

    @property
    def _at_once(self) -> int:
        """Rounds the model takes at once; a guess of 16 where it finds that out itself."""
        if str(self.batch_size or "").isdigit():
            return int(self.batch_size)  # type: ignore[arg-type]  # a number, as has just been seen
        if self.model == "vllm" or self.batch_size is not None:
            return 16
        calls = str(self.model_args.get("num_concurrent", 1))
        return int(calls) if calls.isdigit() else 1
