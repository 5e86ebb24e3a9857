"""How records are kept on disk: JSON lines that survive a power cut, and the run folder."""

from mibench.records.digest import digest_of, digest_of_files
from mibench.records.folder import RunFolder
from mibench.records.jsonl import Appender, read_json, read_lines, read_raw, write_json

__all__ = ["Appender", "RunFolder", "digest_of", "digest_of_files", "read_json", "read_lines", "read_raw", "write_json"]
