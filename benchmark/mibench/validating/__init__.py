"""Judges on trial: how well their codes agree with codes that are known."""

from mibench.validating.agreement import Agreement, CodeAgreement, validate_judge
from mibench.validating.coded import coded_cards, load_coded
from mibench.validating.items import Item, contrast_items, contrast_languages, contrast_set, suite_items
from mibench.validating.probe import Moved, injections, moved, probe_pairs
from mibench.validating.recoding import SpanAgreement, recoded_sets, recoding, span_agreement, whole_kappa
from mibench.validating.table import print_agreement

__all__ = [
    "Agreement",
    "CodeAgreement",
    "Item",
    "Moved",
    "SpanAgreement",
    "coded_cards",
    "contrast_items",
    "contrast_languages",
    "contrast_set",
    "injections",
    "load_coded",
    "moved",
    "print_agreement",
    "probe_pairs",
    "recoded_sets",
    "recoding",
    "span_agreement",
    "suite_items",
    "validate_judge",
    "whole_kappa",
]
