"""The one place that runs lm-eval: its task, its requests, its model; our file for each reply."""

import logging
from typing import Any

from lm_eval.evaluator import evaluate
from lm_eval.tasks import TaskManager

from mibench.errors import MibenchError, UsageError
from mibench.generating.answering import Answerer
from mibench.generating.crew import Crew
from mibench.generating.plan import GenerationPlan, OnReply
from mibench.generating.recorder import Recorder
from mibench.records import RunFolder
from mibench.schema import Reply
from mibench.suites import Suite, chat_messages, rounds_asked


def answer_rounds(
    model: Answerer | Crew,
    suite: Suite,
    plan: GenerationPlan,
    folder: RunFolder,
    done: dict[str, Reply],
    on_reply: OnReply,
) -> None:
    """Have lm-eval put every round to `model`; replies that `done` lacks are appended to the folder."""
    for name in ("lm_eval.api.task", "lm_eval.evaluator"):
        logging.getLogger(name).addFilter(_is_news)
    if not plan.plain_transcript:
        model.check_template(chat_messages(suite.rounds[0], suite.prompt, plan.system))
    task = _task(suite, plan)

    asked = {round_.id for round_ in rounds_asked(suite, plan.limit, plan.shard)}
    places = [place for place, round_ in enumerate(suite.rounds) if round_.id in asked]
    with folder.append_replies() as replies:
        # Not simple_evaluate: after the run it shells out to git, pip and nvidia-smi for a block that nobody here reads.
        evaluate(
            lm=Recorder(model, replies, done, plan.group, len(places), on_reply, by_length=plan.by_length),
            task_dict={"tasks": {suite.name: task}, "groups": {}, "group_map": {}},
            samples={suite.name: places},
            apply_chat_template=not plan.plain_transcript,
            bootstrap_iters=0,
            log_samples=True,
        )


def _task(suite: Suite, plan: GenerationPlan) -> Any:
    if not (suite.folder / f"{suite.name}.yaml").is_file():
        raise UsageError(
            f"The suite {suite.name} has no {suite.name}.yaml for lm-eval in {suite.folder}. "
            "Copy tasks/mi_zh/mi_zh.yaml there and change its `task:` line."
        )
    manager = TaskManager(include_path=str(suite.folder), include_defaults=False)
    tasks = manager.load([suite.name])["tasks"]
    if suite.name not in tasks:
        raise MibenchError(f"{suite.folder}/{suite.name}.yaml does not define the task {suite.name}.")
    task = tasks[suite.name]
    task.system_place = plan.system
    if plan.generation:
        task.set_config(key="generation_kwargs", value=dict(plan.generation), update=True)
    task.override_metric(metric_name="bypass")  # replies only: scores are made from our files
    task.set_config(key="num_fewshot", value=0)
    task.set_fewshot_seed(seed=plan.seed)
    return task


def _is_news(record: logging.LogRecord) -> bool:
    """Drop what lm-eval says on every run; keep its warnings about this model."""
    return "Custom kwargs can be passed" not in record.getMessage()
