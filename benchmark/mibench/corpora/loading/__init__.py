"""Counselling corpora of other people, read from a person's own copy: nothing of them ships."""

from mibench.corpora.loading.gathering import Loading
from mibench.corpora.loading.load import load_source, source_cards

__all__ = ["Loading", "load_source", "source_cards"]
