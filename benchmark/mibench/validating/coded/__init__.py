"""Counselling coded by people, read from a person's own copy: nothing of it ships."""

from mibench.validating.coded.annomi import load_annomi
from mibench.validating.coded.load import coded_cards, load_coded
from mibench.validating.coded.mi_tags import load_mi_tags
from mibench.validating.coded.misc_gold import load_misc_gold

__all__ = ["coded_cards", "load_annomi", "load_coded", "load_mi_tags", "load_misc_gold"]
