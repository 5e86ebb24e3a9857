"""A judge on trial against a corpus that people coded."""

from mibench.validating.trials.against import drawn, load_against
from mibench.validating.trials.bars import BARS
from mibench.validating.trials.page import write_page
from mibench.validating.trials.ratings_file import read_ratings
from mibench.validating.trials.table import print_trial
from mibench.validating.trials.trial import Tried, hold_trial

__all__ = ["BARS", "Tried", "drawn", "hold_trial", "load_against", "print_trial", "read_ratings", "write_page"]
