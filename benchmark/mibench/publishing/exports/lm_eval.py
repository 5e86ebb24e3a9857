"""A run as the results file that lm-eval 0.4.13 writes with `--output_path`: for tools that read those."""

from datetime import datetime
from typing import Any

from mibench.publishing.exports.identity import model_id
from mibench.publishing.exports.paper import Exported
from mibench.schema import Estimate

FILTER = "none"
"""lm-eval names each figure `metric,filter`; no filter is applied to a reply."""


def lm_eval_results(run: Exported) -> dict[str, Any]:
    """`results`, `configs`, `versions`, `n-shot`, `higher_is_better`, `n-samples`, `config`, `date`, as lm-eval has them.

    Standard errors are of the jackknife over dialogues, `N/A` where undefined; undefined metrics are left out; what has no
    better direction is `null` there. Intervals stand in the task's metadata, where lm-eval has no place for them.
    """
    manifest, scores = run
    suite, known = scores.suite, [one for one in scores.estimates if one.value is not None]
    rated, wanted = max((jury.rated, jury.subjects) for jury in scores.juries)
    args = {key: value for key, value in manifest.model.args.items() if key != "base_url"}
    if "pretrained" in args or "model" in args:
        args["pretrained" if "pretrained" in args else "model"] = model_id(manifest)
    return {
        "results": {suite: {"name": suite, "alias": suite, "sample_len": rated, **_figures(known)}},
        "group_subtasks": {},
        "configs": {
            suite: {
                "task": suite,
                "output_type": "generate_until",
                "num_fewshot": 0,
                "metric_list": [
                    {"metric": one.metric, "aggregation": "ratio of sums", "higher_is_better": _direction(one)}
                    for one in known
                ],
                "generation_kwargs": dict(manifest.model.generation),
                "repeats": 1,
                "should_decontaminate": False,
                "metadata": {
                    "version": manifest.suite_digest[:12],
                    "judges": dict(manifest.judges),
                    "comparability_digest": scores.digest,
                    "bootstrap": {
                        "draws": scores.draws,
                        "seed": scores.seed,
                        "resamples": "dialogues",
                        "method": "BCa",
                    },
                    "intervals": {one.metric: [one.low, one.high] for one in known if one.low is not None},
                    "undefined": {one.metric: one.note for one in scores.estimates if one.value is None},
                },
            }
        },
        "versions": {suite: manifest.suite_digest[:12]},
        "n-shot": {suite: 0},
        "higher_is_better": {suite: {one.metric: _direction(one) for one in known}},
        "n-samples": {suite: {"original": wanted, "effective": rated}},
        "config": {
            "model": manifest.model.name,
            "model_args": args,
            "batch_size": None,
            "batch_sizes": [],
            "device": None,
            "use_cache": None,
            "limit": manifest.limit,
            "bootstrap_iters": scores.draws,
            "gen_kwargs": dict(manifest.model.generation) or None,
            "random_seed": manifest.seed,
            "numpy_seed": manifest.seed,
            "torch_seed": manifest.seed,
            "fewshot_seed": None,
        },
        "git_hash": None,
        "upper_git_hash": None,
        "date": datetime.fromisoformat(manifest.created).timestamp(),
        "pretty_env_info": "",
        "transformers_version": manifest.versions.get("transformers", "unknown"),
        "lm_eval_version": manifest.versions.get("lm_eval", "unknown"),
        "task_hashes": {suite: manifest.suite_digest},
        "model_source": manifest.model.name,
        "model_name": model_id(manifest),
        "model_name_sanitized": model_id(manifest).replace("/", "__"),
        "chat_template": manifest.model.chat_template,
        "chat_template_sha": None,
        "system_instruction": None,
        "system_instruction_sha": None,
        "fewshot_as_multiturn": None,
        "total_evaluation_time_seconds": None,
    }


def _figures(known: list[Estimate]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for one in known:
        figures[f"{one.metric},{FILTER}"] = one.value
        figures[f"{one.metric}_stderr,{FILTER}"] = "N/A" if one.standard_error is None else one.standard_error
    return figures


def _direction(one: Estimate) -> bool | None:
    return None if one.better == "neither" else one.better == "higher"
