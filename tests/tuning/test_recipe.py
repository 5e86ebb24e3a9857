"""Claims about recipes."""

import re

import pytest

from mibench.errors import UnknownName, UsageError
from mibench.tuning import load_recipe, recipe_names


def test_the_five_that_ship_are_read(root):
    assert recipe_names() == ["baichuan2", "glm4", "llama3_zh", "qwen3", "tiny"]
    for name in recipe_names():
        recipe = load_recipe(name)
        assert (recipe.lora_rank, recipe.lora_targets) == (16, "all-linear")


def test_every_value_of_a_large_recipe_has_its_reason(root):
    for name in ("baichuan2", "glm4", "llama3_zh", "qwen3"):
        for line in (root / f"finetune/recipes/{name}.yaml").read_text(encoding="utf-8").splitlines():
            key = re.match(r"(\w+):", line)
            if key and key.group(1) not in ("base", "shape", "seed"):
                assert re.search(r" # \S.{12}", line), (name, line)


def test_overrides_change_values_also_inside_a_block():
    recipe = load_recipe(
        "tiny", ["learning_rate=2e-4", "scratch.layers=2", "lora_targets=[q_proj,v_proj]", "max_steps=5"]
    )
    assert (recipe.learning_rate, recipe.scratch.layers, recipe.max_steps) == (2e-4, 2, 5)
    assert recipe.lora_targets == ("q_proj", "v_proj")


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("lora_rnk=8", "no key lora_rnk. Did you mean lora_rank"),
        ("scratch.layer=8", "no key scratch.layer. Did you mean layers"),
        ("epochs=many", "epochs: .* number"),
        ("epochs", "no key=value"),
        ("format=chatml", "format: "),
    ],
)
def test_a_mistake_is_a_sentence(override, said):
    with pytest.raises(UsageError, match=said):
        load_recipe("tiny", [override])


def test_an_unknown_recipe_answers_with_those_that_exist():
    with pytest.raises(UnknownName, match="Did you mean qwen3"):
        load_recipe("qwen")
