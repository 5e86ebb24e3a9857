"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class KeyValues(click.ParamType[dict[str, Any]]):
    """`key=value,key=value`, as lm-eval reads it: numbers, true and false become what they look like."""

    name = "key=value,…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """A dictionary. Fails on a piece without `=`."""
        if isinstance(value, dict):
            return value
        pairs: dict[str, Any] = {}
        for piece in filter(None, str(value).split(",")):
            key, equals, text = piece.partition("=")
            if not equals or not key.strip():
                self.fail(f"“{piece}” is no key=value. Example: pretrained=./my-model,dtype=bfloat16", param, ctx)
            pairs[key.strip()] = _value(text.strip())
        return pairs


def _value(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def engine_options() -> tuple[Callable[[F], F], ...]:
    """Where models and judges run that need no API."""
    return (
        click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Where what runs in process runs: here, or on the workers of a Ray cluster (RAY_ADDRESS; else one started here). Needs the extra ray. Judges behind an API are asked from here either way."),
        click.option("--workers", "worker_count", type=click.IntRange(min=1), help="Workers on the cluster, each with a model of its own. Default: one a GPU; without GPUs one a machine, for the offline judge one a core."),
        click.option("--gpus-per-worker", type=click.FloatRange(min=0), help="GPUs of each worker. Default: 1 where the cluster has any."),
    )  # fmt: skip


def workers_from(options: dict[str, Any]) -> Any:
    """Take the engine out of a command's options: Workers, or None for this process. Raises UsageError if they clash."""
    from mibench.cluster import Workers
    from mibench.errors import UsageError

    engine, count, gpus = options.pop("engine"), options.pop("worker_count"), options.pop("gpus_per_worker")
    if engine == "ray":
        return Workers(count, gpus)
    if count is not None or gpus is not None:
        raise UsageError("--workers and --gpus-per-worker go with --engine ray.")
    return None


def with_engine(command: F) -> F:
    """The engine's options, for commands that have no others of generation."""
    for option in reversed(engine_options()):
        command = option(command)
    return command


class ShardOf(click.ParamType[Any]):
    """`2/4`: the second of four parts."""

    name = "I/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A Shard. Raises UsageError for anything else."""
        from mibench.suites import Shard

        return value if isinstance(value, Shard) else Shard.parse(value)


shard_option = click.option(
    "--shard", type=ShardOf(),
    help="Only this part of the dialogues, e.g. 2/4 for the second of four, in shards/2-of-4 of the run folder: one process each, on one machine or many. mibench merge-runs joins the parts.",
)  # fmt: skip


def generation_options(command: F) -> F:
    """Options of the generation stage."""
    for option in reversed(
        (
            click.option(
                "--model", default="reflector", show_default=True,
                help="A counsellor that ships (reference, reflector, adviser, retrieval, scripted) or any lm-eval model type: hf, vllm, sglang, local-chat-completions …",
            ),
            click.option("--model-args", type=KeyValues(), default={}, metavar="K=V,…", help="Arguments of the model, e.g. pretrained=./my-model,dtype=bfloat16."),
            click.option("--suite", default="mi_zh", show_default=True, help="A suite that ships (`mibench tasks list`), a folder with a dialogues.jsonl, or, for `mibench run`, all."),
            click.option("--limit", type=click.IntRange(min=1), help="Only the first N rounds: for trying things out, not for the leaderboard."),
            shard_option,
            click.option("--out", type=click.Path(file_okay=False), help="The run folder. Default: runs/<suite>-<model>. The same command on it goes on where it stopped."),
            click.option("--seed", type=int, default=0, show_default=True, help="Seed of the model's sampler."),
            click.option("--gen-kwargs", "generation", type=KeyValues(), default={}, metavar="K=V,…", help="Sampling, e.g. max_gen_toks=256,do_sample=true,temperature=0.7. Default: greedy, 512 tokens."),
            click.option("--batch-size", help="lm-eval's batch size: a number or auto."),
            *engine_options(),
            click.option("--save-every", type=click.IntRange(min=1), help="Rounds given to the model at a time; a kill loses at most these. Default: 8 batches, 128 for vLLM."),
            click.option("--system-in-user", is_flag=True, help="Put the counsellor prompt at the head of the client's first turn, for templates that refuse a system role. Recorded in the run."),
            click.option("--plain-transcript", is_flag=True, help="Ask with a written-out transcript, for checkpoints without a chat template. Recorded in the run."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


JUDGE_HELP = (
    "Who judges: offline; PROVIDER/MODEL for a language model with the panel prompt, e.g. openai/gpt-4.1; codes:, globals: "
    "or safety: before it for another; scripted:FILE.jsonl for codes made elsewhere. Several may be named: judges of the "
    "same thing are a jury, and its mean is scored."
)
judge_option = click.option(
    "--judge", "judges", multiple=True, default=("offline",), show_default="offline", help=JUDGE_HELP
)


shares_option = click.option(
    "--shares", type=click.Choice(["spoken", "logprobs"]),
    help="How the panel gives its shares: spoken, in numbers it writes (default), or logprobs, by the probability it gives to yes in ten yes-or-no questions.",
)  # fmt: skip


def settings_options(command: F) -> F:
    """Options of judges that are language models."""
    for option in reversed(
        (
            click.option("--rubric-language", type=click.Choice(["zh", "en"]), help="Language of the judge's rubric. Default: the dialogue's."),
            shares_option,
            click.option("--repeats", type=click.IntRange(min=1), help="Ratings of each subject; scores use their mean. Default: the judge's own number."),
        )
    ):  # fmt: skip
        command = option(command)
    return model_options(command)


def model_options(command: F) -> F:
    """Options of any command that asks language models."""
    for option in reversed(
        (
            click.option("--judge-url", "url", help="Address of a server that speaks OpenAI's API: vLLM, SGLang, llama.cpp, Ollama. For compatible/MODEL."),
            click.option("--judge-settings", "api", type=KeyValues(), default={}, metavar="K=V,…", help="What the judge's API takes, for models this version does not know, e.g. temperature=false,thinking_room=4000,limit_name=max_completion_tokens."),
            click.option("--timeout", type=click.FloatRange(min=1), default=600, show_default=True, help="Seconds to wait for one answer of the judge."),
            click.option("--budget", type=click.FloatRange(min=0), help="Dollars that all questions to language models in the folder may cost. A hard cap: the run stops before the call that could pass it, exit code 3."),
            click.option("--prices", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Price table over the one that ships (judges/prices.yaml has the form)."),
            click.option("--concurrency", type=click.IntRange(min=1), help="Calls in flight at most. Adapts downward by itself when the server is crowded."),
            click.option("--rpm", "requests_per_minute", type=click.IntRange(min=1), help="Requests a minute at most."),
            click.option("--tpm", "tokens_per_minute", type=click.IntRange(min=1), help="Tokens a minute at most, prompt and answer."),
            click.option("--batch", is_flag=True, help="Send the questions through the provider's Batch API (openai/MODEL, anthropic/MODEL): half the price, answers within a day. The command returns at once with exit code 3; the same command later fetches what has ended and goes on."),
            click.option("--wait", is_flag=True, help="Stay until all batches under way have ended, and finish."),
            click.option("--poll", type=click.FloatRange(min=1), default=30, show_default=True, help="Seconds between two looks at the batches with --wait."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


SETTINGS = (
    "api",
    "timeout",
    "url",
    "rubric_language",
    "shares",
    "repeats",
    "budget",
    "prices",
    "concurrency",
    "requests_per_minute",
    "tokens_per_minute",
)


def settings_from(options: dict[str, Any], workers: Any = None) -> Any:
    """Take the judge's settings out of a command's options; those it does not have stay as they are by default."""
    from mibench.judging import Batching, JudgeSettings

    batching = Batching(send=options.pop("batch"), wait=options.pop("wait"), poll=options.pop("poll"))
    return JudgeSettings(
        **{name: options.pop(name) for name in SETTINGS if name in options}, batching=batching, workers=workers
    )


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print scores as JSON on standard output, nothing else."
)
coverage_option = click.option(
    "--min-coverage", type=click.FloatRange(0, 1), default=0.98, show_default=True,
    help="Share of rounds that must be rated; below it the exit code is 3.",
)  # fmt: skip
