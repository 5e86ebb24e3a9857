"""Claims about what people get wrong in a training: each is a sentence, and nothing half-done is taken for done."""

import subprocess
import sys

import pytest

from mibench.errors import RunConflict, UsageError
from mibench.tuning import FORMATS, load_recipe, prepare

SHORT = ("dtype=float32", "checkpointing=false", "batch_size=4", "accumulate=1", "max_steps=2", "evaluate_every=1")


@pytest.fixture
def recipe(tiny_base):
    pytest.importorskip("trl", reason="needs the finetune extra")
    return load_recipe("qwen3", [f"base={tiny_base('qwen3')}", "max_length=400", *SHORT])


@pytest.mark.parametrize("library", ["torch", "trl"])
def test_a_missing_library_names_the_extra(library, prepared, root, tmp_path):
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from mibench.cli.main import _exit_code, cli\n"
        f"sys.exit(_exit_code(cli, ['finetune', 'train', '--recipe', 'tiny', '--data', {str(prepared)!r}, '--out', {str(tmp_path / 'out')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "pip install 'mibench[finetune]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_tokenizer_without_pad_and_template_gets_the_familys(recipe, tmp_path):
    from transformers import AutoTokenizer

    from mibench.tuning.loading import load_tokenizer

    bare = AutoTokenizer.from_pretrained(recipe.base)
    assert bare.pad_token is None
    assert bare.chat_template is None
    form = FORMATS["qwen3"]
    tokenizer = load_tokenizer(recipe.base, recipe, form)
    assert tokenizer.pad_token == form.pad
    assert tokenizer.pad_token not in form.end
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": "在吗"}], add_generation_prompt=True, tokenize=False
    )
    assert asked == "<|im_start|>user\n在吗<|im_end|>\n<|im_start|>assistant\n"


def test_a_folder_without_a_tokenizer_is_a_sentence(recipe, prepared, tmp_path):
    from mibench.tuning.training import train

    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"The tokenizer of .*empty cannot be loaded"):
        train(recipe.model_copy(update={"base": str(tmp_path / "empty")}), prepared, tmp_path / "out")


def test_a_folder_goes_on_with_the_same_recipe_data_and_base_only(recipe, prepared, write_rows, tiny_base, tmp_path):
    import shutil

    from mibench.tuning.training import train

    base = tmp_path / "base"
    shutil.copytree(recipe.base, base)
    mine = recipe.model_copy(update={"base": str(base)})
    train(mine, prepared, tmp_path / "out")
    shutil.rmtree(tmp_path / "out/adapter")  # as if the disk had been full at the very end
    for changed, said in (
        (mine.model_copy(update={"epochs": 9.0}), "epochs was 3.0, is 9.0"),
        (mine.model_copy(update={"seed": 1}), "seed was 0, is 1"),
    ):
        with pytest.raises(RunConflict, match=said):
            train(changed, prepared, tmp_path / "out")
    rows = [
        {"id": f"d{n}", "messages": [{"role": "user", "content": f"第{n}次"}, {"role": "assistant", "content": "嗯。"}]}
        for n in range(9)
    ]
    prepare([write_rows(rows)], tmp_path / "other")
    with pytest.raises(RunConflict, match="the data was other data"):
        train(mine, tmp_path / "other", tmp_path / "out")
    (base / "config.json").write_text((base / "config.json").read_text() + "\n")
    with pytest.raises(RunConflict, match="the base's files have changed"):
        train(mine, prepared, tmp_path / "out")
    assert not (tmp_path / "out/adapter").exists()


def test_a_dialogue_longer_than_the_context_is_counted_and_stops_the_training(recipe, prepared, tmp_path):
    from mibench.tuning.training import train

    with pytest.raises(UsageError, match=r"of 16 conversations .* at max_length=90 .*Raise max_length"):
        train(recipe.model_copy(update={"max_length": 90}), prepared, tmp_path / "out")
    assert not (tmp_path / "out/adapter").exists()
