"""Commands by name, imported when used; errors as sentences; exit codes.

0 complete · 1 error · 2 usage or identity conflict · 3 incomplete · 130 interrupted
"""

import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from mibench import __version__
from mibench.errors import MibenchError

COMMANDS = {
    "run": ("mibench.cli.run:run", "Generate, judge, score and report: the whole job on one model."),
    "generate": ("mibench.cli.stages:generate", "Have a model answer every round of a suite."),
    "judge": ("mibench.cli.stages:judge", "Code the replies in a run folder by MITI."),
    "estimate": ("mibench.cli.stages:estimate", "What judging a run would take in calls, tokens and dollars."),
    "score": ("mibench.cli.stages:score", "Sum up the ratings in a run folder, with intervals."),
    "report": ("mibench.cli.stages:report", "Write report.html from a run folder."),
    "merge-runs": ("mibench.cli.merge:merge_runs", "Join the shards of a run that was divided among processes."),
    "compare": (
        "mibench.cli.compare:compare",
        "Which differences between runs are real: paired tests, ties, equal length.",
    ),
    "power": (
        "mibench.cli.power:power",
        "What difference a suite of this size can show, and how many dialogues a wished one takes.",
    ),
    "export": ("mibench.cli.export:export", "Scores or differences for spreadsheets, papers and other tools."),
    "submit": ("mibench.cli.submit:submit", "Bundle runs for the leaderboard, and check what others have bundled."),
    "leaderboard": ("mibench.cli.leaderboard:leaderboard", "The leaderboard as a static site: build it, look at it."),
    "tasks": ("mibench.cli.tasks:tasks", "The suites that ship: list them, find them for lm-eval."),
    "judges": ("mibench.cli.judges:judges", "The judges that ship: list them, test them, train the offline one."),
    "corpora": (
        "mibench.cli.corpora:corpora",
        "Corpora that mibench can read: what each holds, needs, and its licence.",
    ),
    "finetune": (
        "mibench.cli.finetune:finetune",
        "Tune a model on counselling dialogues: prepare, inspect, train, merge.",
    ),
}
"""Name → where the command lies, and its line in `mibench --help`."""


class Commands(click.Group):
    """A group that imports a command only when it is used, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the pipeline."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and lines from COMMANDS: nothing is imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mibench")
def cli() -> None:
    """How well does a language model do motivational interviewing?

    \b
    mibench run                                    a baseline that ships, to see what comes out
    mibench run --model hf --model-args pretrained=DIR        your checkpoint

    Exit codes: 0 complete, 1 error, 2 wrong usage or a folder of another run, 3 incomplete, 130 interrupted.
    """


def main() -> NoReturn:
    """The console script."""
    sys.exit(_exit_code(cli, sys.argv[1:]))


def _exit_code(command: click.Command, args: list[str]) -> int:
    try:
        result: Any = command.main(args, prog_name="mibench", standalone_mode=False)
    except MibenchError as error:
        click.echo(f"mibench: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nmibench: interrupted. Finished work is kept; the same command goes on from there.", err=True)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return result if isinstance(result, int) else 0
