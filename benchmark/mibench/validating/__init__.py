"""Judges on trial: how well their codes agree with codes that are known."""

from mibench.validating.agreement import Agreement, CodeAgreement, validate_judge
from mibench.validating.canary import (
    CanaryReply,
    answers_of,
    canary_languages,
    canary_mark,
    canary_path,
    canary_replies,
    compared,
    draw_canary,
    drawn_items,
    save_canary,
    stored_canary,
)
from mibench.validating.card import (
    agreement_of,
    injection_agreement,
    injection_text,
    save_agreement,
    seconds_text,
    stored_agreement,
)
from mibench.validating.coded import coded_cards, load_coded
from mibench.validating.human_rows import human_rows
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
    "CanaryReply",
    "CodeAgreement",
    "Item",
    "Moved",
    "SpanAgreement",
    "Tried",
    "agreement_of",
    "answers_of",
    "canary_languages",
    "canary_mark",
    "canary_path",
    "canary_replies",
    "coded_cards",
    "compared",
    "contrast_items",
    "contrast_languages",
    "contrast_set",
    "draw_canary",
    "drawn",
    "drawn_items",
    "hold_trial",
    "human_rows",
    "injection_agreement",
    "injection_text",
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
    "save_agreement",
    "save_canary",
    "seconds_text",
    "span_agreement",
    "stored_agreement",
    "stored_canary",
    "suite_items",
    "validate_judge",
    "whole_kappa",
    "write_page",
]
