"""People's own figures that ship beside the suites."""

from mibench.content import room
from mibench.schema import HumanRows


def human_rows() -> HumanRows:
    """Good and bad sessions of AnnoMI, from `tasks/human_rows.json`."""
    return HumanRows.model_validate_json((room("tasks") / "human_rows.json").read_text(encoding="utf-8"))
