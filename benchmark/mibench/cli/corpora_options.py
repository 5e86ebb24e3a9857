"""Options that commands of `mibench corpora` share."""

from pathlib import Path

import click

out_folder = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for what comes out. The same command on it goes on where it stopped."
)  # fmt: skip
by_option = click.option(
    "--by", required=True, metavar="PROVIDER/MODEL", help="The model that is asked, e.g. openai/gpt-4.1, compatible/MODEL with --judge-url, hf/PATH, scripted/FILE."
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON on standard output, nothing else.")
seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws other dialogues.")
