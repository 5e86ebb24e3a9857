"""From coded utterances to the codes of a volley: MITI 4.2.1's counting rules, in code.

Sections of the manual: parsing D.2, one code once a volley D.3, reflections E.3.b, persuasion E.2–E.3, pyramids D.4.
"""

import re
from collections.abc import Iterable, Sequence

from mibench.schema import Code, Utterance
from mibench.suites import CLIENT_SPEAKS

VOLLEY_RULES = "1"
"""Version of this module's rules: part of every judge's digest."""

COUNSELLOR_SPEAKS = re.compile(
    r"^\s*(?:\*\*)?(?:咨询师|治疗师|医生|助手|counsell?or|therapist|assistant)(?:\*\*)?\s*[:：]\s*", re.IGNORECASE
)

SENTENCE_END = re.compile(r"[。！？!?\n]+[”’」』）)\"'*]*\s*|(?<=[a-z)])\.\s+(?=[A-Z])")
CHECK_QUESTION = re.compile(
    r"[，,]\s*(?=(?:对吗|对吧|对不对|是吗|是吧|是不是(?:这样)?|是这样吗|没错吧|有没有说错|right|is that right|yeah)[？?])"
)
BARE = re.compile(r"^[\W_]*$")


def own_volley(reply: str) -> tuple[str, str | None]:
    """The counsellor's own words at the head of a reply, and what was left out (None if nothing).

    A volley ends where the client speaks (D.2): when a model goes on as the client, what follows is not the
    counsellor's. A speaker label in front of the counsellor's own words is dropped too.
    """
    text = reply
    label = COUNSELLOR_SPEAKS.match(text)
    if label:
        text = text[label.end() :]
    client = CLIENT_SPEAKS.search(text)
    if client:
        return text[: client.start()].strip(), "the model goes on as the client; rated up to there"
    return text.strip(), None


def split_utterances(text: str) -> list[str]:
    """Cut a volley into pieces that join to it again: sentences, and a check question apart from what it checks.

    Fewer parses rather than more (D.2): a comma, a semicolon, an ellipsis or a list mark does not cut.
    """
    pieces: list[str] = []
    start = 0
    for end in SENTENCE_END.finditer(text):
        _add(pieces, text[start : end.end()])
        start = end.end()
    _add(pieces, text[start:])
    return pieces


def _add(pieces: list[str], sentence: str) -> None:
    if not sentence:
        return
    if BARE.match(sentence) and pieces:
        pieces[-1] += sentence
        return
    check = CHECK_QUESTION.search(sentence)
    if check and len(sentence[: check.start()].strip()) >= 4:
        pieces += [sentence[: check.end()], sentence[check.end() :]]
    else:
        pieces.append(sentence)


def merged(utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
    """Neighbours with one code become one utterance; its probability is the lowest of theirs."""
    joined: list[Utterance] = []
    for utterance in utterances:
        if joined and joined[-1].code == utterance.code:
            last = joined.pop()
            known = [p for p in (last.probability, utterance.probability) if p is not None]
            text = last.text + utterance.text
            joined.append(Utterance(text=text, code=last.code, probability=min(known) if known else None))
        else:
            joined.append(utterance)
    return tuple(joined)


def volley_codes(codes: Sequence[Code | None], *, asked: bool = False) -> tuple[Code, ...]:
    """The codes a volley earns from its utterances' codes, each once, in order of first use.

    - several reflections count as one, complex if any is;
    - advice is *with* permission where the client had asked for it, or where the volley leaves the choice to the
      client; with and without in one volley is with;
    - a code given twice counts once.
    """
    given = [code for code in codes if code]
    if "CR" in given:
        given = ["CR" if code == "SR" else code for code in given]
    if "PwP" in given or asked or "Emphasize" in given:
        given = ["PwP" if code == "Persuade" else code for code in given]
    return tuple(dict.fromkeys(given))
