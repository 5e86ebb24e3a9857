"""The leaderboard as a static site: complete HTML, one style sheet, one small script, no network."""

from mibench.publishing.site.pages import SitePage, write_site

__all__ = ["SitePage", "write_site"]
