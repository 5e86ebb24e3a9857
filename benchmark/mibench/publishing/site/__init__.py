"""The leaderboard as a static site: complete HTML, one style sheet, one small script, no network."""

from mibench.publishing.site.judge_page import JudgeSheet, judges_page
from mibench.publishing.site.pages import SitePage, write_site
from mibench.publishing.site.prose import prose_pages

__all__ = ["JudgeSheet", "SitePage", "judges_page", "prose_pages", "write_site"]
