"""Claims about a real transformers checkpoint, in `mibench` and in plain lm-eval."""

import json
import os
import subprocess
import sys

import pytest

from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.suites import Shard, load_suite

pytest.importorskip("torch", reason="needs the hf extra")

NO_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant\n"
)
"""Gemma's habit: lm-eval would drop the system message and go on."""

SHORT = ("--gen-kwargs", "max_gen_toks=12", "--batch-size", "4")


def arguments(folder):
    return ("--model", "hf", "--model-args", f"pretrained={folder},dtype=float32")


def test_it_runs_through_mibench_and_its_strict_template_saw_the_roles_in_order(mibench, tiny_checkpoint, tmp_path):
    # The checkpoint's template raises on any order but system, user, assistant, user …; a dropped system would raise too.
    done = mibench(
        "run", *arguments(tiny_checkpoint()), *SHORT, "--limit", 13, "--no-anchors", "--out", tmp_path / "run"
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "run/run.json").read_text())
    assert manifest["model"]["revision"].startswith("files-")
    assert manifest["model"]["chat_template"] == "applied"
    replies = [json.loads(line) for line in (tmp_path / "run/replies.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(replies) == 13
    assert all(reply["tokens_in"] > 50 for reply in replies)
    again = mibench(
        "run", *arguments(tiny_checkpoint()), *SHORT, "--limit", 13, "--no-anchors", "--out", tmp_path / "run"
    )
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "run/replies.jsonl").read_text(encoding="utf-8").count("\n") == 13


def test_it_runs_through_plain_lm_eval_with_real_roles_and_the_paper_comparable_figures(
    tiny_checkpoint, root, tmp_path
):
    command = [
        sys.executable, "-m", "lm_eval", "run", "--include_path", str(root / "tasks"), "--tasks", "mi_zh", "--model", "hf",
        "--model_args", f"pretrained={tiny_checkpoint()},dtype=float32", "--device", "cpu", "--apply_chat_template",
        "--gen_kwargs", "max_gen_toks=12", "--limit", "3", "--log_samples", "--output_path", str(tmp_path),
    ]  # fmt: skip
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        cwd=tmp_path,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results = json.loads(next(tmp_path.rglob("results_*.json")).read_text())["results"]["mi_zh"]
    assert {f"{metric},none" for metric in ("bleu_4", "rouge_1", "rouge_2", "rouge_l", "chrf")} <= results.keys()
    samples = [json.loads(line) for line in next(tmp_path.rglob("samples_mi_zh_*.jsonl")).read_text().splitlines()]
    second = next(sample for sample in samples if sample["doc"]["round"].endswith("/02"))
    prompt = second["arguments"]["gen_args_0"]["arg_0"]
    heads = [line for line in prompt.splitlines() if line.startswith("<|im_start|>")]
    assert heads == [f"<|im_start|>{role}" for role in ("system", "user", "assistant", "user", "assistant")]


def test_a_template_that_refuses_a_system_role_is_refused_before_any_round_and_works_as_told(
    mibench, tiny_checkpoint, tmp_path
):
    common = (*arguments(tiny_checkpoint(NO_SYSTEM)), *SHORT, "--limit", 2, "--no-anchors", "--out", tmp_path / "run")
    refused = mibench("run", *common)
    assert refused.returncode == 2
    assert "--system-in-user" in refused.stderr
    assert "Traceback" not in refused.stderr
    taken = mibench("run", *common[:-1], tmp_path / "told", "--system-in-user")
    assert taken.returncode == 0, taken.stderr
    assert json.loads((tmp_path / "told/run.json").read_text())["model"]["system"] == "in-first-user-turn"


def test_a_checkpoint_without_a_template_is_refused_and_works_as_a_transcript(mibench, tiny_checkpoint, tmp_path):
    common = (*arguments(tiny_checkpoint(None)), *SHORT, "--limit", 2, "--no-anchors", "--out", tmp_path / "run")
    refused = mibench("run", *common)
    assert refused.returncode == 2
    assert "no chat template" in refused.stderr
    assert "--plain-transcript" in refused.stderr
    taken = mibench("run", *common[:-1], tmp_path / "plain", "--plain-transcript")
    assert taken.returncode == 0, taken.stderr


def test_a_checkpoint_that_is_not_there_is_a_sentence(mibench, tmp_path):
    done = mibench(
        "run", "--model", "hf", "--model-args", f"pretrained={tmp_path / 'nowhere'}", "--out", tmp_path / "run"
    )
    assert done.returncode == 2
    assert "could not be loaded" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_checkpoint_in_the_same_folder_is_refused(mibench, tiny_checkpoint, tmp_path):
    first = mibench("generate", *arguments(tiny_checkpoint()), *SHORT, "--limit", 1, "--out", tmp_path / "run")
    assert first.returncode == 0, first.stderr
    weights = next(tiny_checkpoint().glob("*.safetensors"))
    other = tmp_path / "other"
    other.mkdir()
    for file in tiny_checkpoint().iterdir():
        data = bytearray(file.read_bytes())
        if file.name == weights.name:
            data[-1] ^= 1
        (other / file.name).write_bytes(data)
    second = mibench("generate", *arguments(other), *SHORT, "--limit", 1, "--out", tmp_path / "run")
    assert second.returncode == 2
    assert "holds another run" in second.stderr


def test_replies_drawn_at_random_do_not_depend_on_how_a_run_is_divided(tiny_checkpoint, small_suite, tmp_path):
    suite = load_suite(small_suite(4))
    how = {
        "model": "hf", "model_args": {"pretrained": str(tiny_checkpoint()), "dtype": "float32", "device": "cpu"},
        "generation": {"max_gen_toks": 12, "do_sample": True, "temperature": 0.9}, "batch_size": 4, "seed": 5,
    }  # fmt: skip
    generate(RunFolder(tmp_path / "whole"), suite, GenerationPlan(**how))
    divided = {}
    for number in (2, 1):
        folder = RunFolder(tmp_path / str(number))
        generate(folder, suite, GenerationPlan(**how, shard=Shard(number, 2)))
        divided |= {id_: reply.text for id_, reply in folder.replies().items()}
    whole = {id_: reply.text for id_, reply in RunFolder(tmp_path / "whole").replies().items()}
    assert divided == whole
    assert len(set(whole.values())) > 4
