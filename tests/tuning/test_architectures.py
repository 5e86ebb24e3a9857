"""Claims about real training of all four architectures. `make test-finetune` runs them; CI has test_the_way.py."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

if not os.environ.get("MIBENCH_TEST_FINETUNE"):
    pytest.skip("trains eight tiny models: make test-finetune", allow_module_level=True)
pytest.importorskip("torch", reason="needs the finetune extra")
pytest.importorskip("trl", reason="needs the finetune extra")

from mibench.tuning import FORMATS, load_recipe
from mibench.tuning.baichuan import convert
from mibench.tuning.checkpoints import MARK, last_finished
from mibench.tuning.merging import merge
from mibench.tuning.training import train

RECIPES = {"llama3": "llama3_zh", "glm4": "glm4", "baichuan2": "baichuan2", "qwen3": "qwen3"}
SHORT = (
    "max_length=600", "batch_size=2", "accumulate=2", "dtype=float32", "learning_rate=5e-3", "max_steps=6",
    "evaluate_every=2", "max_truncated=0",
)  # fmt: skip


@pytest.fixture
def base(form, tiny_base, request, tmp_path):
    if form.name != "baichuan2":
        return tiny_base(form.name)
    text = tmp_path / "corpus.txt"
    text.write_text("我知道  该戒了。\nabc 123\n", encoding="utf-8")
    convert(request.getfixturevalue("tiny_baichuan"), tmp_path / "converted", [text])
    return tmp_path / "converted"


class Unplugged(BaseException):
    """Somebody pulls the plug."""


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "adapter/adapter_model.safetensors")


def test_every_recipe_resumes_bit_equal_merges_and_answers_through_mibench_generate(
    form, base, prepared, mibench, tmp_path
):
    import torch

    recipe = load_recipe(RECIPES[form.name], [f"base={base}", "revision=null", *SHORT])
    whole = train(recipe, prepared, tmp_path / "whole")

    def unplug(stage, done, total, note):
        if done == 5:
            raise Unplugged

    with pytest.raises(Unplugged):
        train(recipe, prepared, tmp_path / "torn", on_stage=unplug)
    assert last_finished(tmp_path / "torn/checkpoints").name == "checkpoint-4"
    first_steps = []
    again = train(recipe, prepared, tmp_path / "torn", on_stage=lambda *told: first_steps.append(told[1]))
    assert first_steps[0] == 5
    assert again.best_loss == whole.best_loss
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "torn")
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    logs = [
        [(entry["step"], entry.get("loss"), entry.get("eval_loss")) for entry in map(json.loads, text.splitlines()) if "train_runtime" not in entry]
        for text in ((tmp_path / name / "metrics.jsonl").read_text() for name in ("whole", "torn"))
    ]  # fmt: skip
    assert logs[0] == logs[1]

    assert merge(tmp_path / "torn/adapter", tmp_path / "merged", shard="60KB").difference < 1e-5
    assert len(list((tmp_path / "merged").glob("*.safetensors"))) > 1
    done = mibench(
        "generate", "--model", "hf", "--model-args", f"pretrained={tmp_path / 'merged'},dtype=float32,device=cpu",
        "--gen-kwargs", "max_gen_toks=6", "--limit", 13, "--batch-size", 13, "--out", tmp_path / "run",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run/replies.jsonl").read_text().count("\n") == 13


def test_a_torn_checkpoint_is_never_gone_on_with(tmp_path):
    folder = tmp_path / "checkpoints"
    for step in (2, 4, 6):
        (folder / f"checkpoint-{step}").mkdir(parents=True)
        (folder / f"checkpoint-{step}/model").write_text("x" * step)
    (folder / f"checkpoint-2/{MARK}").write_text('{"model": 2}')
    (folder / f"checkpoint-4/{MARK}").write_text('{"model": 9}')
    assert last_finished(folder).name == "checkpoint-2"
    assert sorted(path.name for path in folder.iterdir()) == ["checkpoint-2"]


def command(recipe, prepared, out, *more):
    return [
        sys.executable,
        "-m",
        "mibench",
        "finetune",
        "train",
        "--recipe",
        recipe,
        "--data",
        str(prepared),
        "--out",
        str(out),
        *SHORT,
        *more,
    ]


def test_a_killed_training_goes_on_and_a_full_disk_is_a_sentence(prepared, tiny_base, tmp_path):
    out = tmp_path / "out"
    line = command(
        "qwen3",
        prepared,
        out,
        f"base={tiny_base('qwen3')}",
        "max_steps=400",
        "evaluate_every=2",
        "patience=400",
        "epochs=200",
    )
    child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(out.glob(f"checkpoints/checkpoint-*/{MARK}")) and time.monotonic() < deadline:
        time.sleep(0.2)
    child.send_signal(signal.SIGKILL)
    child.wait()
    reached = int(last_finished(out / "checkpoints").name.rpartition("-")[2])
    assert 0 < reached < 400

    limited = [
        "bash",
        "-c",
        'ulimit -f 40; exec "$@"',
        "bash",
        *line,
    ]  # no file may grow past 40 KiB, as on a full disk
    full = subprocess.run(limited, capture_output=True, text=True, check=False, timeout=200)
    assert full.returncode == 1, full.stderr
    assert "goes on from the last finished checkpoint" in full.stderr
    assert "Traceback" not in full.stderr
    assert not (out / "adapter").exists()
    assert int(last_finished(out / "checkpoints").name.rpartition("-")[2]) == reached


def test_packing_sees_each_conversation_alone(prepared, tiny_base, tmp_path):
    import torch
    from transformers import AutoModelForCausalLM

    from mibench.tuning import format_of, load_prepared
    from mibench.tuning.labels import encode_all, encoder
    from mibench.tuning.loading import load_tokenizer

    recipe = load_recipe("llama3_zh", [f"base={tiny_base('llama3')}", "revision=null", *SHORT])
    form = format_of("llama3")
    tokenizer = load_tokenizer(recipe.base, recipe, form)
    examples = encode_all(load_prepared(prepared)[1], form, encoder(tokenizer), 600).examples[:3]
    model = AutoModelForCausalLM.from_pretrained(recipe.base).eval()
    packed = [token for example in examples for token in example.input_ids]
    places = [place for example in examples for place in range(len(example.input_ids))]
    with torch.no_grad():
        together = model(input_ids=torch.tensor([packed]), position_ids=torch.tensor([places]), use_cache=False).logits[
            0
        ]
        alone = torch.cat([model(input_ids=torch.tensor([example.input_ids])).logits[0] for example in examples])
    assert float((together - alone).abs().max()) < 1e-5

    tuned = train(recipe.model_copy(update={"packing": True}), prepared, tmp_path / "out")
    assert tuned.steps > 0


def test_preparing_inspecting_and_training_speak_plainly_on_the_command_line(mibench, root, tiny_base, tmp_path):
    made = mibench("finetune", "prepare", root / "finetune/data/mi_zh_train.jsonl", "--out", tmp_path / "prepared")
    assert made.returncode == 0, made.stderr
    assert "162 conversations (dialogues)" in made.stdout
    seen = mibench(
        "finetune",
        "inspect",
        "--recipe",
        "llama3_zh",
        "--data",
        tmp_path / "prepared",
        "--tokenizer",
        tiny_base("llama3"),
        "max_length=9000",
    )
    assert seen.returncode == 0, seen.stderr
    assert "estimate, not measured" in seen.stdout
    for arguments, said in (
        (("--recipe", "llama3_zh", "max_length=64"), "None of 145 conversations fits into 64 tokens"),
        (("--recipe", "qwen3", f"base={tiny_base('llama3')}"), "is the base model of that family?"),
        (("--recipe", "qwen3", f"base={tmp_path / 'nowhere'}"), "cannot be loaded"),
        (("--recipe", "qwen3", "learning=1"), "There is no key learning"),
    ):
        base = (
            ()
            if any(str(each).startswith("base=") for each in arguments)
            else (f"base={tiny_base('llama3')}", "revision=null")
        )
        done = mibench(
            "finetune",
            "train",
            "--data",
            tmp_path / "prepared",
            "--out",
            tmp_path / f"out{len(said)}",
            *arguments,
            *base,
        )
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr


assert set(RECIPES) == set(FORMATS)
