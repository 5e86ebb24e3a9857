"""A listener by rule, after Weizenbaum's ELIZA (1966): turns the client's own words around and asks on.

It is the default of `mibench run` and an honest yardstick: whatever a model scores above it is more than echoing.
"""

import re
from typing import Any

from mibench.generating.counsellors.counsellor import Counsellor

CLAUSE_END = re.compile(r"[。！？!?；;…\n]+|——|，|,")
FILLER = re.compile(
    r"^(?:嗯+|哎+|唉+|哦+|啊+|那个|就是说?|其实|反正|然后|所以|但是|可是|不过|而且|还有|再说|说白了|说实话|你说|您说)[，,]?"
)
FLIP = {"我们": "您们家", "咱们": "您这边", "咱": "您", "俺": "您", "我": "您", "您": "我", "你": "我"}
FLIP_WORD = re.compile("|".join(sorted(FLIP, key=len, reverse=True)))

FEELING = re.compile(r"怕|担心|烦|累|难受|难|急|慌|气|委屈|丢人|后悔|舍不得|不敢|睡不着|愁|没劲|没用|疼|痛|害怕|没意思")
WISH = re.compile(r"想|希望|打算|愿意|要是能|试试|得改|应该|必须|不能再|盼|争取|决定")
AGAINST = re.compile(r"不想|不行|没办法|戒不|改不|做不到|离不开|算了|没必要|没事|懒得|哪有|不至于|又不是|凭什么")
ASKS = re.compile(r"怎么办|咋办|咋整|怎么弄|你说呢|您说呢|有什么办法|有没有|该不该|能不能|给.{0,4}建议")

ECHOES = ("{}。", "您说{}。", "{}，这是您眼下的情形。", "您刚讲的是，{}。")
FEELINGS = ("{}，这话里有分量。", "{}，说起来您心里不好受。")
BOTH = ("一头是{}，一头是{}。", "{}，可{}。")
QUESTIONS = (
    "这里头，哪一点最让您放不下？",
    "要是照这样过下去，再过一年会是什么样？",
    "您自己最看重的是什么？",
    "以前有过不一样的时候吗？",
    "如果真要动一动，您会从哪儿开头？",
    "这事儿对您家里意味着什么？",
    "打分的话，零到十分，您现在想改的心有几分？",
    "后来呢？",
)
ASKED = ("在我开口之前，您自己琢磨过哪些办法？", "您想听我的看法，那您心里先有个什么底？", "这个您自己怎么看？")
SILENT = ("不急，您慢慢说。", "这会儿不想多讲，也行。", "先歇一歇。")


class Reflector(Counsellor):
    """Echoes a clause of the client with the persons swapped, then mostly asks one of eight questions."""

    def answer(self, messages: list[dict[str, str]], doc: dict[str, Any]) -> str:
        """The reply; the same chat always gets the same one."""
        said = next(message["content"] for message in reversed(messages) if message["role"] == "user")
        turn = sum(message["role"] == "user" for message in messages)
        mark = turn + len(said)
        clauses = _clauses(said)
        if ASKS.search(said):
            return (_echo(clauses, mark) if clauses else "") + ASKED[mark % len(ASKED)]
        if not clauses:
            return f"{SILENT[mark % len(SILENT)]}{QUESTIONS[mark % len(QUESTIONS)] if turn % 2 else ''}"
        echo = _echo(clauses, mark)
        if turn % 5 == 0:
            return echo
        return echo + QUESTIONS[(turn * 3 + len(said)) % len(QUESTIONS)]


def _clauses(said: str) -> list[str]:
    """Clauses of four characters and more, fillers and questions left out, persons swapped."""
    clauses = []
    for sentence in re.split(r"(?<=[。！？!?；;…\n])", said):
        parts = CLAUSE_END.split(sentence)
        if sentence.rstrip("”’」 ").endswith(("？", "?")):
            parts = parts[:-2]
        for clause in parts:
            bare = FILLER.sub("", clause.strip(" “”\"'（）()"))
            bare = re.sub(r"[呢吧啊呀嘛哈哦啦咯]+$", "", bare)
            if len(bare) >= 4 and not ASKS.search(bare):
                clauses.append(FLIP_WORD.sub(lambda match: FLIP[match.group()], bare))
    return clauses


def _echo(clauses: list[str], mark: int) -> str:
    against = next((clause for clause in clauses if AGAINST.search(clause)), None)
    wish = next((clause for clause in reversed(clauses) if WISH.search(clause) and clause != against), None)
    feeling = next((clause for clause in clauses if FEELING.search(clause)), None)
    if against and wish:
        return BOTH[mark % len(BOTH)].format(against, wish)
    if feeling:
        return FEELINGS[mark % len(FEELINGS)].format(feeling)
    return ECHOES[mark % len(ECHOES)].format(wish or against or max(clauses, key=len))
