"""Claims about the estimates and the loss curve. No torch."""

import xml.etree.ElementTree as ET

import pytest

from mibench.tuning import load_recipe
from mibench.tuning.curve import loss_curve
from mibench.tuning.estimates import estimate


@pytest.mark.parametrize(("name", "millions"), [("llama3_zh", 41.9), ("qwen3", 33.0)])
def test_the_adapters_size_is_what_peft_reports_for_these_models(name, millions):
    # 41,943,040 and 33,030,144 trainable parameters: peft's own count for r 16 on all linear layers of those configs
    recipe = load_recipe(name)
    found = estimate(recipe, recipe.shape, 1200, 200_000, 120)
    assert found.adapter_parameters / 1e6 == pytest.approx(millions, abs=0.1)


def test_a_quantised_base_takes_a_third_and_longer_dialogues_take_more():
    recipe, quantised = load_recipe("llama3_zh"), load_recipe("llama3_zh", ["quantise=4bit"])
    whole, less = (estimate(one, one.shape, 1200, 200_000, 120) for one in (recipe, quantised))
    assert less.weights < 0.35 * whole.weights
    assert 15 < whole.memory < 24
    longer = estimate(recipe, recipe.shape, 4096, 200_000, 120)
    assert longer.memory > whole.memory
    assert longer.hours == whole.hours


def test_the_curve_is_a_picture_with_its_lowest_point_named():
    history = [{"step": step, "loss": 5 - step / 10} for step in range(1, 21)]
    history += [{"step": step, "eval_loss": loss} for step, loss in ((5, 4.0), (10, 3.25), (15, 3.5), (20, 3.9))]
    picture = ET.fromstring(loss_curve(history))
    assert picture.find("{*}title").text == "Loss over 20 steps; validation lowest at step 10: 3.250"
    assert len(picture.findall("{*}polyline")) == 2
    ET.fromstring(loss_curve([]))
