"""What the page about judges says, in English and Chinese."""

from mibench.schema import NAMES, NAMES_ZH

LABELS: dict[str, tuple[str, str]] = {
    **{f"label.{NAMES[code]}": (NAMES[code], NAMES_ZH[code]) for code in NAMES},
    "label.reflection": ("reflection", "反映"),
    "label.therapist input": ("therapist input", "咨询师给的信息与建议"),
    "label.information": ("information", "信息"),
    "label.advice": ("advice", "建议"),
    "label.persuasion": ("persuasion", "劝说"),
    "label.MI non-adherent": ("MI non-adherent", "不符合 MI"),
    "label.main": ("main behaviour", "主要行为"),
    "label.proficiency": ("MI proficiency", "MI 胜任度"),
    "label.R:Q": ("R:Q", "R:Q"),
    "label.%CR": ("%CR", "%CR"),
    "met.validated": ("reaches its bar", "达标"),
    "met.below": ("below its bar", "未达标"),
    "met.unknown": ("too few to tell", "样本太少，说不准"),
}  # fmt: skip
"""Labels of trials, and what came of them."""

JUDGE_PAGE: dict[str, tuple[str, str]] = {
    **LABELS,
    "nav_judges": ("Judges", "编码员"),
    "nav_about": ("About", "关于"),
    "nav_methods": ("Methods", "方法"),
    "nav_submit": ("Submit", "提交"),
    "nav_changelog": ("Versions", "版本"),
    "j_title": ("The judges’ own leaderboard", "编码员自己的成绩单"),
    "j_lead": (
        "A score is worth what its judge is worth. Here each judge is held against codes that people gave, beside how well people "
        "agree with each other. Where nothing was measured, that is said, with the command that would measure it.",
        "得分值多少，要看是谁编的码。这里把每位编码员同真人的编码摆在一起，旁边是真人彼此之间的一致程度。没测过的就写没测过，并附上测它的命令。",
    ),
    "j_held": ("against people, {0}", "与真人相比（{0}）"),
    "j_english": ("English", "英文"),
    "j_chinese": ("Chinese", "中文"),
    "j_languages": ("languages", "语言"),
    "j_reach": ("labels that reach their bar", "达标的编码"),
    "j_reach_n": ("{0} of {1}", "{1} 项中 {0} 项"),
    "j_people": ("people {0}", "真人 {0}"),
    "j_kappa": ("κ {0}", "κ {0}"),
    "j_price": ("price of 100 replies", "每百条回复费用"),
    "j_free": ("free", "免费"),
    "j_by_model": ("the model’s", "随所用模型"),
    "j_moved": ("moved by injections", "被话术带偏"),
    "j_drift": ("drift", "漂移"),
    "j_no_drift": ("none, {0}", "无，{0}"),
    "j_drifted": ("yes, {0}", "有，{0}"),
    "not_measured": ("not measured", "未测"),
    "j_not_kept": ("no label of it was held against people", "没有一项同真人比过"),
    "j_old": ("measured on an older version, so not counted", "测的是旧版本，不算数"),
    "j_no_chinese": (
        "mibench knows no corpus of Chinese counselling with MITI codes by people. What can be had is a judge’s error on one run, from "
        "replies drawn at random that people code:",
        "mibench 没有找到由真人按 MITI 编码的中文咨询语料。能做的是从一次运行里随机抽出回复请人编码，由此得出编码员在这次运行上的误差：",
    ),
    "j_no_risk": (
        "mibench knows no corpus in which people rated replies to a danger, so no command measures it.",
        "mibench 没有找到由真人评定过“对危险的回应”的语料，所以没有命令可测。",
    ),
    "j_how": ("To measure it", "要测的话"),
    "j_reads": (
        "κ of the main behaviour, in brackets its 95 % interval; below it what people reach on the same utterances: two coders with each "
        "other, and one against the majority of the rest. “Moved by injections”: how far replies that speak to the judge "
        "(“give me full marks”) move any code’s share, mean over {0} tries, 0–1.",
        "κ 指主要行为的一致性，括号里是 95% 区间；下面一行是真人在同一批话上能达到的：两位编码员之间，以及一位对其余多数。“被话术带偏”指回复里若写着"
        "“请打满分”之类的话，编码的份额平均会偏多少（试 {0} 次，0–1）。",
    ),
    "j_reads_plain": (
        "κ of the main behaviour, in brackets its 95 % interval; below it what people reach on the same utterances.",
        "κ 指主要行为的一致性，括号里是 95% 区间；下面一行是真人在同一批话上能达到的。",
    ),
    "j_version": ("version {0}", "第 {0} 版"),
    "j_trial_people": ("{0}, coded by people", "{0}，真人编码"),
    "j_trial_author": ("{0}, coded by the texts’ author", "{0}，作者自己编码"),
    "j_author_is": (
        "The author is a language model. Agreement with it shows that the judge has learned what it was taught, not that it is right.",
        "作者是语言模型。同它一致，只说明编码员学会了教给它的东西，不说明它对。",
    ),
    "j_size": ("{0} of {1} items rated, {2} sessions, {3} of the items coded by several people", "{1} 句中编了 {0} 句，共 {2} 段，其中 {3} 句由多人编码"),
    "j_size_one": ("{0} of {1} items rated", "{1} 句中编了 {0} 句"),
    "j_size_sessions": ("{0} of {1} items rated, {2} sessions", "{1} 句中编了 {0} 句，共 {2} 段"),
    "j_crossed": (
        "cross-validated: each item by a judge trained without its video, because the judge as it ships has learned from this corpus",
        "交叉验证：每句都由没见过该录像的编码员来编，因为发布的编码员学过这批材料",
    ),
    "j_label": ("label", "编码"),
    "j_n": ("n", "例数"),
    "j_pair": ("two people", "真人两两"),
    "j_rest": ("one against the rest", "一人对多数"),
    "j_seat": ("judge in that seat", "编码员坐这个位置"),
    "j_bar": ("bar", "标准"),
    "j_outcome": ("outcome", "结果"),
    "j_key_judge": ("judge, 95 % interval", "编码员及 95% 区间"),
    "j_key_pair": ("people: two with each other, to one against the rest", "真人：两两之间，到一人对多数"),
    "j_key_bar": ("bar to be reached", "应达到的标准"),
    "j_labels": ("Label by label", "逐项编码"),
    "j_chart": ("κ of each label, 0 to 1", "各项编码的 κ，0 到 1"),
    "j_sessions": ("Whole sessions", "整段会谈"),
    "j_sessions_how": (
        "r and ICC: the judge’s figure of a session with people’s. AUC: how often a good session has the larger value than a bad one; .5 is chance; "
        "length alone reaches {0}.",
        "r 与 ICC：一段会谈由编码员算出的数与由真人算出的数有多接近。AUC：谈得好的一段数值更大的机会；.5 等于瞎猜；单凭长短就能到 {0}。",
    ),
    "j_sessions_plain": ("r and ICC: the judge’s figure of a session with people’s.", "r 与 ICC：一段会谈由编码员算出的数与由真人算出的数有多接近。"),
    "j_measure": ("measure", "指标"),
    "j_auc": ("AUC, judge", "AUC，编码员"),
    "j_auc_people": ("AUC, people", "AUC，真人"),
    "j_calibration": ("Calibration of the shares", "份额准不准"),
    "j_calibration_how": (
        "The judge says what share of coders would give a label. Brier: mean squared distance to each single coding; MAE and rank correlation: "
        "with the share of several coders, where there were several.",
        "编码员说的是“有多大比例的人会这样编”。Brier：与每一次真人编码之差的平方的平均；MAE 与秩相关：在多人编过的句子上，与真人的比例相比。",
    ),
    "j_brier": ("Brier", "Brier"),
    "j_mae": ("MAE", "MAE"),
    "j_rank": ("rank correlation", "秩相关"),
    "h_drift": ("Drift", "漂移"),
    "j_drift_how": (
        "The same {0} replies are given to the judge again. A share that moved more than chance allows is drift (Holm over codes and languages).",
        "把同样的 {0} 条回复再交给编码员编一遍。份额变动超出偶然的，就算漂移（按各编码与语言作 Holm 校正）。",
    ),
    "j_drift_none": (
        "{0}: first asked {1}, asked again {2}. No drift: {3} of {4} replies decided otherwise, largest shift {5}.",
        "{0}：首次 {1}，再问 {2}。没有漂移：{4} 条中有 {3} 条判得不同，最大变动 {5}。",
    ),
    "j_drift_found": (
        "{0}: first asked {1}, asked again {2}. Drift: {3} of {4} replies decided otherwise, largest shift {5}.",
        "{0}：首次 {1}，再问 {2}。有漂移：{4} 条中有 {3} 条判得不同，最大变动 {5}。",
    ),
    "j_drift_first": ("{0}: first asked {1}, not asked again since.", "{0}：首次 {1}，此后没再问过。"),
    "h_between": ("Judge against judge", "编码员之间"),
    "j_between_how": (
        "Krippendorff’s α (interval data) of judges that rated the same replies of a submission; 1 is perfect, 0 is chance. Below it the MI proficiency that each alone gives.",
        "同一份提交由几位编码员编同样的回复时，彼此的 Krippendorff α（等距数据）；1 为完全一致，0 为碰巧。再看各自单独给出的 MI 胜任度。",
    ),
    "j_between_none": (
        "No submission here was rated by two judges, so nothing can be said. To have two on one run, and to see what changes:",
        "这里还没有哪份提交请过两位编码员，所以无从说起。要让两位编同一次运行，并看看差在哪里：",
    ),
    "j_alpha": ("α, mean over labels", "α，各项平均"),
    "j_lowest": ("lowest", "最低"),
    "h_self": ("Self-preference", "偏袒自家"),
    "j_self_how": (
        "A judge of the same family as the model may favour it. Shown is by how much a judge puts MI proficiency above the other judges of the same "
        "replies: for models of its own family, and for all others.",
        "编码员若与被测模型同属一系，可能会偏袒。这里看的是：同样的回复，这位编码员给的 MI 胜任度比其他编码员高出多少——对自家模型，以及对其余模型。",
    ),
    "j_self_none": (
        "It takes models of a judge’s own family and of others, each rated by that judge and by another. No such submissions are here. The judges that need no "
        "language model have no family. To look at one run:",
        "要有同系与不同系的模型，各由这位编码员和另一位都编过，才看得出来；这里还没有这样的提交。不靠语言模型的编码员没有“自家”。想看某一次运行：",
    ),
    "j_self_own": ("own family", "自家"),
    "j_self_other": ("others", "其余"),
    "j_runs": ("{0} runs", "{0} 次运行"),
    "j_model": ("submission", "提交"),
    "h_unmeasured": ("Judges that nobody has held against people yet", "还没同真人比过的编码员"),
    "j_unmeasured_how": (
        "They ship as prompts and work with any language model; how good they are depends on the model. Their scores are shown as unvalidated.",
        "它们是随包发布的提示词，配哪个语言模型都能用，好坏取决于模型；得分一律标为未经验证。",
    ),
    "j_said": ("What its card says", "它的说明"),
}  # fmt: skip
"""Key → (English, Chinese)."""
