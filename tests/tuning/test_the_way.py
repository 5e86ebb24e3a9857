"""Claims about the whole way on a tiny model: train, merge, answer. The small part of it that CI runs."""

import json

import pytest

pytest.importorskip("torch", reason="needs the finetune extra")
pytest.importorskip("trl", reason="needs the finetune extra")

from mibench.errors import RunConflict, UsageError
from mibench.tuning import load_recipe
from mibench.tuning.ledger import load_tuned
from mibench.tuning.merging import merge
from mibench.tuning.training import train

SHORT = ["max_length=400", "batch_size=4", "accumulate=1", "dtype=float32", "checkpointing=false", "max_truncated=0"]


def test_it_trains_merges_reads_back_and_stops_where_a_reply_ends(prepared, tiny_base, tmp_path):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    recipe = load_recipe(
        "glm4", [f"base={tiny_base('glm4')}", *SHORT, "learning_rate=5e-3", "max_steps=6", "evaluate_every=3"]
    )
    seen = []
    tuned = train(recipe, prepared, tmp_path / "out", on_stage=lambda *told: seen.append(told))
    metrics = [json.loads(line) for line in (tmp_path / "out/metrics.jsonl").read_text().splitlines()]
    losses = [entry["loss"] for entry in metrics if "loss" in entry]
    assert len(losses) == 6
    assert losses[-1] < losses[0]
    assert [entry["step"] for entry in metrics if "eval_loss" in entry] == [3, 6]
    assert tuned.best_loss == min(entry["eval_loss"] for entry in metrics if "eval_loss" in entry)
    assert seen[-1][:3] == ("LoRA", 6, 6)
    assert "<svg" in (tmp_path / "out/loss.svg").read_text()
    assert sorted(path.name for path in (tmp_path / "out/adapter").iterdir() if path.suffix in (".md", ".bin")) == []

    done = merge(tmp_path / "out/adapter", tmp_path / "merged")
    assert done.difference < 1e-5
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "merged")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "merged")
    stops = tokenizer.convert_tokens_to_ids(["<|user|>", "<|observation|>", "<|endoftext|>"])
    assert model.generation_config.eos_token_id == stops
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": "在吗"}], add_generation_prompt=True, return_tensors="pt"
    )["input_ids"]
    assert tokenizer.decode(asked[0]) == "[gMASK]<sop><|user|>\n在吗<|assistant|>\n"
    answer = model.generate(asked, max_new_tokens=5, do_sample=False)
    assert answer.shape[1] > asked.shape[1]
    record = json.loads((tmp_path / "merged/mibench_finetune.json").read_text())
    assert record["fine_tuned"] is True
    assert record["training"]["training"]["data"]["sources"][0]["conversations"] == 20

    assert train(recipe, prepared, tmp_path / "out") == load_tuned(tmp_path / "out/adapter")  # finished work is kept
    changed = recipe.model_copy(update={"lora_rank": 8})
    with pytest.raises(RunConflict, match="another training: lora_rank was 16, is 8"):
        train(changed, prepared, tmp_path / "out")
    with pytest.raises(UsageError, match="is there already"):
        merge(tmp_path / "out/adapter", tmp_path / "merged")
