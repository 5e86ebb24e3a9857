"""Options that commands of `mibench finetune` share."""

from pathlib import Path

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)

recipe_option = click.option(
    "--recipe", required=True, metavar="NAME|FILE.yaml",
    help="A recipe that ships (tiny, llama3_zh, glm4, baichuan2, qwen3) or a YAML file of your own.",
)  # fmt: skip
data_option = click.option(
    "--data", required=True, type=FOLDER, help="The folder that `mibench finetune prepare` made."
)
overrides_argument = click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...")
valid_option = click.option(
    "--valid", "valid_share", type=click.FloatRange(0, 0.5, min_open=True), default=0.1, show_default=True,
    help="Share that is kept apart to watch the loss on.",
)  # fmt: skip
seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Another seed splits otherwise.")
