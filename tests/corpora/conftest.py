"""Made corpora, every word invented; a copy of the real ones where there is one; a server that plays the models."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("MIBENCH_DATA") or ROOT.parent / "shared/data")

MISFORTUNES = (
    "丈夫下班就打游戏，我们已经{n}个月没好好说过话了", "我妈住院{n}天，家里全靠我一个人", "考研考了{n}次还没上岸",
    "同事背后说我闲话，我{n}周没睡好", "女儿上初二以后跟我顶嘴，一天吵{n}次", "分手{n}个月了，还是天天看他朋友圈",
)  # fmt: skip


@pytest.fixture(scope="session")
def data():
    """data("smilechat") → that folder of the real corpora; skips where there is none."""

    def folder(name):
        if not (DATA / name).is_dir():
            pytest.skip(f"no {name} at {DATA}; set MIBENCH_DATA to a folder with a copy of the corpora")
        return DATA / name

    return folder


def case(number):
    """A made dialogue in CPsyCounD's form, a client of its own."""
    trouble = MISFORTUNES[number % len(MISFORTUNES)].format(n=number + 3)
    lines = [
        f"来访者：老师好，我今年{20 + number}岁，在第{number}车间上班。{trouble}。",
        "心理咨询师：你好，请具体说说是怎么回事，好让我了解你的情况。",
        f"来访者：说来话长，那天是{number + 1}号，我正好在路上，心里一下就堵住了，编号{number * 37 % 101}的那辆车开过去我都没看见。",
        "心理咨询师：这种感受很正常，你可以试试深呼吸，或者和朋友聊一聊。",
        f"来访者：试过，没用。我写了{number + 5}页日记，越写越烦，最后都撕了，撕到第{number * 13 % 89}页手都酸了。",
        "心理咨询师：那我们来做一个计划，每天给自己留一点时间放松。",
        f"来访者：行吧，我回去想想，下回第{number}次来再说。",
        "心理咨询师：好的，期待你的进步，再见。",
    ]
    return "\n\n".join(lines) + "\n"


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


class Server:
    def __init__(self, *options):
        script = ROOT / "tests/servers/transcribing_server.py"
        self.process = subprocess.Popen([sys.executable, script, *map(str, options)], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    @property
    def by(self):
        """Options that send questions here."""
        return ("--by", "compatible/player", "--judge-url", f"{self.url}/v1")

    def stats(self):
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            return json.load(answer)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def server():
    """server("--faults", 0.2) → a running server that rewrites, rates and codes."""
    running = []

    def start(*options):
        running.append(Server(*options))
        return running[-1]

    yield start
    for found in running:
        found.stop()


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def read_lines():
    """read_lines(path) → the JSON values of a file of lines."""
    return lines_of
