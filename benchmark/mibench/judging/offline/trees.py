"""Boosted trees as plain arrays: made from scikit-learn's, walked with numpy alone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np


class Trees(NamedTuple):
    """All nodes of all trees in one row; a leaf is its own child."""

    feature: "np.ndarray"
    """(nodes) column looked at."""
    threshold: "np.ndarray"
    """(nodes) at most this goes left."""
    missing_left: "np.ndarray"
    """(nodes) whether NaN goes left."""
    left: "np.ndarray"
    right: "np.ndarray"
    """(nodes) children, as places in these arrays."""
    value: "np.ndarray"
    """(nodes) what a leaf adds to its head's log odds."""
    root: "np.ndarray"
    """(trees) where each begins."""
    head: "np.ndarray"
    """(trees) which head it belongs to."""
    base: "np.ndarray"
    """(heads) log odds before any tree."""
    depth: "np.ndarray"
    """() steps from root to the deepest leaf."""

    def log_odds(self, row: "np.ndarray") -> "np.ndarray":
        """(heads) for one row of columns; NaN is a missing number."""
        import numpy as np

        at = self.root.copy()
        for _ in range(int(self.depth)):
            seen = row[self.feature[at]]
            left = np.where(np.isnan(seen), self.missing_left[at], seen <= self.threshold[at])
            at = np.where(left, self.left[at], self.right[at])
        return self.base + np.bincount(self.head, weights=self.value[at], minlength=len(self.base))


def trees_of(models: Sequence[Any]) -> Trees:
    """The trees of fitted binary HistGradientBoostingClassifiers, a head each."""
    import numpy as np

    nodes, roots, heads, bases = [], [], [], []
    start = depth = 0
    for number, model in enumerate(models):
        bases.append(float(np.ravel(model._baseline_prediction)[0]))  # noqa: SLF001 - sklearn names no public way
        for (tree,) in model._predictors:  # noqa: SLF001
            found = tree.nodes
            own = np.arange(len(found))
            leaf = found["is_leaf"].astype(bool)
            nodes.append(
                (
                    np.where(leaf, 0, found["feature_idx"]), np.where(leaf, 0.0, found["num_threshold"]),
                    found["missing_go_to_left"].astype(bool),
                    start + np.where(leaf, own, found["left"]), start + np.where(leaf, own, found["right"]),
                    np.where(leaf, found["value"], 0.0),
                )
            )  # fmt: skip
            roots.append(start)
            heads.append(number)
            depth = max(depth, int(found["depth"].max()))
            start += len(found)
    feature, threshold, missing_left, left, right, value = (
        np.concatenate(column) for column in zip(*nodes, strict=True)
    )
    return Trees(
        feature.astype(np.int32), threshold.astype(np.float32), missing_left.astype(np.bool_), left.astype(np.int32),
        right.astype(np.int32), value.astype(np.float32), np.array(roots, np.int32), np.array(heads, np.int32),
        np.array(bases), np.array(depth, np.int32),
    )  # fmt: skip
