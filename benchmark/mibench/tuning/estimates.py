"""What training would take: memory and time by rule of thumb, to be labelled as such wherever they are shown."""

from typing import NamedTuple

from mibench.tuning.recipe import Recipe, Shape

GIB = 2**30
BYTES = {"none": 2.0, "8bit": 1.1, "4bit": 0.6}
"""A weight of the frozen base, in bytes, scales of the quantiser included."""


class Estimate(NamedTuple):
    """By rule of thumb."""

    weights: float
    """GiB of the frozen base."""
    adapter: float
    """GiB of the adapter with its gradients and Adam's moments."""
    activations: float
    """GiB of one batch at its longest, the logits included."""
    hours: float
    """At the given speed."""
    adapter_parameters: int

    @property
    def memory(self) -> float:
        """GiB in all, with a tenth for what fragments."""
        return 1.1 * (self.weights + self.adapter + self.activations)


def estimate(recipe: Recipe, shape: Shape, longest: int, tokens: int, teraflops: float) -> Estimate:
    """Memory for the longest conversation (tokens) and hours for `tokens` an epoch at so many teraflops sustained.

    Weights 2 bytes (bfloat16); each adapter weight 16 (float32, its gradient, two moments); with checkpointing one
    residual a layer and one layer in full (34 bytes a token and unit of width, Korthikanti et al. 2022, eq. 2, without the
    attention term), else all layers in full; logits 10 bytes each (half, float32 and its gradient). Operations: 2 a
    weight forward, 2 backward (the base has no weight gradients), 2 more to recompute.
    """
    h, i, q, kv = shape.hidden, shape.intermediate, shape.queries, shape.key_values
    parameters = shape.layers * recipe.lora_rank * (2 * (h + q) + 2 * (h + kv) + 3 * (h + i))
    batch = recipe.batch_size * longest
    layers = shape.layers
    inside = 34 * h + 2 * 3 * max(0, i - 4 * h // 3)
    activations = batch * ((2 * h * layers + inside) if recipe.checkpointing else inside * layers)
    logits = batch * shape.vocabulary * 10
    operations = (6 if recipe.checkpointing else 4) * shape.parameters * 1e9 * tokens * recipe.epochs
    return Estimate(
        weights=shape.parameters * 1e9 * BYTES[recipe.quantise] / GIB,
        adapter=parameters * 16 / GIB,
        activations=(activations + logits) / GIB,
        hours=operations / (teraflops * 1e12) / 3600,
        adapter_parameters=parameters,
    )
