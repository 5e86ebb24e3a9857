"""Near-duplicates among many texts, in numpy, linear in their number even where hundreds are the same.

MinHash signatures (Broder 1997) and banding (Leskovec et al., *Mining of Massive Datasets*, ch. 3).
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

PERMUTATIONS = 128
BANDS = 32
"""Bands of four rows: pairs of Jaccard .5 share a band with probability .87, of .7 with .9999, of .2 with .05."""
SHINGLE = 5
"""Characters in a shingle."""
SEED = 20_150_217
BLOCK = 1 << 12


def signatures(texts: Iterable[str]) -> "np.ndarray":
    """Array (texts, PERMUTATIONS) of uint32; the share of equal columns of two rows estimates their Jaccard likeness.

    Standard error √(J (1 − J) / 128), at most .044. A text without a whole shingle is one shingle.
    """
    import numpy as np

    rng = np.random.default_rng(SEED)
    # Multiply-shift hashing (Dietzfelbinger et al. 1997): odd factors, the upper 32 of 64 bits.
    factors_P = rng.integers(1, 2**63, PERMUTATIONS, dtype=np.uint64) | np.uint64(1)
    offsets_P = rng.integers(0, 2**63, PERMUTATIONS, dtype=np.uint64)
    blocks = [np.stack([_signature(text, factors_P, offsets_P) for text in block]) for block in _blocks(texts)]
    return np.concatenate(blocks) if blocks else np.empty((0, PERMUTATIONS), dtype=np.uint32)


def _blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    source = iter(texts)
    while block := list(islice(source, BLOCK)):
        yield block


def _signature(text: str, factors_P: "np.ndarray", offsets_P: "np.ndarray") -> "np.ndarray":
    import numpy as np

    shingles_S = _shingles(text)
    smallest_P = np.empty(PERMUTATIONS, dtype=np.uint32)
    for start in range(0, PERMUTATIONS, 16):  # sixteen at a time stay in the cache
        part = slice(start, start + 16)
        hashed_P_S = factors_P[part, None] * shingles_S
        hashed_P_S += offsets_P[part, None]
        smallest_P[part] = hashed_P_S.min(axis=1) >> np.uint64(32)
    return smallest_P


def _shingles(text: str) -> "np.ndarray":
    """A 64-bit hash of each run of SHINGLE characters."""
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    if len(codes) == 0:
        return np.zeros(1, dtype=np.uint64)
    size = min(SHINGLE, len(codes))
    count = len(codes) - size + 1
    hashed = np.zeros(count, dtype=np.uint64)
    for place in range(size):
        hashed = (hashed ^ codes[place : place + count]) * np.uint64(0x9E3779B97F4A7C15)
        hashed ^= hashed >> np.uint64(29)
    return hashed


def clusters(signatures_T_P: "np.ndarray", threshold: float = 0.7) -> "np.ndarray":
    """Array (texts,): for each text the index of its cluster's first text; texts alone are their own.

    Two texts are joined when they share a band with a third (or each other) that each is at least `threshold` like,
    by the estimated Jaccard likeness. In each bucket everything is compared with the bucket's first text, what is
    left with its first, and so on: no list of pairs, so that 500 copies cost 500 comparisons, not 125,000.
    """
    import numpy as np

    total = len(signatures_T_P)
    parent = np.arange(total)
    rows = PERMUTATIONS // BANDS
    for band in range(BANDS):
        keys = np.ascontiguousarray(signatures_T_P[:, band * rows : (band + 1) * rows]).view(f"V{rows * 4}").ravel()
        _, bucket_T = np.unique(keys, return_inverse=True)
        members = np.arange(total)
        while len(members):
            _, first, place = np.unique(bucket_T[members], return_index=True, return_inverse=True)
            heads = members[first][place]
            alike = (signatures_T_P[members] == signatures_T_P[heads]).mean(axis=1) >= threshold
            joined = alike & (members != heads)
            _join(parent, members[joined], heads[joined])
            members = members[~alike]
    return _roots(parent)


def _join(parent: "np.ndarray", ones: "np.ndarray", others: "np.ndarray") -> None:
    for one, other in zip(ones.tolist(), others.tolist(), strict=True):
        a, b = _find(parent, one), _find(parent, other)
        parent[max(a, b)] = min(a, b)


def _find(parent: "np.ndarray", node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = int(parent[node])
    return node


def _roots(parent: "np.ndarray") -> "np.ndarray":
    import numpy as np

    return np.array([_find(parent, node) for node in range(len(parent))], dtype=np.int64)


def likeness(signatures_T_P: "np.ndarray", one_P: "np.ndarray") -> "np.ndarray":
    """Array (texts,): the estimated Jaccard likeness, 0–1, of each text to one."""
    import numpy as np

    return np.asarray((signatures_T_P == one_P).mean(axis=1))
