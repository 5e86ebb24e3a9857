"""Made corpora, every word invented; a copy of the real ones where there is one; a server that plays the models."""

import json
import os
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("MIBENCH_DATA") or ROOT.parent / "shared/data")

TROUBLES = [
    "丈夫下班就钻进书房打游戏，饭端到跟前才抬头",
    "我妈住院以后全靠我一个人两头跑",
    "考研又没上岸，不敢看同学的朋友圈",
    "同事在背后说我爱出风头",
    "女儿上了初二一句话说不对就摔门",
    "分手到现在我还天天翻他的头像",
    "领导当着全组的面把我的方案扔了回来",
    "搬来这个小区以后邻居天天半夜敲管子",
    "婆婆总嫌我带孩子带得不精细",
    "他答应戒烟，阳台上的烟灰缸从来没空过",
    "店里生意一天比一天淡，房租照涨",
    "医生说血糖高，我管不住夜里那顿面",
    "室友把我的被子扔到走廊，没人替我说话",
    "相亲见了一圈，回家对着电视发呆",
    "弟弟借走的钱一直没还，爸妈还让我大度",
    "上台发言前手抖得拿不住稿子",
    "夜班倒下来白天睡不着，一点声音就醒",
    "儿子成绩掉到班尾，老师三天两头打电话",
    "体重又回来了，去年的裤子全穿不上",
    "前夫突然说要争抚养权",
    "手机一刷就到后半夜，早上起来恨自己",
    "做了手术以后不敢再骑车上坡",
    "单位改制，干了半辈子的岗位说没就没",
    "网上有人把我的照片改了到处发",
]
REMARKS = [
    "说出来怪丢人的",
    "其实我也知道不能全怪别人",
    "有时候坐在车里不想上楼",
    "一想到明天又要重来就发慌",
    "我跟谁都没提过这件事",
    "话说重了又后悔得睡不着",
    "也许是我自己太较真",
    "那天回家的路上我哭了一路",
    "大家都说我想多了",
    "我试过写日记，写两页就停了",
    "好几次想开口又咽回去",
    "反正日子还得往下过",
    "我怕再这样下去身体先垮",
    "要是能有个人搭把手就好了",
    "我不想让孩子看见我这样",
    "偶尔也有轻松的时候，可留不住",
]


def case(number):
    """A made dialogue in CPsyCounD's form, a client of its own."""
    import random

    rng = random.Random(number)
    troubles, remarks = rng.sample(TROUBLES, 3), rng.sample(REMARKS, 3)
    lines = [
        f"来访者：老师好，我今年{20 + number % 50}岁。{troubles[0]}，前后有{number + 3}天了。",
        "心理咨询师：你好，请具体说说是怎么回事，好让我了解你的情况。",
        f"来访者：{troubles[1]}，{remarks[0]}。",
        "心理咨询师：这种感受很正常，你可以试试深呼吸，或者和朋友聊一聊。",
        f"来访者：试过，没用。{remarks[1]}，{troubles[2]}。",
        "心理咨询师：那我们来做一个计划，每天给自己留一点时间放松。",
        f"来访者：行吧，{remarks[2]}，下回第{number + 11}号再说。",
        "心理咨询师：好的，期待你的进步，再见。",
    ]
    return "\n\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def data():
    """data("smilechat") → that folder of the real corpora; skips where there is none."""

    def folder(name):
        if not (DATA / name).is_dir():
            pytest.skip(f"no {name} at {DATA}; set MIBENCH_DATA to a folder with a copy of the corpora")
        return DATA / name

    return folder


@pytest.fixture
def cases(tmp_path):
    """cases(30) → a folder of made dialogues in CPsyCounD's form."""

    def write(count):
        folder = tmp_path / "cases"
        folder.mkdir()
        for number in range(count):
            (folder / f"case_{number}.txt").write_text(case(number), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def server(serve):
    """server("--faults", 0.2) → a running server that rewrites, rates and codes."""
    return partial(serve, "transcribing_server.py")


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def read_lines():
    """read_lines(path) → the JSON values of a file of lines."""
    return lines_of
