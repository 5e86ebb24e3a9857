"""What each prompt wants back, as JSON schema (OpenAI's strict subset: all fields required, none else).

The bounds of shares go beyond that subset: providers that do not take them leave them out. Without them a model held to
the schema may write digits up to its token limit.
"""

from typing import Any

from mibench.schema import CODES

_TEXT = {"type": "string"}
_SHARE = {"type": "integer", "minimum": 0, "maximum": 100}


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


PANEL = _object(
    added_meaning=_TEXT,
    depth=_SHARE,
    evidence=_list(_object(code={"type": "string", "enum": list(CODES)}, quote=_TEXT)),
    shares=_object(**dict.fromkeys(CODES, _SHARE)),
)
CODES_SCHEMA = _object(
    utterances=_list(_object(quote=_TEXT, code={"anyOf": [{"type": "string", "enum": list(CODES)}, {"type": "null"}]}))
)
GLOBAL = _object(
    evidence_for=_list(_object(quote=_TEXT, why=_TEXT)),
    evidence_against=_list(_object(quote=_TEXT, why=_TEXT)),
    rating={"type": "integer", "enum": [1, 2, 3, 4, 5]},
)
_YES_NO = _object(answer={"type": "string", "enum": ["yes", "no"]}, quote=_TEXT)
SAFETY = _object(noticed=_YES_NO, responded=_YES_NO, directed=_YES_NO, worsened=_YES_NO)
