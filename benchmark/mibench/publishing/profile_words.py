"""What the report says of the profile and of what follows from it, in English and Chinese."""

PROFILE: dict[str, tuple[str, str]] = {
    "h_proficiency": ("MI proficiency", "MI 胜任度"),
    "proficiency_is": (
        "One number to sort by, 0–100: 50 stands for MITI’s Fair, 100 for Good. The profile below is what to read.",
        "用来排序的一个数，0–100：50 相当于 MITI 的“尚可”，100 相当于“良好”。要了解一个模型，请看下面的各项。",
    ),
    "pieces": ("What it is made of", "它由哪些部分组成"),
    "part": ("part", "部分"),
    "points": ("points", "得分"),
    "line": ("value → points", "数值 → 得分"),
    "pieces_mean": ("mean of the parts", "各部分平均"),
    "pieces_cr": (
        "%CR counts in full from {0} reflections per reply; here there are {1}.",
        "每条回复平均有 {0} 句反映时，%CR 才完全计入；这里是 {1} 句。",
    ),
    "pieces_mina": (
        "MI non-adherent behaviour, {0} in 100 utterances, takes away {1} % of it.",
        "每 100 句里有 {0} 句不符合 MI 的行为，因此扣去 {1}%。",
    ),
    "pieces_why": (
        "MITI’s thresholds are expert opinion; the lines between them are ours. R:Q beyond 4 loses points: an echo leads nowhere.",
        "MITI 的门槛是专家意见，门槛之间的折线是我们定的。R:Q 超过 4 反而减分：一味附和不能带来改变。",
    ),
    "h_profile": ("MITI profile", "MITI 概况"),
    "marks_own": ("this run", "本次"),
    "marks_anchor": ("anchors: reference is the authored counsellor, reflector echoes and asks, retrieval quotes the training dialogues, adviser advises at once",
                     "对照：reference 是写好的示范咨询师，reflector 只附和加提问，retrieval 搬用训练对话里的话，adviser 张口就给建议"),
    "marks_human": ("people", "真人"),
    "marks_line": ("dashed: the manual’s Fair and Good", "虚线：手册的“尚可”和“良好”"),
    "profile_note": (
        "People who practise MI have R:Q around 1–2, so a high R:Q from parroting is no merit. Long replies collect codes: look at length too. The client is fixed: whether a model evokes change talk cannot be seen here.",
        "真人做 MI 时 R:Q 大约在 1–2，靠附和得来的高 R:Q 不算本事。回复越长，编码越多，所以也要看长度。来访者的话是固定的，因此看不出模型能不能引出改变语句。",
    ),
    "better_higher": ("higher is better", "越高越好"),
    "better_lower": ("lower is better", "越低越好"),
    "better_neither": ("no better direction", "无所谓高低"),
    "h_codes": ("Codes per reply", "回复里的编码"),
    "codes_are": (
        "Share of replies with each code. The thin line is the interval; ▏ marks the anchors and people.",
        "含有各个编码的回复所占比例。细线是区间，▏ 是对照和真人的位置。",
    ),
    "code": ("code", "编码"),
    "h_situations": ("What it does when …", "遇到不同情形时怎么回应"),
    "situations_are": (
        "Share of replies with each code, in per cent, by what the client has just said and by the place in the dialogue. ▲ and ▼: the interval lies wholly above or below the share in all replies. That is a hint, not a test.",
        "按来访者刚说的话、按对话进行到哪里，看各编码所占的百分比。▲▼ 表示区间整个高于或低于全部回复的比例，只是提示，不是检验。",
    ),
    "all_replies": ("all", "全部"),
    "replies": ("replies", "回复数"),
    "h_length": ("Length of the replies", "回复长度"),
    "length_is": (
        "Median {0} characters, nine in ten between {1} and {2}. The authored counsellor: median {3}.",
        "中位数 {0} 字，九成在 {1} 到 {2} 字之间；示范咨询师的中位数是 {3} 字。",
    ),
    "length_own": ("this run", "本次"),
    "length_reference": ("the authored counsellor", "示范咨询师"),
    "h_slices": ("Where it is better and worse", "哪里好，哪里差"),
    "h_overlap": ("Likeness to the reference text", "与示范文字的相似度"),
    "overlap_is": (
        "BLEU-4 and ROUGE as LLaMA-Factory computes them, for comparison with papers. Weak evidence: a good counsellor may say something else.",
        "BLEU-4、ROUGE 按 LLaMA-Factory 的算法，便于与论文对照。说明力弱：好的咨询师完全可以说别的话。",
    ),
}  # fmt: skip
"""The profile and what follows from it."""
