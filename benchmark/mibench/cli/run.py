"""`mibench run`."""

from typing import Any

import click

from mibench.cli.options import (
    coverage_option,
    generation_options,
    json_option,
    judge_option,
    settings_from,
    settings_options,
    workers_from,
)


@click.command()
@generation_options
@judge_option
@settings_options
@click.option(
    "--anchors/--no-anchors",
    default=None,
    help="Score reference, reflector and adviser beside the model. Default: when the judges are free.",
)
@coverage_option
@json_option
def run(
    *, suite: str, judges: tuple[str, ...], anchors: bool | None, min_coverage: float, as_json: bool, **options: Any
) -> int:
    """Generate, judge, score and report: the whole job on one model.

    Without options a small rule-based listener answers the whole Chinese suite and the offline judge codes it: no
    network, no key, no torch. Everything lands in a run folder; a run that was stopped goes on with the same command.

    \b
    mibench run
    mibench run --model hf --model-args pretrained=./my-model
    mibench run --model hf --model-args pretrained=./my-model --judge openai/gpt-4.1 --judge globals:openai/gpt-4.1
    mibench run --suite all --model hf --model-args pretrained=./my-model
    mibench run --model vllm --model-args pretrained=ORG/MODEL,revision=COMMIT
    """
    from mibench import api
    from mibench.cli.screen import progress, show

    workers = options["workers"] = workers_from(options)
    settings = settings_from(options, workers)
    with progress() as tell:
        if suite == "all":
            results = list(
                api.run_all(judge=judges, anchors=anchors, settings=settings, progress=tell, **options).values()
            )
        else:
            results = [api.run(suite=suite, judge=judges, anchors=anchors, settings=settings, progress=tell, **options)]
    return max(show(result, as_json=as_json, min_coverage=min_coverage) for result in results)
