"""What a coder notices in a whole Chinese volley: surface signs to be counted, and pairs of characters that carry content."""

import re

from mibench.judging.offline.cues_zh import CUES

LEAD = re.compile(
    r"^(?:[\W_]*(?:嗯+|哦+|噢|啊|是的|是啊|好的|好|对|行|那|哎|唉|嗐|哈哈|明白|所以|这么说)[，,。！!、 ]+)*"
)
"""Filler before what is meant."""

BACKCHANNEL = re.compile(r"^(?:[\W_]*(?:嗯+|哦+|噢|啊|是的|是啊|好的|好|对|行|明白|没错|您说|你说|继续)[\W_]*)*$")

QUESTION_FORM = re.compile(
    r"什么|怎么|哪|谁|多少|几[个次天点年时]|为什么|咋|啥|如何|是不是|有没有|能不能|会不会|要不要|愿不愿|可不可以|[吗呢么][？?]?\W*$"
)
"""A sentence that is built as a question; one that only ends in its mark may be a reflection."""

SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    *CUES,
    ("reflecting", re.compile(r"听起来|听上去|听您|听你|您是说|你是说|您觉得|你觉得|您想|你想|对[您你]来说|看得出|感觉[您你]|好像|似乎|其实|真正")),
    ("deeper", re.compile(r"其实|真正|与其说|不只是|不光是|不单|说到底|背后|骨子里|心里|底下|舍不得|放不下|宁可|更|连|也|才")),
    ("facts", re.compile(r"研究|数据|指南|一般|通常|医学|多数|资料|属于|因为|导致|引起|会让|作用|风险|含|血压|血糖|肝|肺|神经|身体")),
    ("advising", re.compile(r"建议|应该|必须|一定|最好|务必|不要|别|可以(?:试|先|把|从|考虑)|不妨|试试|比如|有的人|有些人|有人|下次|下回|每天|先.{1,12}再")),
    ("ordering", re.compile(r"^[\W_]*(?:[您你](?:就|得|先|把|赶紧|必须|应该|要)|别|不要|先|把|每天|从今天|赶紧|下回|下次|以后)")),
    ("arguing", re.compile(r"难道|明明|借口|还不是|还说|得了吧|别骗|根本|不就是|凭什么|怪谁|怎么能|怎么可以|至于吗|说白了|哪有|[您你]这是|[您你]这叫|不负责|自己作")),
    ("choice-word", re.compile(r"自己|自个儿|决定|选|[您你]说了算|做主|拿主意|[您你]定|由[您你]|随[您你]|掂量|看着办|替不了")),
    ("collaborating", re.compile(r"一起|咱们|我们|[您你]看|先聊|先说|从哪|想聊|哪个|哪样|还是|愿意|方便|可以吗|行吗|好吗|听听|成不成|中不中")),
    ("valuing", re.compile(r"不容易|了不起|坚持|在乎|负责|有心|难得|勇气|主动|努力|认真|能|肯|真|那么|这么|还|都|人$|的人")),
    ("courtesy", re.compile(r"谢谢|辛苦|欢迎|[您你]好|坐|喝口水|慢慢|再见|没关系|没事|放心|加油|陪|理解|支持|抱抱")),
    ("not", re.compile(r"不|没|别")),
    ("you", re.compile(r"[您你]")),
    ("we", re.compile(r"我们|咱")),
    ("others", re.compile(r"他|她|别人|人家|大家|有的人|有些人")),
    ("two-sides", re.compile(r"一方面|一头|一边|既.{1,15}又|又.{1,15}又|可是|但是|却|可")),
    ("quote", re.compile(r"[“”\"「」]")),
)  # fmt: skip

_FUNCTION = re.compile(r"[^\u4e00-\u9fff]|[的了着过是在就也都和与呢吗吧啊呀嘛么您你我他她它这那个有]")


def content(text: str) -> list[str]:
    """Pairs of neighbouring characters, function words and punctuation cut out."""
    return [run[start : start + 2] for run in _FUNCTION.sub(" ", text).split() for start in range(max(1, len(run) - 1))]
