"""deepeval: GEval with its steps given, one call a case. Arguments: items.json, url, at a time."""

import json
import sys
from pathlib import Path

from deepeval import evaluate
from deepeval.evaluate.configs import AsyncConfig, CacheConfig, DisplayConfig, ErrorConfig
from deepeval.metrics import GEval
from deepeval.models import LocalModel
from deepeval.test_case import LLMTestCase, SingleTurnParams

items, url, at_a_time = json.loads(Path(sys.argv[1]).read_text()), sys.argv[2], int(sys.argv[3])
judge = LocalModel(model="gpt-4.1", base_url=url, api_key="none")
metric = GEval(
    name="MI", model=judge, evaluation_steps=["Does the reply reflect what the client said?"],
    evaluation_params=[SingleTurnParams.INPUT, SingleTurnParams.ACTUAL_OUTPUT],
)  # fmt: skip
evaluate(
    [LLMTestCase(input=item["prompt"], actual_output=item["reply"]) for item in items], [metric],
    async_config=AsyncConfig(max_concurrent=at_a_time, throttle_value=0),
    display_config=DisplayConfig(show_indicator=False, print_results=False), cache_config=CacheConfig(write_cache=False),
    error_config=ErrorConfig(ignore_errors=False),
)  # fmt: skip
