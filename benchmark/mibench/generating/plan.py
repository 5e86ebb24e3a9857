"""How a model is to be asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mibench.cluster import Workers
from mibench.suites import Shard, SystemPlace

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
    """Rounds handed to a model at a time; each such group is on disk before the next begins. None is as in `group`."""

    @property
    def group(self) -> int:
        """Rounds in a group: as told, else 16 batches, so that rounds of a length can share one."""
        batch = int(self.batch_size) if str(self.batch_size or "").isdigit() else 1  # type: ignore[arg-type]
        return self.save_every or max(16, 16 * batch)
