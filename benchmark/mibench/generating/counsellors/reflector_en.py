"""The reflector's English."""

import re

from mibench.generating.counsellors.reflector import Manner

_FLIP = {
    "i am": "you are", "i was": "you were", "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll",
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "we": "you", "us": "you both",
    "our": "your", "you are": "I am", "you're": "I'm", "you've": "I've", "you'll": "I'll", "you'd": "I'd", "you": "I",
    "your": "my",
}  # fmt: skip

MANNER = Manner(
    sentence_end=re.compile(r"(?<=[.!?…;])\s+"),
    clause_end=re.compile(r"[.!;…\n]+|, | – | — | - "),
    filler=re.compile(
        r"^(?:(?:well|oh|ah|um|uh|mm|look|see|i mean|you know|anyway|like|so|but|and|or|yeah|yes|no|aye|right|okay|ok|honestly|then|still|"
        r"because|though|now|just|sure|fine|man|love|mate)[,.]?\s+)+",
        re.IGNORECASE,
    ),
    tail=re.compile(r"[,\s]+(?:you know|though|mate|like|anyway|love|man|then|innit|right|eh)$", re.IGNORECASE),
    shortest=12,
    flip=_FLIP,
    flip_word=re.compile(r"\b(?:" + "|".join(sorted(_FLIP, key=len, reverse=True)) + r")\b(?!['’])", re.IGNORECASE),
    feeling=re.compile(
        r"\b(?:afraid|scared|worr\w+|tired|sick of|hate|angry|ashamed|embarrass\w*|hurts?|hard|guilty|stress\w*|lonely|miss|fed up)\b",
        re.IGNORECASE,
    ),
    wish=re.compile(
        r"\b(?:want|wish|hope|would like|could try|might|need to|have to|going to|plan|should|I'd like)\b",
        re.IGNORECASE,
    ),
    against=re.compile(
        r"\b(?:can't|cannot|won't|don't want|no way|no point|never|not going to|what's the point|impossible|couldn't)\b",
        re.IGNORECASE,
    ),
    asks=re.compile(
        r"what (?:would|do|should|can|else) (?:you|i|we)\b|any (?:advice|ideas|tips)|tell me what|how (?:do|would|can|am) i\b|"
        r"what'd you|what do you (?:think|reckon|suggest)",
        re.IGNORECASE,
    ),
    echoes=("{}.", "You say {}.", "{}, that's how it is for you now.", "What you're telling me is, {}."),
    feelings=("{}, and that weighs something.", "{}, and it isn't nice to say."),
    both=("On the one side {}, on the other {}.", "{}, and yet {}."),
    questions=(
        "Which part of that stays with you most?",
        "If it goes on like this, what will it be like a year from now?",
        "What matters most to you in it?",
        "Has there been a time when it was different?",
        "If you did change something, where would you start?",
        "What does it mean for the people at home?",
        "From nought to ten, how much do you want to change it today?",
        "And then?",
    ),
    asked=(
        "Before I say anything, what have you thought of yourself?",
        "You want my view, so what is yours so far?",
        "What do you make of it yourself?",
    ),
    silent=("There's no hurry.", "You don't feel like saying much just now.", "Let's take a moment."),
    space=" ",
    lower=re.compile(
        r"^(?:You|Your|He|She|It|They|The|There|That|This|A|An|Every|Everyone|Nobody|No|Not|When|If|Some|My|We|All|Can't|Could|Couldn't|Was|Had|"
        r"Been|Put|Got|Took|Went|Three|Two|One)\b"
    ),
)
