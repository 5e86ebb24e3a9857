"""Claims about the warning that judge and model are of one family."""

import pytest

from mibench.schema import Manifest, ModelIdentity
from mibench.scoring.families import families_of, shared_family


def manifest(**args):
    model = ModelIdentity(name="hf", args=args, revision="1", chat_template="applied", system="system-role")
    return Manifest(suite="s", suite_digest="a", prompt_digest="b", model=model, seed=0, created="now")


@pytest.mark.parametrize(
    ("args", "judge", "family"),
    [
        ({"pretrained": "Qwen/Qwen3-8B"}, "panel:compatible/qwen3-32b", "Qwen"),
        ({"pretrained": "./Llama3-8B-Chinese-Chat"}, "panel:openai/gpt-4.1", None),
        ({"pretrained": "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B"}, "panel:compatible/Qwen2.5-72B", "Qwen"),
        ({"model": "gpt-4.1-mini"}, "codes:openai/gpt-5", "OpenAI"),
        ({"model": "claude-x"}, "globals:anthropic/claude-y", "Anthropic"),
        ({"pretrained": "./my-model", "peft": "./glm-lora"}, "panel:hf/glm-4-9b-chat", "GLM"),
        ({}, "offline", None),
    ],
)
def test_a_family_in_common_is_found_from_the_names(args, judge, family):
    assert shared_family(manifest(**args), judge) == family


def test_a_name_that_only_looks_like_one_is_of_no_family():
    assert families_of("./go1den-retriever") == set()
    assert families_of("my-phone-model") == set()
