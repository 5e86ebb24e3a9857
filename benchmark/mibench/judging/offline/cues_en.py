"""What a coder looks at in English."""

import re

ASKS = re.compile(
    r"what (?:would|do|should|can|else|am|could) (?:you|i|we)\b|any (?:advice|ideas|tips)|tell me (?:what|how)|how (?:do|would|can|am|should) i\b|"
    r"what'd you|what do you (?:think|reckon|suggest)|should i\b|is there (?:anything|something)"
)

CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("ask", r"\?\W*$"),
        ("wh", r"^\W*(?:and |so |but )?(?:what|how|why|when|where|who|which)\b"),
        ("aux", r"^\W*(?:and |so |but )?(?:do|does|did|is|are|was|were|have|has|had|can|could|would|will|should)\b"),
        ("tag", r"\b(?:right|isn't it|don't you|is that (?:right|it)|have i got|am i right)\?"),
        (
            "permission",
            r"\b(?:would it be (?:ok|okay|all right|alright|useful|helpful)|may i|can i|could i|shall i|mind if|ok if|want (?:to hear|me to)|do you want it|is it all right)",
        ),
        (
            "together",
            r"\b(?:where shall we|shall we|what would you like (?:us )?to|you steer|between us|what do you make of)",
        ),
        (
            "choice",
            r"\b(?:up to you|your (?:call|choice|decision|business|affair)|you decide|you're the one|in your hands|only you|nobody can make|whatever you|you get to|for you to|do with that what)",
        ),
        (
            "must",
            r"\b(?:you (?:should|must|need to|have to|ought|really need|'ve got to|had better|want to be)|make sure|don't (?:forget|ever)|never|just (?:stop|cut|get|take|put))\b",
        ),
        (
            "imperative",
            r"^\W*(?:try|take|get|put|stop|cut|start|make|go|keep|set|ask|book|use|think|call|throw|join|swap|write)\b",
        ),
        (
            "suggest",
            r"\b(?:you could|you might|maybe (?:try|start)|how about|why not|one (?:thing|option|idea)|some people|i'd suggest|i suggest|i'd (?:start|try|go))\b",
        ),
        (
            "asked-me",
            r"\b(?:you asked|since you (?:ask|said)|as you (?:asked|said)|you wanted (?:to know|my)|you did say)\b",
        ),
        (
            "threat",
            r"\b(?:or else|otherwise|if you don't|you'll (?:end up|regret|be)|sooner or later|carry on like|dangerous|kill)\b",
        ),
        (
            "blame",
            r"\b(?:excuse|selfish|lazy|irresponsible|come on|nonsense|ridiculous|in denial|kidding|honest with|addict|seriously\?|really\?|not true|wrong|how can you|don't you care)",
        ),
        ("number", r"\d|\b(?:percent|per cent|one in|half of|twice)\b"),
        ("list", r"(?:^|\s)(?:[1-9][.)]|first|second|finally|\*\*|- )"),
        (
            "research",
            r"\b(?:research|stud(?:y|ies)|guideline|evidence|usually|typically|in general|most people|many people|tends? to|works by|is (?:a|an|the) )\b",
        ),
        (
            "praise",
            r"\b(?:took (?:courage|guts|nerve|effort)|even though|despite|you kept|you managed|you've (?:managed|kept|already)|you came|stuck|care about|matters to you|determined|strength|thought(?:ful|fulness)|honest|not everyone|that takes)\b",
        ),
        ("double", r"\b(?:on the one hand|on the other|and yet|and at the same time|part of you|but)\b"),
        (
            "feeling",
            r"\b(?:afraid|scared|worr\w+|tired|fed up|angry|ashamed|guilty|lonely|hurt|frustrat\w+|sick of|hope\w*|proud|lost|torn)\b",
        ),
        ("like", r"\b(?:like a|as if|as though|sort of|kind of)\b"),
        (
            "sympathy",
            r"\b(?:sorry|thank|thanks|welcome|no rush|take your time|i hear you|i understand|hello|hi\b|good (?:morning|to)|well done|great|brilliant|you can do|here for you|hang in)\b",
        ),
        ("frame", r"\b(?:today|next time|next week|we'll|we have|before we|minutes|session|appointment|let me|i'll)\b"),
        ("you-first", r"^\W*(?:so |and |but )?you(?:'|’|\b)"),
        ("i-first", r"^\W*(?:i\b|i'|i’)"),
        ("reflective", r"^\W*(?:so|it sounds|sounds like|seems|feels like|what i'm hearing|you're|you feel)\b"),
        ("i", r"\bi\b"),
    )
)

SWAP = str.maketrans("", "")
"""No persons to make equal letter by letter."""

CHARACTER_GRAMS = (2, 5)
"""Shortest and longest."""

_PERSON = {
    "my": "your",
    "me": "you",
    "i": "you",
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "am": "are",
}


def words(text: str) -> list[str]:
    """Words in small letters, the first person made second."""
    found = re.findall(r"[a-z0-9]+(?:['’][a-z]+)?|[?!]", text.lower().replace("’", "'"))
    return [_PERSON.get(word, word) for word in found]
