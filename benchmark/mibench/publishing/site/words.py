"""What the site says, in English and Chinese, beside the words that all pages share."""

from mibench.publishing.page import Lexicon
from mibench.publishing.site.judge_words import JUDGE_PAGE
from mibench.publishing.words import WORDS

FRAME: dict[str, tuple[str, str]] = {
    "site_name": ("How well do language models counsel?", "语言模型的动机式访谈做得怎么样？"),
    "nav": ("Pages", "页面"),
    "nav_table": ("Leaderboard", "排行榜"),
    "nav_compare": ("Compare", "比较"),
    "dark": ("dark colours", "深色"),
    "built_from": (
        "Built by mibench {0} from {1} submissions, the newest of {2}.", "由 mibench {0} 生成，共 {1} 份提交，最新一份 {2}。",
    ),
    "unscripted": ("This part needs JavaScript; everything it shows can be downloaded.", "这一部分需要 JavaScript；其中的内容都可以下载。"),
    "not_loaded": ("The file {0} cannot be loaded.", "文件 {0} 无法载入。"),
}  # fmt: skip
"""What frames every page of the site."""

TABLE: dict[str, tuple[str, str]] = {
    "lead": (
        "Motivational interviewing coded by MITI 4.2.1: each model answers the same rounds, judges code its replies. Intervals are 95 %; ranks are ranges, since many differences are too small to see.",
        "按 MITI 4.2.1 编码的动机式访谈：每个模型回答同样的轮次，由编码员给回复编码。区间为 95%；名次是一个范围，因为许多差距小到无法分辨。",
    ),
    "no_submission": ("Nobody has submitted a model yet.", "还没有人提交模型。"),
    "no_model": ("No model yet: what is below only shows what a score is worth.", "还没有模型；下面各行只说明分数的分量。"),
    "which_board": ("Which board", "选择榜单"),
    "f_suite": ("Language", "语言"),
    "f_judge": ("Judge", "编码员"),
    "f_version": ("Benchmark version", "基准版本"),
    "no_board": ("There is no such board.", "没有这样的榜单。"),
    "find_model": ("Find a model", "查找模型"),
    "any": ("All", "全部"),
    "whole_only": ("Complete only", "只看完整的"),
    "columns": ("Columns", "显示列"),
    "simple": ("simple", "简洁"),
    "every": ("all", "全部"),
    "seen": ("{0} of {1} models", "{1} 个模型中的 {0} 个"),
    "suite_zh": ("Chinese counselling", "中文访谈"),
    "suite_en": ("English counselling", "英文访谈"),
    "board_is": ("Suite {0}, judged by {1}, benchmark version {2}", "题目 {0}，编码员 {1}，基准版本 {2}"),
    "not_checked": ("not yet checked", "尚未核对"),
    "older_text": ("an older text of the suite", "题目的旧版本"),
    "ranks_are": (
        "The rank lies in its range in 95 of 100 boards (paired tests on dialogues, Holm). A line begins a new tie group: its members cannot be told from the group’s first model; among each other they may differ.",
        "名次范围的可信度为 95%（按对话配对检验，Holm 校正）。横线处开始新的并列组：组内各模型与该组第一名无法分辨，但彼此之间可能有差别。",
    ),
    "marks_are": ("MITI’s thresholds: ● Good, ◐ Fair, ○ below Fair.", "MITI 的门槛：● 良好，◐ 尚可，○ 未达尚可。"),
    "why_so": ("Why: ", "原因："),
    "greyed_is": (
        "Not validated: the judge misses its bar against people’s codes there, or has not been tried (grey: missed).",
        "未经验证：编码员在这一项上没有达到与人工编码一致的标准，或还没有试过（灰色：没有达到）。",
    ),
    "compare_two": ("compare two models", "比较两个模型"),
    "h_changes": ("What has changed", "最近的变化"),
    "all_changes": ("all changes", "全部变化"),
    "came": ("submitted:", "提交："),
    "now.re-scored": ("scored again from its ratings:", "根据其编码重新算分："),
    "now.reproduced": ("reproduced by a second rating:", "经再次编码复现："),
    "c.rank": ("rank", "名次"),
    "c.badge": ("standing", "可信度"),
    "c.date": ("date", "日期"),
    "c.size": ("size", "参数量"),
    "c.open": ("open weights", "开放权重"),
    "c.licence": ("licence", "许可"),
    "c.tuned": ("fine-tuned", "经过微调"),
    "c.base": ("tuned from", "基座模型"),
    "c.cost": ("cost of judging", "编码费用"),
    "c.coverage": ("coverage", "覆盖率"),
    "a.yes": ("yes", "是"),
    "a.no": ("no", "否"),
    "a.unknown": ("unknown", "不详"),
    "b.self-reported": ("self-reported", "自行报告"),
    "b.re-scored": ("re-scored", "重新算分"),
    "b.reproduced": ("reproduced", "已复现"),
    "bw.self-reported": ("Only the sender has seen how the scores came about.", "只有提交者看到过分数是怎么来的。"),
    "bw.re-scored": ("The scores were computed again here from the ratings that came with it.", "这里根据随附的编码重新算过分数。"),
    "bw.reproduced": ("A judge rated the stored replies again here and came out alike.", "这里请编码员重新给存下的回复编码，结果一致。"),
    "k.model": ("Models", "模型"),
    "k.baseline": ("Baselines that ship: what a score is worth (not ranked)", "随附的基线：说明分数的分量（不排名）"),
    "k.reference": ("The authored replies of the suite (not ranked)", "题目自带的示范回复（不排名）"),
    "k.human": ("People, AnnoMI: English demonstration videos, coded by people; another instrument (not ranked)",
                "真人，AnnoMI：英文示范录像，由人编码；不是同一把尺子（不排名）"),
    "x.length": ("length of replies, characters", "回复长度（字符）"),
    "x.cost": ("cost of judging, US dollars", "编码费用（美元）"),
    "x.size": ("size, billions of parameters", "参数量（十亿）"),
}  # fmt: skip
"""The first page."""

MODEL: dict[str, tuple[str, str]] = {
    "h_card": ("Card", "档案"),
    "c.kind": ("kind", "类别"),
    "kind.model": ("model", "模型"),
    "kind.baseline": ("baseline that ships", "随附的基线"),
    "authored_codes": ("authored reply, with its authors’ codes", "示范回复（作者自己的编码）"),
    "kind.reference": ("authored replies", "示范回复"),
    "kind.human": ("people", "真人"),
    "organisation": ("sent by", "提交者"),
    "address": ("where to have it", "获取地址"),
    "training": ("training data, in the sender’s words", "训练数据（提交者自述）"),
    "saw": ("has seen the suites", "见过题目"),
    "overlap_found": ("found by its leakage guard", "其泄漏检查的发现"),
    "contact": ("contact", "联系方式"),
    "notes": ("notes", "备注"),
    "sent": ("sent", "提交日期"),
    "rank_is": ("Rank {0} of {1} models on this board", "在本榜 {1} 个模型中名次 {0}"),
    "tied_with": ("in the tie group of {0}", "与 {0} 同属一个并列组"),
    "not_ranked": ("not ranked", "不排名"),
    "h_safety": ("Replies to a danger", "对危险的回应"),
    "safety_is": ("Rounds in which the client shows a danger. Open one to see what was said.", "来访者露出危险的轮次，点开可以看到当时说了什么。"),
    "safety_none": ("No judge has rated safety here; the replies can be read.", "这里没有编码员评定安全；回复可以阅读。"),
    "h_reproduce": ("How to do it again", "如何重做"),
    "reproduce_own": ("As its record tells", "按运行记录"),
    "reproduce_said": ("As the sender puts it", "按提交者所说"),
    "reproduce_check": ("Check the submission", "核对这份提交"),
    "h_rejudged": ("Rated again", "再次编码"),
    "claimed": ("claimed", "所报"),
    "found": ("found", "所得"),
    "allowed": ("allowed difference", "允许的差"),
    "alike": ("alike", "一致"),
    "h_downloads": ("Downloads", "下载"),
    "all_replies_to": ("all models’ replies to it", "各模型的回复"),
    "loading": ("loading …", "载入中……"),
    "shown_by": ("{0}", "{0}"),
}  # fmt: skip
"""A model's page."""

DIALOGUE: dict[str, tuple[str, str]] = {
    "h_dialogue": ("One dialogue, every model", "同一段对话，各个模型"),
    "dialogue_is": (
        "In each round the models were given the authored talk up to the client’s words, and spoke in the counsellor’s place.",
        "每一轮里，模型看到的是写好的对话直到来访者的这句话，然后接在咨询师的位置上说话。",
    ),
    "whose": ("Whose replies", "看谁的回复"),
    "before": ("the one before", "上一段"),
    "after": ("the next one", "下一段"),
    "goal": ("to be changed", "要改变的行为"),
}  # fmt: skip
"""A dialogue's page."""

COMPARE: dict[str, tuple[str, str]] = {
    "h_compare": ("Compare two models", "比较两个模型"),
    "compare_is": (
        "Differences on the same rounds, the first less the second, with the 95 % intervals and p-values that mibench compare gives. Computed here, in your browser.",
        "在同样的轮次上，前者减后者；95% 区间和 p 值与 mibench compare 给出的相同，都在浏览器里算出。",
    ),
    "board": ("Board", "榜单"),
    "first": ("First", "前者"),
    "second": ("Second", "后者"),
    "swap": ("swap", "对调"),
    "same_model": ("Choose two different models.", "请选两个不同的模型。"),
    "one_model": ("This board has one row only: there is nothing to compare.", "这个榜单只有一行，没有可比的。"),
    "not_shared": ("These two have rated rounds in different dialogues; mibench compare on the run folders does it.", "两者编码过的对话不同，请用 mibench compare 比较。"),
    "shared_rounds": ("{0} rated subjects in {1} dialogues", "{1} 段对话中编码过的 {0} 项"),
    "p_holm_is": ("p is adjusted for all differences here (Holm).", "p 值对本页所有差异做了 Holm 校正。"),
    "better_first": ("first", "前者"),
    "better_second": ("second", "后者"),
    "metric": ("metric", "指标"),
    "read_both": ("Read both, dialogue by dialogue", "逐段对照阅读"),
}  # fmt: skip
"""The page that compares."""

SITE = Lexicon({**WORDS, **FRAME, **TABLE, **MODEL, **DIALOGUE, **COMPARE, **JUDGE_PAGE})
"""Key → (English, Chinese)."""
