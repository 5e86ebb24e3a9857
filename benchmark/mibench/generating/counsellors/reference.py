"""The authored counsellor, replayed: an upper anchor, and a check of the judge against the authored codes."""

from typing import Any

from mibench.generating.counsellors.counsellor import Counsellor


class Reference(Counsellor):
    """Says what the suite's author let the counsellor say."""

    def answer(self, messages: list[dict[str, str]], doc: dict[str, Any]) -> str:
        """The reference reply of the round."""
        return str(doc["reference"])
