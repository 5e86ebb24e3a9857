"""inspect_ai: the reply is there already, `model_graded_qa` judges it with one call. Arguments: items.json, url, at a time."""

import json
import sys
import tempfile
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig, ModelOutput, get_model
from inspect_ai.scorer import model_graded_qa
from inspect_ai.solver import solver

items, url, at_a_time = json.loads(Path(sys.argv[1]).read_text()), sys.argv[2], int(sys.argv[3])


@solver
def said():
    async def solve(state, generate):
        state.output = ModelOutput.from_content("given", state.metadata["reply"])
        return state

    return solve


judge = get_model("openai/gpt-4.1", base_url=url, api_key="none", config=GenerateConfig(max_connections=at_a_time))
samples = [Sample(input=item["prompt"], target="a reflection", metadata={"reply": item["reply"]}) for item in items]
task = Task(dataset=MemoryDataset(samples), solver=said(), scorer=model_graded_qa(model=judge))
with tempfile.TemporaryDirectory() as logs:
    (log,) = evaluate(
        task, model="mockllm/model", display="none", log_dir=logs, max_samples=at_a_time, max_connections=at_a_time,
        log_realtime=False, log_samples=True,
    )  # fmt: skip
assert log.status == "success", log.error
