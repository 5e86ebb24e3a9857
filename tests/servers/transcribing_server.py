"""The local server of judge_server.py with a model that also rewrites dialogues, rates them, and rates replies.

What it writes depends on the text alone. Of the dialogues it is asked to rewrite some have no goal, some come back wrong
and are right when sent back with a reason, some never come right: `flaw_of` says which.
"""

import asyncio
import hashlib
import json
import re

import judge_server

REFLECTIONS = [
    "这些天您一个人扛着，谁也没看见您有多累。",
    "嘴上说算了，心里那口气还堵着。",
    "您怕的不是吵，是吵完以后更没话说了。",
    "一边想往前走一步，一边又怕走错了没人接着。",
    "您把所有人都照顾到了，唯独把自己排在最后。",
    "日子照过，可您觉得自己像是在旁边看着别人过。",
    "不是不想变，是变了怕连现在这点安稳也没了。",
    "您对自己比对谁都狠，好像松一口气都是错。",
    "那句话到现在还扎着您，拔也拔不出来。",
    "您心里明白再这样下去不行，只是还没想好从哪儿下脚。",
    "您不甘心就这么认了，这股劲儿一直都在。",
    "您宁可自己难受，也不愿意让身边的人为难。",
    "这件事压着您，连喘口气都像是偷来的。",
    "您最舍不得的，是当初那个什么都敢试的自己。",
    "您想要的是踏实，可每一步都像踩在棉花上。",
    "一半的您想躲开，另一半的您已经站到门口了。",
    "您怨的人里头，头一个就是那个什么都没说的自己。",
    "您不是懒，是怕使了劲还是老样子。",
    "您说没事，可这件事已经占满了您的夜里。",
    "再等等看，其实您已经等得很累了。",
    "对您来说，被看轻比做错事还难受。",
    "您想给这个家一个交代，也想给自己留条路。",
    "话到嘴边又咽下去，咽的次数多了，人就空了。",
]
QUESTIONS = ("您最想先从哪一处松动一点？", "这事走到哪一步，您心里算是够了？", "要迈一小步的话，会是哪一步？")
ADVICE = "你应该马上去运动，别再胡思乱想了。你必须听我的，赶紧去做。"

ONCE = ("no json", "order", "short", "advice", "copied", "phone")
"""Flaws of the first answer only: sent back with a reason it comes right."""
FLAWS = (*[None] * 10, "no goal", *ONCE, "always unsafe", "forgets", "always advice")


def flaw_of(user):
    """What is wrong with the rewriting of this source, or None."""
    return FLAWS[int(hashlib.sha256(user.encode()).hexdigest()[:8], 16) % len(FLAWS)]


def rewritten(user, tries):
    """The answer to a rewriting prompt: the source's client, another counsellor."""
    mark = re.search(r"═══ \w+ ═══", user).group()
    source = re.findall(
        r"^(来访者|咨询师)：(.*(?:\n(?!来访者：|咨询师：).*)*)", user.split(mark)[2].strip(), re.MULTILINE
    )
    client = [words.strip() for who, words in source if who == "来访者"]
    theirs = [words.strip() for who, words in source if who == "咨询师"]
    pick = int(hashlib.sha256("\n".join(client).encode()).hexdigest(), 16)
    flaw = flaw_of(re.sub(r"═══ \w+ ═══", "", user))
    if flaw in ONCE and tries > 1:
        flaw = None
    if flaw == "no json":
        return "好的，下面是改写后的对话：来访者说……"
    client += [f"还有件事，我一直没跟人说过，就是第{n}回想起来的那件。" for n in range(len(client), 6)]
    turns = []
    for place, words in enumerate(client[:16]):
        turns += [
            {"speaker": "client", "text": _client(flaw, place, words)},
            {"speaker": "counsellor", "text": _counsellor(flaw, place, pick, theirs)},
        ]
    turns = {"order": turns[1:], "short": turns[:4], "no goal": []}.get(flaw, turns)
    return json.dumps(
        {
            "facts": [], "change_goal": "" if flaw == "no goal" else "每周和家里人好好说一次话",
            "why_no_goal": "来访者只想弄懂一件事" if flaw == "no goal" else "",
            "topic": f"talk-{pick % 97}", "area": None, "stage": "contemplation", "resistance": "medium",
            "client": "一个来求助的人。", "age": pick % 60 + 15, "sex": "female" if pick % 2 else "male", "setting": None,
            "turns": turns,
        },
        ensure_ascii=False,
    )  # fmt: skip


def _client(flaw, place, words):
    if flaw == "phone" and place == 2:
        return f"{words}我的电话是13800138000。"
    return "嗯。" if flaw == "forgets" else words


def _counsellor(flaw, place, pick, theirs):
    if flaw in ("advice", "always advice"):
        return ADVICE
    if flaw == "copied" and place < len(theirs):
        return theirs[place][:190]
    if flaw == "always unsafe" and place == 2:
        return "建议您直接停药，别想那么多。"
    reply = REFLECTIONS[(pick >> (5 * place)) % len(REFLECTIONS)]
    return reply + QUESTIONS[place % len(QUESTIONS)] if place % 3 == 1 else reply


def rated(user, digest):
    """The answer to the prompt that rates a whole dialogue."""
    mark = re.search(r"═══ \w+ ═══", user).group()
    first = re.search(r"：(.+)", user.split(mark)[2]).group(1)[:20]
    # The text decides for the most part, and the repeat a little, so that repeats agree without being equal.
    steady = int(hashlib.sha256(first.encode()).hexdigest()[:8], 16)
    shaky = int(digest[:8], 16)
    names = ("comprehensiveness", "professionalism", "authenticity", "safety")
    return json.dumps(
        {n: {"quote": first, "score": min(5, 1 + (steady >> k) % 4 + (shaky >> k) % 7 // 6)} for k, n in enumerate(names)},
        ensure_ascii=False,
    )  # fmt: skip


def turn_rated(digest):
    """The answer to the prompt that rates one reply by CPsyCounE's dimensions."""
    pick = int(digest[16:24], 16)
    return json.dumps(
        {"comprehensiveness": pick % 3, "professionalism": pick % 4, "authenticity": pick % 4, "safety": 1}
    )


class TranscribingServer(judge_server.Server):
    tries = 1

    def judged(self, body, system, users, shape, digest, kind):
        TranscribingServer.tries = len(users)
        return super().judged(body, system, users, shape, digest, kind)


coding = judge_server._judgement


def answer(system, user, digest):
    if '"why_no_goal"' in system:
        return rewritten(user, TranscribingServer.tries)
    if '"professionalism": {' in system:
        return rated(user, digest)
    if '"professionalism"' in system:
        return turn_rated(digest)
    return coding(system, user, digest)


if __name__ == "__main__":
    judge_server.Server = TranscribingServer
    judge_server._judgement = answer
    asyncio.run(judge_server.main())
