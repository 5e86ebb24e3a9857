"""A run as a record of Every Eval Ever, schema 0.3.0 (github.com/evaleval/every_eval_ever)."""

import json
import time
from collections.abc import Iterator
from typing import Any

from mibench.publishing.exports.identity import deployment, engine, model_id
from mibench.publishing.exports.paper import Exported
from mibench.schema import Estimate, JudgeScores

SCHEMA = "0.3.0"

BOUNDS: dict[str, tuple[float, float | str]] = {
    "%": (0, 100), "% of replies": (0, 100), "% of risks": (0, 100), "0–100": (0, 100), "1–5": (1, 5),
}  # fmt: skip
"""Unit → (least, most); what is not here has no upper end."""

ARGS = {"temperature": "temperature", "top_p": "top_p", "top_k": "top_k", "max_gen_toks": "max_tokens"}
"""lm-eval's name of a sampling setting → the schema's."""


def every_eval_ever(
    run: Exported, *, organisation: str = "not stated", relationship: str = "other", now: float | None = None
) -> dict[str, Any]:
    """The aggregate record, ready for JSON. Undefined metrics are left out and named with their reasons.

    `organisation`: who ran the evaluation; `relationship`: `first_party`, `third_party`, `collaborative` or `other` to the
    model's makers; `now`: seconds since 1970.
    """
    manifest, scores = run
    stamp = str(int(time.time() if now is None else now))
    undefined = {one.metric: one.note for one in scores.estimates if one.value is None}
    runs_on = engine(manifest)
    return {
        "schema_version": SCHEMA,
        "evaluation_id": f"mibench_{scores.suite}/{model_id(manifest)}/{stamp}",
        "evaluation_timestamp": manifest.created,
        "retrieved_timestamp": stamp,
        "source_metadata": {
            "source_name": "mibench",
            "source_type": "evaluation_run",
            "source_organization_name": organisation,
            "evaluator_relationship": relationship,
            "additional_details": {f"undefined.{metric}": note for metric, note in undefined.items()},
        },
        "eval_library": {
            "name": "mibench",
            "version": manifest.versions.get("mibench", "unknown"),
            "additional_details": {
                **{f"version.{name}": version for name, version in manifest.versions.items() if name != "mibench"},
                "comparability_digest": scores.digest,
            },
        },
        "model_info": {
            "name": scores.model,
            "id": model_id(manifest),
            **({"inference_engine": runs_on} if runs_on else {}),
            "additional_details": {
                "deployment_type": deployment(manifest),
                "model_availability": "unknown",
                "revision": manifest.model.revision,
                "chat_template": manifest.model.chat_template,
                "system": manifest.model.system,
            },
        },
        "evaluation_results": list(_results(run)),
    }


def _results(run: Exported) -> Iterator[dict[str, Any]]:
    manifest, scores = run
    for one in scores.estimates:
        if one.value is None:
            continue
        yield {
            "evaluation_result_id": f"{scores.suite}.{one.metric}",
            "evaluation_name": f"mibench {scores.suite}: {one.label}",
            "evaluation_timestamp": manifest.created,
            "source_data": {
                "dataset_name": scores.suite,
                "source_type": "other",
                "additional_details": {"text_digest": manifest.suite_digest, "rounds": str(manifest.limit or "all")},
            },
            "metric_config": _metric(run, one),
            "score_details": _score(run, one),
            "generation_config": _generation(run),
        }


def _metric(run: Exported, one: Estimate) -> dict[str, Any]:
    least, most = BOUNDS.get(one.unit, (0, "Infinity"))
    judges = [judge for judge in run.scores.judges if _made(judge, one)]
    models = [judge for judge in judges if "/" in judge.judge]
    details = {
        "better": one.better,
        "judges": " + ".join(judge.judge for judge in judges) or "none: counted from the text",
    }
    if one.validated:
        said = "validated" if one.validated == "validated" else "unvalidated"
        details["against_people"] = "; ".join((said, *one.validated_why))
    config: dict[str, Any] = {
        "evaluation_description": "Motivational interviewing by MITI 4.2.1, replies within authored dialogues",
        "metric_id": f"mibench.{one.metric}",
        "metric_name": one.label,
        "metric_unit": one.unit,
        "lower_is_better": one.better == "lower",
        "score_type": "continuous",
        "min_score": least,
        "max_score": most,
        "additional_details": details,
    }
    if models:
        config["llm_scoring"] = {
            "judges": [_judge(run, judge) for judge in models],
            "input_prompt": f"judges/{models[0].judge.partition(':')[0]}/ of mibench, in the version of the judge's digest",
            **({"aggregation_method": "average"} if len(judges) > 1 else {}),
        }
    return config


def _made(judge: JudgeScores, one: Estimate) -> bool:
    """Whether the judge's ratings are part of the metric: proficiency rests on all, likeness to the reference on none."""
    if one.metric in ("bleu_4", "rouge_1", "rouge_2", "rouge_l", "chrf", "characters"):
        return False
    return one.metric == "proficiency" or any(own.metric == one.metric for own in judge.estimates)


def _judge(run: Exported, judge: JudgeScores) -> dict[str, Any]:
    name = judge.judge.partition(":")[2] or judge.judge
    provider = name.partition("/")[0]
    here = provider in ("vllm", "hf")
    return {
        "model_info": {
            "name": name.rpartition("/")[2],
            "id": name.partition("/")[2] if here else name,
            "additional_details": {
                "deployment_type": "self_deployed" if here else "unknown",
                "model_availability": "unknown",
            },
        },
        "additional_details": {
            "judge_digest": run.manifest.judges.get(judge.judge, "unknown"),
            "repeats": str(judge.repeats),
        },
    }


def _score(run: Exported, one: Estimate) -> dict[str, Any]:
    uncertainty: dict[str, Any] = {"num_bootstrap_samples": run.scores.draws}
    if one.low is not None and one.high is not None:
        uncertainty["confidence_interval"] = {
            "lower": one.low, "upper": one.high, "confidence_level": 0.95, "method": "BCa, whole dialogues resampled",
        }  # fmt: skip
    if one.standard_error is not None:
        uncertainty["standard_error"] = {"value": one.standard_error, "method": "jackknife over dialogues"}
    rated = {"coverage": f"{run.scores.coverage:.4f}"} | ({"miti_level": one.level} if one.level else {})
    return {
        "score": one.value,
        "details": rated | ({"note": one.note} if one.note else {}),
        "uncertainty": uncertainty | {"num_samples": max(jury.rated for jury in run.scores.juries)},
    }


def _generation(run: Exported) -> dict[str, Any]:
    given = run.manifest.model.generation
    args = {ARGS[name]: value for name, value in given.items() if name in ARGS and isinstance(value, int | float)}
    rest = {name: json.dumps(value, ensure_ascii=False) for name, value in given.items() if name not in ARGS}
    return {
        "generation_args": args,
        "additional_details": {**rest, "seed": str(run.manifest.seed), "prompt_digest": run.manifest.prompt_digest},
    }
