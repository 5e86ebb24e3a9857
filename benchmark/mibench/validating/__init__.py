"""Judges on trial: how well their codes agree with codes that are known."""

from mibench.validating.agreement import Agreement, CodeAgreement, validate_judge
from mibench.validating.coded import coded_cards, load_coded
from mibench.validating.items import Item, contrast_items, contrast_languages, contrast_set, items_of, suite_items
from mibench.validating.probe import Moved, injections, moved, probe_pairs
from mibench.validating.recoding import SpanAgreement, recoded_sets, recoding, span_agreement, whole_kappa
from mibench.validating.table import print_agreement
from mibench.validating.trials import (
    BARS,
    Tried,
    drawn,
    hold_trial,
    load_against,
    print_trial,
    read_ratings,
    write_page,
)

__all__ = [
    "BARS",
    "Agreement",
    "CodeAgreement",
    "Item",
    "Moved",
    "SpanAgreement",
    "Tried",
    "coded_cards",
    "contrast_items",
    "contrast_languages",
    "contrast_set",
    "drawn",
    "hold_trial",
    "injections",
    "items_of",
    "load_against",
    "load_coded",
    "moved",
    "print_agreement",
    "print_trial",
    "probe_pairs",
    "read_ratings",
    "recoded_sets",
    "recoding",
    "span_agreement",
    "suite_items",
    "validate_judge",
    "whole_kappa",
    "write_page",
]
