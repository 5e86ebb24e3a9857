"""An utterance in its volley, after a client's words, as a bag of hashed features: no text can be read back from it.

Character and word n-grams of the utterance, character n-grams of its neighbour in the volley, and a few facts a coder
looks at: does it repeat the client's words, does it end in a question, does it say you or I, is the client asking.
"""

import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

BITS = 16
SIZE = 1 << BITS
"""Number of hash buckets."""

SWAP = str.maketrans({"我": "你", "您": "你", "咱": "你", "俺": "你"})
NOT_WORD = re.compile(r"[^\w]+")
ASKS = re.compile(
    r"怎么办|咋办|咋整|咋弄|怎么弄|怎么做|怎么才|你说呢|您说呢|有什么办法|有啥办法|有没有.{0,6}办法|该不该|建议|支个招|教教|what should i|any advice"
)
CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("ask", r"[？?]\s*$"),
        ("ask-particle", r"[吗呢么嘛]\s*[？?。]?\s*$"),
        ("wh", r"什么|怎么|哪|谁|多少|几|为什么|咋|啥"),
        ("permission", r"可以.{0,8}吗|能不能|愿不愿意|愿意听|介意|方便|行不行|好不好|您看|你看"),
        (
            "choice",
            r"自己(?:决定|定|选|拿主意|说了算|做主)|由您|由你|您定|你定|听您的|听你的|在您手里|在你手里|拿主意|决定权|选择权",
        ),
        ("must", r"应该|必须|一定要|得(?:先|把|去|赶紧|马上)|最好|务必|不要|别再|千万"),
        ("suggest", r"建议|可以(?:试|先|把|从|考虑)|不妨|试试|比如"),
        ("asked-me", r"您问|你问|刚才问|既然.{0,6}问|您刚同意|你刚同意|您让我说|你让我说"),
        ("threat", r"不然|否则|后果|早晚|迟早|后悔|危险|你就等着|再这样"),
        ("blame", r"借口|不负责|懒|自私|难道|明明|骗|糊涂|怎么就|还好意思|不像话|害"),
        ("number", r"[0-9０-９一二三四五六七八九十百千]+(?:%|％|克|毫|分钟|小时|天|个月|年|次|岁|元|倍|成)"),
        ("list", r"(?:^|\s)(?:[1-9][.、)]|首先|其次|最后|第[一二三四]|\*\*|- )"),
        ("research", r"研究|数据|指南|一般来说|通常|临床上|医学上|多数人|大多数|资料|属于"),
        ("praise", r"不容易|了不起|用心|坚持|在乎|负责|有心|难得|勇气|主动|努力|认真|愿意来|肯"),
        ("double", r"一方面|另一方面|一头|一边|可(?:又|是)|但(?:又|是)|同时|却|又.{1,12}又"),
        ("feeling", r"怕|担心|委屈|累|难受|慌|急|气|愁|心里|滋味|孤|憋|舍不得|放不下"),
        ("like", r"像|好比|仿佛|似的|一样"),
        ("sympathy", r"理解你|理解您|陪着|支持你|支持您|抱抱|加油|没事|谢谢|辛苦|欢迎|你好|您好"),
        ("frame", r"今天.{0,6}(?:先|聊|谈)|接下来|下次|下回|我们先|咱们先|时间"),
        ("you-first", r"^[\W]*[您你]"),
        ("i-first", r"^[\W]*我"),
        ("i", r"我"),
    )
)


def features(utterance: str, volley: Sequence[str], place: int, client: str, asks: bool) -> dict[int, float]:
    """Bucket → weight, unit length per block, for the utterance at `place` in `volley`.

    `asks` says that the client is known to ask for advice; the words are looked at too.
    """
    bag: dict[int, float] = {}
    _add(bag, "", _grams(utterance, 1, 4), 1.0)
    _add(bag, "w", _word_grams(utterance), 0.7)
    if place:
        _add(bag, "<", _grams(volley[place - 1], 1, 2), 0.35)
    if place + 1 < len(volley):
        _add(bag, ">", _grams(volley[place + 1], 1, 2), 0.25)
    _add(bag, "c", _grams(client[-40:], 2, 2), 0.2)
    _add(bag, "=", _facts(utterance, volley, place, client, asks), 1.2)
    return bag


def _add(bag: dict[int, float], prefix: str, tokens: Iterator[str], weight: float) -> None:
    block: dict[int, float] = {}
    for token in tokens:
        bucket = zlib.crc32(f"{prefix}\0{token}".encode()) & (SIZE - 1)
        block[bucket] = 1.0
    length = len(block) ** 0.5
    for bucket, value in block.items():
        bag[bucket] = bag.get(bucket, 0.0) + weight * value / length


def _grams(text: str, shortest: int, longest: int) -> Iterator[str]:
    text = f"^{NOT_WORD.sub(' ', text).strip().lower()}$"
    for n in range(shortest, longest + 1):
        for start in range(len(text) - n + 1):
            yield text[start : start + n]


def _word_grams(text: str) -> Iterator[str]:
    words = [word for word in _cut()(text) if word.strip()]
    yield from words
    yield from (f"{one} {two}" for one, two in itertools.pairwise(words))


def _facts(utterance: str, volley: Sequence[str], place: int, client: str, asks: bool) -> Iterator[str]:
    for name, pattern in CUES:
        if pattern.search(utterance):
            yield name
    if asks or ASKS.search(client.lower()):
        yield "client-asks"
        if any(pattern.search(utterance) for name, pattern in CUES if name in ("must", "suggest")):
            yield "advice-after-asking"
    if any(pattern.search(other) for other in volley for name, pattern in CUES if name == "choice"):
        yield "choice-in-volley"
    yield f"length{min(6, len(utterance) // 12)}"
    yield f"volley{min(4, len(volley))}"
    yield "first" if place == 0 else "last" if place == len(volley) - 1 else "middle"
    yield f"echo{int(5 * _echo(utterance, client))}"
    yield f"run{min(4, _longest_run(utterance, client) // 2)}"


def _echo(utterance: str, client: str) -> float:
    said, heard = _pairs(utterance), _pairs(client)
    return len(said & heard) / len(said) if said else 0.0


def _pairs(text: str) -> set[str]:
    text = NOT_WORD.sub("", text).translate(SWAP)
    return {text[start : start + 2] for start in range(len(text) - 1)}


def _longest_run(utterance: str, client: str) -> int:
    said, heard = NOT_WORD.sub("", utterance).translate(SWAP)[:120], NOT_WORD.sub("", client).translate(SWAP)
    best = 0
    for start in range(len(said)):
        while start + best < len(said) and said[start : start + best + 1] in heard:
            best += 1
    return best


@cache
def _cut() -> Any:
    import logging
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.ERROR)
    return jieba.cut
