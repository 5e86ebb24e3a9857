"""The command line: thin commands over one call each."""

from mibench.cli.main import main

__all__ = ["main"]
