"""What a coder looks at in Chinese."""

import re

from mibench.suites.words import chinese_words

ASKS = re.compile(
    r"怎么办|咋办|咋整|咋弄|怎么弄|怎么做|怎么才|你说呢|您说呢|有什么办法|有啥办法|有没有.{0,6}办法|该不该|建议|支个招|教教"
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

SWAP = str.maketrans({"我": "你", "您": "你", "咱": "你", "俺": "你"})
"""Persons made equal, so that an echo is seen as one."""

CHARACTER_GRAMS = (1, 4)
"""Shortest and longest."""


def words(text: str) -> list[str]:
    """Words by jieba, spaces left out."""
    return [word for word in chinese_words(text) if word.strip()]
