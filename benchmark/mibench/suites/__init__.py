"""Suites: dialogues on disk → rounds a model must answer → chat messages; and what a task's YAML may name."""

from mibench.suites.chat import CLIENT_SPEAKS, SystemPlace, chat_messages, normalised, plain_transcript
from mibench.suites.human import human_rows
from mibench.suites.shard import Shard, rounds_asked
from mibench.suites.suite import Suite, load_suite, occasion_of, read_dialogues, suite_names

__all__ = [
    "CLIENT_SPEAKS",
    "Shard",
    "Suite",
    "SystemPlace",
    "chat_messages",
    "human_rows",
    "load_suite",
    "normalised",
    "occasion_of",
    "plain_transcript",
    "read_dialogues",
    "rounds_asked",
    "suite_names",
]
