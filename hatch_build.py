"""tasks/, judges/, recipes, training corpora and the site's texts travel in the wheel as mibench/rooms/; an editable install reads the checkout's own."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Adds the content rooms to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the build; an editable build would copy what is there today and go stale."""
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"] |= {
                room: f"mibench/rooms/{room}"
                for room in (
                    "tasks",
                    "judges",
                    "docs/methods.md",  # a page of the site, with its Chinese
                    "docs/methods.zh.md",
                    "finetune/recipes",
                    "finetune/data/mi_en_train.jsonl",  # what the retrieval counsellor says
                    "finetune/data/mi_zh_train.jsonl",
                    "leaderboard/pages",
                    "leaderboard/versions.yaml",
                )
            }
