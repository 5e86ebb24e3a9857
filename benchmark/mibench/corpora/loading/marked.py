"""Conversations written out as text, a speaker's mark at the head of each turn: `来访者：…`, `心理咨询师：…`."""

import re
from collections import Counter
from collections.abc import Iterable

from mibench.corpora.loading.gathering import Kind, Piece

CLIENT = "来访者|求助者|咨客|当事人|client|patient"
COUNSELLOR = "心理咨询师|咨询师|支持者|治疗师|心理医生|counsellor|counselor|therapist"
NARRATOR = "旁白|场景|narrator"
KIN = (
    "妈妈|爸爸|母亲|父亲|爷爷|奶奶|外婆|外公|丈夫|妻子|老公|老婆|儿子|女儿|孩子|哥哥|姐姐|弟弟|妹妹|家长|老师|班主任|同学|"
    "朋友|男友|女友|男朋友|女朋友|家属|助理|[A-Z]|[一-龥]{0,3}(?:先生|女士|太太|妈妈|爸爸)|小[一-龥A-Z]"
)
MARK = re.compile(
    rf"^\s*(?:\*\*)?(?P<name>(?:{CLIENT})|(?:{COUNSELLOR})|(?:{NARRATOR})|(?:{KIN}))(?P<number>[0-9一二三A-Z甲乙丙]?)"
    r"\s*(?:[（(](?P<remark>[^）)：:]{1,20})[）)])?(?:\*\*)?\s*[:：](?:\*\*)?",
    re.IGNORECASE,
)
UNKNOWN = re.compile(r"^\s*([一-龥]{2,4})[:：]")
NAMED = re.compile(r"先生|女士|小姐|太太|妈|爸|母|父|夫|妻|儿|女|姐|妹|哥|弟|爷|奶|婆|公|同学|家长")
BRACKETED = re.compile(r"^\s*[（(【\[].*[）)】\]]\s*[。.]?\s*$", re.DOTALL)
AFTERWORD = re.compile(
    r"请注意|本次对话共|此对话|对话(?:仅为|共计|共进行|内容，共)|以上(?:为|是|对话)|仅供参考|在此案例中|轮对话|符合要求"
)
NARRATION = re.compile(r"心理咨询师.{0,200}来访者|来访者.{0,200}心理咨询师", re.DOTALL)


def pieces(lines: Iterable[str]) -> list[Piece]:
    """The pieces of a conversation; line numbers count from 1. Lines without words are left out."""
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip("\ufeff \t\r\n\u3000")]
    strangers = _strangers(line for _, line in numbered)
    found = [_piece(line.strip("\ufeff\r\n"), number, strangers) for number, line in numbered]
    return _only_stranger_is_the_client(found)


def _piece(line: str, number: int, strangers: set[str]) -> Piece:
    mark = MARK.match(line)
    if mark:
        kind = _kind(mark["name"])
        remark = mark["remark"] or ""
        voice = mark["number"] or (remark if NAMED.search(remark) else "")
        said = "names or manners in brackets behind a speaker, left out" if remark else ""
        return Piece(kind, line[mark.end() :], number, voice or (mark["name"] if kind == "third" else ""), said)
    unknown = UNKNOWN.match(line)
    if unknown and unknown[1] in strangers:
        return Piece("third", line[unknown.end() :], number, unknown[1])
    if BRACKETED.match(line):
        return Piece("afterword" if AFTERWORD.search(line) else "aside", line, number)
    return Piece("aside" if NARRATION.search(line) else "continued", line, number)


def _kind(name: str) -> Kind:
    for pattern, kind in ((CLIENT, "client"), (COUNSELLOR, "counsellor"), (NARRATOR, "aside")):
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return kind  # type: ignore[return-value]  # three of Kind's words
    return "third"


def _strangers(lines: Iterable[str]) -> set[str]:
    """Heads like `小明：` that come back: a list's headings do not."""
    heads = Counter(match[1] for line in lines if not MARK.match(line) and (match := UNKNOWN.match(line)))
    return {head for head, count in heads.items() if count > 1}


def _only_stranger_is_the_client(found: list[Piece]) -> list[Piece]:
    kinds = {piece.kind for piece in found}
    voices = {piece.voice for piece in found if piece.kind == "third"}
    if "client" in kinds or "counsellor" not in kinds or len(voices) != 1:
        return found
    said = "clients marked by a name"
    return [piece._replace(kind="client", remark=said) if piece.kind == "third" else piece for piece in found]
