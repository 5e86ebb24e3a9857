"""Dialogues → a checkpoint that counsels better: data, prompt formats, LoRA training, merging. torch only inside functions."""

from mibench.tuning.conversations import Conversation, Source, read_conversations
from mibench.tuning.formats import FORMATS, Format, Segment, format_of, segments
from mibench.tuning.leakage import Overlap
from mibench.tuning.prepare import Prepared, load_prepared, prepare
from mibench.tuning.recipe import Recipe, load_recipe, recipe_names

__all__ = [
    "FORMATS",
    "Conversation",
    "Format",
    "Overlap",
    "Prepared",
    "Recipe",
    "Segment",
    "Source",
    "format_of",
    "load_prepared",
    "load_recipe",
    "prepare",
    "read_conversations",
    "recipe_names",
    "segments",
]
