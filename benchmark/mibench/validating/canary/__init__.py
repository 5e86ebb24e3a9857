"""The canary: the same replies judged again and again, to see whether a judge drifts."""

from mibench.validating.canary.replies import (
    CanaryReply,
    canary_languages,
    canary_replies,
    draw_canary,
    drawn_items,
    set_digest,
)
from mibench.validating.canary.shift import answers_of, compared
from mibench.validating.canary.store import canary_mark, canary_path, save_canary, stored_canary

__all__ = [
    "CanaryReply",
    "answers_of",
    "canary_languages",
    "canary_mark",
    "canary_path",
    "canary_replies",
    "compared",
    "draw_canary",
    "drawn_items",
    "save_canary",
    "set_digest",
    "stored_canary",
]
