"""What a coder notices in a whole English volley: surface signs to be counted, and words that carry content."""

import re

from mibench.judging.offline.cues_en import CUES


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


LEAD = _any(
    r"^(?:[\W_]*\b(?:mm+|hm+|mhm|uh|huh|um|yeah|yes|yep|okay|ok|right|sure|oh|ah|so|and|well|but|alright|all right|now|good|great|no|i see|then|you know)\b[\W_]*)*"
)
"""Filler before what is meant."""

BACKCHANNEL = _any(
    r"^[\W_]*(?:(?:mm+|hm+|mhm|uh|huh|um|yeah|yes|yep|yup|okay|ok|right|sure|oh|ah|good|great|no|exactly|absolutely|alright|all|of course|i see|wow|really|so|and|fine|true|definitely|well|cool|nice|perfect|inaudible|crosstalk|chuckles|laughs)\b[\W_]*)*$"
)

INVERTED = r"\b(?:do|does|did|don't|didn't|is|are|was|were|isn't|aren't|have|has|haven't|can|could|would|will|should|may|might|shall) (?:you|we|i|it|that|there|this|they|he|she|your|the|any)\b"
ASKING = r"\b(?:what|how|why|when|where|who|which)(?:'s|'re|'d)?\b[^.?!]{0,20}\b(?:do|does|did|is|are|was|were|would|will|can|could|have|has|might|should|else|about|kind|many|much|often|long)\b"

QUESTION_FORM = _any(f"{INVERTED}|{ASKING}|^(?:what|how|why|when|where|who|which)\\b")
"""A sentence that is built as a question; one that only ends in its mark may be a reflection."""

SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    *CUES,
    ("inverted", _any(f"^{INVERTED}")),
    ("inverted-anywhere", _any(INVERTED)),
    ("asking", _any(ASKING)),
    ("tag-word", _any(r"\b(?:right|yeah|huh|is that right|is that fair|correct|do you|don't you|isn't it|aren't you|or|eh|okay)[?]\W*$")),
    ("request", _any(r"\b(?:tell me|i'm wondering|i wonder|i was wondering|wondering (?:if|what|how)|curious|describe|talk to me about|say (?:a bit|more|something)|can i ask|let me ask|give me)\b")),
    ("reflecting", _any(r"sounds? like|it sounds|seems? like|it seems|feels? like|i'm hearing|i hear|you're saying|you said|you mentioned|you were saying|you've|you're|you feel|you want|you'd like|on (?:the )?one hand|part of you|it's (?:important|hard|tough|difficult)|in other words|for you")),
    ("facts", _any(r"\b(?:percent|research|stud(?:y|ies)|risk|recommend\w*|increase\w*|causes?|cancer|health|people (?:who|find|do|have)|(?:many|some) (?:people|patients|folks|of)|we (?:have|offer|can|know|do|give)|there(?:'s| are| is)|program|options?|medications?|doctor|the (?:way|reason|more)|because|which means|drinks? (?:a|per)|guidelines?|confidential|appointment|next (?:time|week|visit))\b")),
    ("advising", _any(r"\b(?:you (?:should|need|have to|must|ought|might want|could|can)|i(?:'d| would) (?:suggest|recommend|encourage|like you|want you|say)|i (?:suggest|recommend|think you|want you|need you)|try (?:to|and)|make sure|it's (?:important|better|best)|got to|gotta|why don't|how about|let's)\b")),
    ("courtesy", _any(r"\b(?:thank|thanks|welcome|nice to|good to|great|good job|well done|excellent|awesome|congratulations|proud|appreciate|hello|hi|my name|come in|have a seat|bye|see you|take care)\b")),
    ("so-first", _any(r"^[\W_]*(?:(?:mm|hmm|yeah|okay|right|mhm|oh|all right|alright|mm-hmm)[\W_]*)*so\b")),
    ("we", _any(r"\b(?:we|us|our)\b")),
    ("others", _any(r"\b(?:they|people|them|some|many)\b")),
    ("it", _any(r"\b(?:it|that|this)\b")),
    ("not", _any(r"n't\b|\b(?:not|no|never)\b")),
    ("past", _any(r"\w{2}ed\b|\b(?:was|were|had|did|said)\b")),
    ("you", _any(r"\byou")),
    ("quote", _any(r'["“”]')),
)  # fmt: skip

_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but so that this it is are was were be been to of in on at for with as if you your yours i me my we us our "
        "they them their he she his her him do does did have has had not no yeah yes okay ok um uh like just really know mean kind "
        "sort well right oh mm mhm hmm what how when where who which there here can could will would about from get got think "
        "going gonna don didn",
    )
)
_ENDINGS = ("ingly", "edly", "ing", "ies", "ied", "ed", "es", "s", "ly", "er")


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning."""
    found = re.findall(r"[a-z]+", re.sub(r"'[a-z]+", "", text.lower().replace("’", "'")))
    return [_stem(word) for word in found if word not in _STOP and len(word) > 2]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2]:
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
