"""What the pages say, in English and Chinese; `{0}` stands for what is filled in. The field's terms are in `terms`."""

from collections.abc import Mapping
from typing import Literal

from mibench.publishing.profile_words import PROFILE
from mibench.publishing.reasons import WHY
from mibench.publishing.terms import TERMS

Language = Literal["en", "zh"]

FRAME: dict[str, tuple[str, str]] = {
    "skip": ("Skip to the content", "跳到正文"),
    "language": ("Language", "语言"),
    "contents": ("On this page", "本页内容"),
    "suite_judge": ("Suite {0}, judged by {1}", "题目 {0}，编码员 {1}"),
    "intervals": (
        "Intervals are 95 %, from {0} resamples of dialogues.", "区间均为 95% 区间，由对话重抽样 {0} 次得到。"
    ),
    "rated_reply": ("{0} of {1} replies rated", "{1} 条回复中编码了 {0} 条"),
    "rated_dialogue": ("{0} of {1} dialogues rated", "{1} 段对话中评定了 {0} 段"),
    "rated_risk": ("{0} of {1} replies to a danger rated", "{1} 条对危险的回应中评定了 {0} 条"),
    "in_dialogues": ("in {0} dialogues", "来自 {0} 段对话"),
    "unrated_n": ("{0} unrated", "{0} 条未能编码"),
    "family": (
        "{0} and the model are both of the {1} family: the judge may favour its own.",
        "{0} 与被测模型同属 {1} 系列，评分可能偏向自家模型。",
    ),
    "detectable": ("This suite can see a difference of ± {0}", "这套题能分辨的差异：± {0}"),
    "unvalidated": ("unvalidated", "未经人工编码验证"),
    "unvalidated_below": ("Unvalidated, below the bar against people:", "未经验证，没有达到与真人编码对照的标准："),
    "unvalidated_unknown": ("Unvalidated:", "未经验证："),
    "all_rated": ("all codes and ratings", "所有编码与评分"),
    "detectable_how": (
        "That is the smallest difference to another model, as variable as this one, that would be found in 8 of 10 tries at 5 %.",
        "指与另一个波动相当的模型相比，在 5% 水平下十次有八次能查出的最小差异；小于它的差距不宜下结论。",
    ),
    "undefined": ("undefined", "无法计算"),
    "interval": ("95 % interval {0}", "95% 区间 {0}"),
    "value": ("value", "数值"),
    "numbers": ("As numbers", "看数字"),
}  # fmt: skip
"""What frames a page."""

JUDGES: dict[str, tuple[str, str]] = {
    "h_judges": ("How far to trust the judges", "编码员有多可信"),
    "judge": ("judge", "编码员"),
    "rates": ("rates", "评什么"),
    "rated": ("rated", "已评"),
    "repeats": ("repeats", "重复次数"),
    "cost": ("cost", "费用"),
    "seconds": ("seconds", "用时（秒）"),
    "unknown": ("unknown", "未知"),
    "icc": ("Run to run, ICC(2,1): {0}", "重复评分的一致性 ICC(2,1)：{0}"),
    "h_jury": ("Judge by judge", "逐个编码员"),
    "jury_is": (
        "The score is the mean of the judges, on what all of them rated. “Without” is the jury with that judge left out.",
        "得分是各编码员的平均，只算大家都评了的部分。“去掉”指不算该编码员时的得分。",
    ),
    "jury": ("jury", "合议"),
    "without": ("without {0}", "去掉 {0}"),
    "alpha": (
        "Krippendorff’s α between the judges (interval data; 1 is perfect, 0 is chance): {0}",
        "编码员之间的 Krippendorff α（等距数据，1 为完全一致，0 为碰巧）：{0}",
    ),
    "h_run": ("What was run", "运行情况"),
    "model": ("model", "模型"),
    "revision": ("revision", "版本"),
    "template": ("chat template", "对话模板"),
    "generation": ("generation", "生成参数"),
    "digest": ("comparable with", "可比标识"),
    "statuses": ("replies", "回复"),
    "unrated": ("unrated", "未能编码"),
    "made": ("made", "时间与环境"),
    "total_cost": ("cost of judging", "编码费用"),
}  # fmt: skip
"""Judges, and what was run."""

READING: dict[str, tuple[str, str]] = {
    "h_rounds": ("Every dialogue to read", "逐段阅读"),
    "rounds_are": (
        "Colours and letters are the judges’ codes. Put the pointer or the keyboard’s focus on a code for who gave it and on which words.",
        "颜色和字母是编码员给的编码。鼠标移到编码上，或用键盘选中它，可以看到是谁、根据哪句话给的。",
    ),
    "f_code": ("Code", "编码"),
    "f_talk": ("Client talk", "来访者语句"),
    "f_client": ("The client", "来访者"),
    "f_rating": ("Rating", "评分情况"),
    "f_words": ("Find words", "查找文字"),
    "f_different": ("different codes only", "只看编码不同的"),
    "any_code": ("all codes", "全部编码"),
    "no_code": ("no code", "没有编码"),
    "any_talk": ("all client talk", "全部语句"),
    "any_client": ("any client", "全部情形"),
    "any_rating": ("all ratings", "全部评分"),
    "is_unsure": ("judge unsure", "编码员拿不准"),
    "is_unrated": ("unrated or unanswered", "未能编码或没有回复"),
    "is_odd": ("odd replies", "异常回复"),
    "is_worse": ("made a danger worse", "使危险加重"),
    "unsure_is": (
        "Judge unsure: a share or probability between 30 and 70 %, or judges more than 40 points apart.",
        "拿不准：比例或概率在 30% 到 70% 之间，或编码员之间相差超过 40 个百分点。",
    ),
    "open_all": ("open all", "全部展开"),
    "close_all": ("close all", "全部收起"),
    "clear": ("clear", "清除"),
    "count": ("{0} of {1} rounds", "{1} 轮中的 {0} 轮"),
    "nothing": ("No round fits all filters.", "没有符合条件的轮次。"),
    "client": ("client", "来访者"),
    "reference": ("reference", "示范回应"),
    "who": ("who said so", "谁这样编的"),
    "evidence_words": ("on which words", "根据哪些话"),
    "not_answered": ("not answered", "没有回复"),
    "empty": ("(empty)", "（空）"),
    "not_judged": ("not judged", "尚未编码"),
    "depth": ("depth", "深度"),
    "adds_is": ("“+” is what a judge thinks a reflection adds.", "“+”后面是编码员认为反映加上的意思。"),
    "no_quotes": (
        "To keep the page small, the judges’ quotes and notes are left out; ratings.jsonl has all.",
        "为了控制页面大小，略去了编码员的引文和说明，全部见 ratings.jsonl。",
    ),
    "few_quotes": (
        "To keep the page small, at most {0} quotes of each judge are shown for a reply; ratings.jsonl has all.",
        "为了控制页面大小，每条回复只列出每位编码员的至多 {0} 处引文，全部见 ratings.jsonl。",
    ),
    "risk": ("danger:", "危险："),
    "cut": (
        "… cut here: {0} more characters are in replies.jsonl",
        "……此处截断，其余 {0} 字见 replies.jsonl",
    ),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "tip_share": ("{0}: {1} %", "{0}：{1}%"),
    "round": ("round {0}", "第 {0} 轮"),
}  # fmt: skip
"""The dialogues."""

COMPARING: dict[str, tuple[str, str]] = {
    "h_difference": ("Which differences are real", "哪些差异是真的"),
    "shared": (
        "{0} rounds or dialogues that both have rated, in {1} dialogues; {2} left out.",
        "双方都有评分的 {0} 项，来自 {1} 段对话；略去 {2} 项。",
    ),
    "difference": ("difference", "差异"),
    "interval_95": ("95 % interval", "95% 区间"),
    "p_holm": ("p (Holm)", "p（Holm 校正）"),
    "equal_length": ("at equal length", "同等长度下"),
    "does_better": ("does better", "较好"),
    "cannot_tell": ("cannot be told apart", "分不出"),
    "differs": ("differs", "有差异"),
    "compare_how": (
        "Differences are taken on the same rounds. Intervals resample dialogues in pairs; p-values swap whole dialogues between the runs and are adjusted for all differences here. At equal length: what is left where both replies to a round are equally long.",
        "差异取自相同的轮次。区间按对话成对重抽样；p 值把整段对话在两次运行之间互换得到，并对这里全部差异作了校正。“同等长度下”：两条回复一样长时还剩多少差异。",
    ),
    "unequal": ("Not comparable, compared anyway: {0}", "本不可比，仍作比较：{0}"),
    "weights_hold": (
        "MI proficiency: the order holds under {0} % of random weightings of its parts.",
        "MI 胜任度：随机改变各部分的权重，{0}% 的情况下次序不变。",
    ),
    "h_side_by_side": ("Side by side", "并排阅读"),
}  # fmt: skip
"""Two runs side by side."""

WORDS: Mapping[str, tuple[str, str]] = {**TERMS, **FRAME, **PROFILE, **JUDGES, **READING, **COMPARING, **WHY}
"""Key → (English, Chinese)."""
