"""What the site says, in English and Chinese, beside the words that all pages share."""

from mibench.publishing.site.judge_words import JUDGE_PAGE
from mibench.publishing.words import WORDS

FRAME: dict[str, tuple[str, str]] = {
    "site_name": ("MI counselling leaderboard", "动机式访谈排行榜"),
    "nav": ("Pages", "页面"),
    "nav_table": ("Leaderboard", "排行榜"),
    "nav_compare": ("Compare", "比较"),
    "dark": ("dark colours", "深色"),
    "built_from": (
        "Built by mibench {0} from {1} submissions, the newest of {2}.", "由 mibench {0} 生成，共 {1} 份提交，最新一份 {2}。",
    ),
}  # fmt: skip
"""What frames every page of the site."""

SITE: dict[str, tuple[str, str]] = {**WORDS, **FRAME, **JUDGE_PAGE}
"""Key → (English, Chinese)."""
