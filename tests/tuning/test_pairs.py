"""Claims about preference pairs, and a tiny DPO training where the libraries are."""

import json

import pytest

from mibench.errors import UsageError
from mibench.tuning import format_of, load_recipe
from mibench.tuning.pairs import load_pairs, make_pairs


@pytest.fixture
def rated(small_suite, made, mibench, tmp_path):
    """Two rated runs on the same small dialogues: one reflects deeply, one confronts or asks."""
    suite = small_suite(
        lines=[
            json.dumps({**made(n), "client": f"client {n}", "topic": f"t{n}"}, ensure_ascii=False) + "\n"
            for n in range(1, 7)
        ]
    )
    runs = []
    for name, text, code in (("deep", "心里怕白费劲。", "CR"), ("hard", "你就是不努力。", "Confront")):
        replies = tmp_path / f"{name}.jsonl"
        rounds = [f"zh-made-{n:02d}/{k:02d}" for n in range(1, 7) for k in (1, 2)]
        replies.write_text(
            "".join(json.dumps({"round": one, "text": text}, ensure_ascii=False) + "\n" for one in rounds),
            encoding="utf-8",
        )
        ratings = tmp_path / f"{name}-codes.jsonl"
        ratings.write_text(
            "".join(json.dumps({"round": one, "codes": [code]}, ensure_ascii=False) + "\n" for one in rounds),
            encoding="utf-8",
        )
        out = tmp_path / f"run-{name}"
        done = mibench(
            "run", "--suite", suite, "--model", "scripted", "--model-args", f"path={replies}", "--judge", f"scripted:{ratings}",
            "--no-anchors", "--out", out,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        runs.append(out)
    return suite, runs


def test_the_deeper_faultless_reply_is_chosen_and_groups_are_not_parted(rated, tmp_path):
    suite, runs = rated
    manifest = make_pairs(runs, tmp_path / "pairs", suite=str(suite))
    _, train, valid = load_pairs(tmp_path / "pairs")
    assert (manifest.train + manifest.valid, manifest.groups) == (12, 6)
    assert {(pair.chosen, pair.rejected, pair.margin) for pair in (*train, *valid)} == {
        ("心里怕白费劲。", "你就是不努力。", 2.0)
    }
    assert {pair.id[:10] for pair in train} & {pair.id[:10] for pair in valid} == set()
    assert train[0].messages[-1].role == "user"


def test_one_run_is_no_pair_and_a_test_suite_is_refused(rated, mibench, tmp_path):
    _, runs = rated
    with pytest.raises(UsageError, match="two runs or more"):
        make_pairs(runs[:1], tmp_path / "pairs")
    both = []
    for name in ("reference", "adviser"):
        done = mibench("run", "--model", name, "--limit", 30, "--no-anchors", "--out", tmp_path / name)
        assert done.returncode == 0, done.stderr
        both.append(tmp_path / name)
    with pytest.raises(UsageError, match="share words with the test suite mi_zh"):
        make_pairs(both, tmp_path / "pairs")
    assert make_pairs(both, tmp_path / "pairs", allow_overlap=True).overlap_allowed


def test_a_tiny_model_learns_the_preference(rated, tiny_base, tmp_path):
    pytest.importorskip("trl", reason="needs the finetune extra")
    import torch

    from mibench.tuning.labels import encoder
    from mibench.tuning.loading import load_model, load_tokenizer
    from mibench.tuning.merging import merge
    from mibench.tuning.preferring import encode_pair
    from mibench.tuning.training import train

    suite, runs = rated
    make_pairs(runs, tmp_path / "pairs", suite=str(suite))
    recipe = load_recipe(
        "glm4",
        [f"base={tiny_base('glm4')}", "dtype=float32", "checkpointing=false", "batch_size=4", "accumulate=1", "max_steps=8", "evaluate_every=4", "dpo_learning_rate=5e-3"],
    )  # fmt: skip
    tuned = train(recipe, tmp_path / "pairs", tmp_path / "out", dpo=True)
    assert tuned.training.kind == "preferences"
    assert tuned.best_loss < 0.6
    merge(tmp_path / "out/adapter", tmp_path / "merged")
    pair, form = load_pairs(tmp_path / "pairs")[2][0], format_of("glm4")
    odds = []
    for place in (recipe.base, str(tmp_path / "merged")):
        model, tokenizer = load_model(place, recipe).eval(), load_tokenizer(place, recipe, form)
        ids = encode_pair(pair, form, encoder(tokenizer))
        assert ids.chosen_ids[-1] == ids.rejected_ids[-1] == tokenizer.convert_tokens_to_ids("<|user|>")
        scores = []
        for reply in (ids.chosen_ids, ids.rejected_ids):
            with torch.no_grad():
                logits = model(input_ids=torch.tensor([ids.prompt_ids + reply])).logits[0, len(ids.prompt_ids) - 1 : -1]
            scores.append(float(logits.log_softmax(-1).gather(1, torch.tensor(reply)[:, None]).sum()))
        odds.append(scores[0] - scores[1])
    assert odds[1] > odds[0] + 1

    with pytest.raises(UsageError, match="Train on them with --dpo"):
        train(recipe, tmp_path / "pairs", tmp_path / "other")
