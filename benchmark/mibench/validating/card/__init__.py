"""A judge's card: its measured agreement, in a file for machines and in its README for people."""

from mibench.validating.card.measured import agreement_of, injection_agreement, measured
from mibench.validating.card.readme import injection_text, seconds_text, with_block
from mibench.validating.card.store import save_agreement, stored_agreement

__all__ = [
    "agreement_of",
    "injection_agreement",
    "injection_text",
    "measured",
    "save_agreement",
    "seconds_text",
    "stored_agreement",
    "with_block",
]
