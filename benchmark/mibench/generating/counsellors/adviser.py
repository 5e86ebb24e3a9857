"""Advice at once, by keyword: the righting reflex as a lower anchor.

Nobody should read its advice as medical: it is what motivational interviewing asks a counsellor *not* to do.
"""

import re
from typing import Any

from mibench.generating.counsellors.counsellor import Counsellor

ADVICE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"烟|抽",
        (
            "你必须马上把烟戒了，家里的烟和打火机今天就全部扔掉。",
            "抽烟百害而无一利，想抽的时候就嚼口香糖、喝水，忍三分钟就过去了。",
            "应该去医院开戒烟药，再把身边抽烟的朋友都躲开。",
        ),
    ),
    (
        r"酒|喝两杯|应酬",
        (
            "酒一定要停，应酬的时候就说在吃头孢，别人自然不劝。",
            "最好把家里的酒都送人，晚上改成喝茶。",
            "再喝下去肝就完了，你应该现在就定个戒酒的日子。",
        ),
    ),
    (
        r"盐|咸|血压|降压|药",
        (
            "药一天都不能停，最好定个闹钟，每天早上吃完饭就吃。",
            "你应该每天量两次血压记下来，一天的盐不能超过五克。",
            "别听旁人瞎说，按医生开的吃，这才是正经办法。",
        ),
    ),
    (
        r"糖|胰岛素|奶茶|甜|胖|瘦|体重|吃|零食|夜宵",
        (
            "你应该把主食减一半，晚上七点以后什么都别吃。",
            "奶茶、甜的、油炸的全部断掉，饿了就吃黄瓜和西红柿。",
            "最好每天称体重、记下吃了什么，管住嘴迈开腿，没有别的窍门。",
        ),
    ),
    (
        r"睡|熬夜|手机|游戏|刷|屏幕|眼",
        (
            "晚上十点就把手机放到客厅去，第二天早上再拿。",
            "你应该把那些软件都卸了，给自己定个时间表，到点就睡。",
            "最好每天先把正事做完再碰手机，一天不许超过一个小时。",
        ),
    ),
    (
        r"动|走|锻炼|腰|腿|膝|康复|坐|摔",
        (
            "每天至少要走六千步，风雨无阻，坚持三个月就习惯了。",
            "你应该每坐四十分钟就起来活动五分钟，定个闹钟提醒自己。",
            "最好找个伴一起练，互相监督，别给自己找借口。",
        ),
    ),
    (
        r"赌|钱|债",
        (
            "马上把软件删掉，工资卡交给家里人管。",
            "你应该把欠的账列个单子，跟家里全部坦白，然后一笔一笔还。",
        ),
    ),
    (
        r"查|苗|针|医院|复查|检查|透析",
        (
            "这个检查一定要做，下周就去挂号，早发现早治疗。",
            "你应该听医生的，别拖，拖到最后吃亏的是你自己。",
        ),
    ),
)
ANY = (
    "你应该先定个计划，写下来贴在墙上，一条一条照着做。",
    "最好从今天就开始，别再找理由了。",
    "让家里人监督你，做不到就罚自己。",
    "办法我都告诉你了，关键是你得下决心去做。",
)
HEADS = ("", "听我的，", "这个不难。", "我跟你说，", "你别想那么多，", "道理你都懂，")
TAILS = ("", "听明白了吗？", "这样做对你和家里人都好。", "", "不改的话，以后有你后悔的。", "坚持一个月就能看到效果。")


class Adviser(Counsellor):
    """Two pieces of advice a turn, chosen by the words of the client's last turn or else of all before."""

    def answer(self, messages: list[dict[str, str]], doc: dict[str, Any]) -> str:
        """The reply; the same chat always gets the same one."""
        said = next(message["content"] for message in reversed(messages) if message["role"] == "user")
        before = " ".join(message["content"] for message in messages if message["role"] == "user")
        turn = sum(message["role"] == "user" for message in messages)
        fitting = _advice(said) or _advice(before) or ANY
        first = fitting[turn % len(fitting)]
        second = ANY[(turn + len(said)) % len(ANY)] if turn % 2 else ""
        return HEADS[(turn + len(said)) % len(HEADS)] + first + second + TAILS[(turn * 2 + len(said)) % len(TAILS)]


def _advice(text: str) -> tuple[str, ...]:
    return next((advice for pattern, advice in ADVICE if re.search(pattern, text)), ())
