"""The generation stage: every round of a suite answered by one model, each reply on disk before the next."""

import os
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from mibench.errors import UsageError
from mibench.generating.answering import Answerer
from mibench.generating.crew import Crew
from mibench.generating.models import public_args
from mibench.generating.plan import GenerationPlan, OnReply
from mibench.records import RunFolder
from mibench.schema import Manifest, ModelIdentity, Reply
from mibench.suites import Suite, rounds_asked


def generate(folder: RunFolder, suite: Suite, plan: GenerationPlan, on_reply: OnReply = lambda *_: None) -> Manifest:
    """Answer every round of the plan that `folder` has no reply to; returns the folder's manifest.

    Raises UnknownName, MissingExtra or ChatTemplateError before any round is asked; RunConflict if the folder belongs
    to another run; MibenchError if the model fails on the way, the finished replies kept.
    """
    if plan.limit is not None and plan.limit < 1:
        raise UsageError(f"--limit is {plan.limit}; it counts rounds, so it starts at 1.")
    done = folder.replies() if (folder.path / "run.json").is_file() else {}

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    batch_size = plan.batch_size
    if plan.model == "vllm":
        # With "auto" lm-eval has vLLM draw a bar, and a disabled bar makes vLLM divide by zero: a number draws none.
        batch_size = plan.group if str(batch_size or "auto").startswith("auto") else batch_size
        os.environ.setdefault("VLLM_LOGGING_STREAM", "ext://sys.stderr")  # standard output is for scores
    else:
        os.environ.setdefault("TQDM_DISABLE", "1")  # lm-eval's own bars; ours says what they say
    asked = plan.model, plan.model_args, batch_size, plan.seed
    if plan.workers is None:
        return _answered(Answerer(*asked), folder, suite, plan, done, on_reply)
    crew = Crew(plan.workers, *asked)
    try:
        return _answered(crew, folder, suite, plan, done, on_reply)
    finally:
        crew.close()


def _answered(
    model: Answerer | Crew,
    folder: RunFolder,
    suite: Suite,
    plan: GenerationPlan,
    done: dict[str, Reply],
    on_reply: OnReply,
) -> Manifest:
    manifest = folder.begin(_manifest(suite, plan, model.revision(suite)))
    if all(round_.id in done for round_ in rounds_asked(suite, plan.limit, plan.shard)):
        return manifest

    from mibench.generating.evaluation import answer_rounds

    answer_rounds(model, suite, plan, folder, done, on_reply)
    return manifest


def _manifest(suite: Suite, plan: GenerationPlan, revision: str) -> Manifest:
    return Manifest(
        suite=suite.name,
        suite_digest=suite.digest,
        prompt_digest=suite.prompt_digest,
        limit=plan.limit if plan.limit is not None and plan.limit < len(suite.rounds) else None,
        shard=str(plan.shard) if plan.shard else None,
        model=ModelIdentity(
            name=plan.model,
            args=public_args(plan.model_args),
            revision=revision,
            generation=plan.generation,
            chat_template="plain-transcript" if plan.plain_transcript else "applied",
            system=plan.system,
        ),
        seed=plan.seed,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={
            name: found for name in ("mibench", "lm_eval", "transformers", "torch", "vllm") if (found := _version(name))
        },
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
