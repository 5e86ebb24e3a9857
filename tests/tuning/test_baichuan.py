"""Claims about bringing Baichuan2 into Llama's form."""

import json
import shutil

import pytest

pytest.importorskip("torch", reason="needs the finetune extra")
pytest.importorskip("trl", reason="needs the finetune extra")
pytest.importorskip("sentencepiece", reason="needs the finetune extra")

from mibench.errors import UsageError
from mibench.tuning.baichuan import convert
from mibench.tuning.sentences import check_parity, fast_tokenizer

ROLES = {"<reserved_106>": 195, "<reserved_107>": 196}


@pytest.fixture
def corpus(tmp_path):
    lines = [
        "我知道  该戒了。",
        " 前面有空格",
        "１２３ ﬁ 全角",
        "\t制表",
        "emoji 🙂 和 ½",
        "第7天，我又抽了 49 根",
        "a <reserved_1003> b",
        "末尾  ",
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps({"text": line}, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def baichuan2(folder, ids):
    """Baichuan2-7B's forward pass as its modeling file writes it, with W_pack and NormHead."""
    import torch
    from safetensors.torch import load_file
    from torch.nn import functional as f

    config = json.loads((folder / "config.json").read_text())
    weights = {}
    for shard in folder.glob("*.safetensors"):
        weights |= load_file(shard)
    heads, size = config["num_attention_heads"], config["hidden_size"]

    def norm(x, name):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + config["rms_norm_eps"]) * weights[name]

    inverse = 1.0 / 10000 ** (torch.arange(0, size // heads, 2).float() / (size // heads))
    angles = torch.outer(torch.arange(len(ids)).float(), inverse)
    cos, sin = torch.cat((angles, angles), -1).cos(), torch.cat((angles, angles), -1).sin()

    def rotate(x):
        half = x.shape[-1] // 2
        return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin

    x = weights["model.embed_tokens.weight"][ids]
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}."
        packed = f.linear(norm(x, at + "input_layernorm.weight"), weights[at + "self_attn.W_pack.weight"])
        q, k, v = packed.unflatten(-1, (3, size)).transpose(0, 1)
        q, k, v = (part.view(len(ids), heads, -1).transpose(0, 1) for part in (q, k, v))
        seen = f.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True)
        x = x + f.linear(seen.transpose(0, 1).reshape(len(ids), size), weights[at + "self_attn.o_proj.weight"])
        y = norm(x, at + "post_attention_layernorm.weight")
        gate = f.silu(f.linear(y, weights[at + "mlp.gate_proj.weight"])) * f.linear(
            y, weights[at + "mlp.up_proj.weight"]
        )
        x = x + f.linear(gate, weights[at + "mlp.down_proj.weight"])
    return f.linear(norm(x, "model.norm.weight"), f.normalize(weights["lm_head.weight"]))


def test_the_converted_model_answers_as_baichuan2_did(tiny_baichuan, corpus, tmp_path):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    report = convert(tiny_baichuan, tmp_path / "llama", [corpus])
    assert (report.layers, report.lines) == (2, 8)
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "llama", dtype=torch.float32)
    assert model.config.model_type == "llama"
    ids = AutoTokenizer.from_pretrained(tmp_path / "llama")("我知道<reserved_107>该戒了", add_special_tokens=False)[
        "input_ids"
    ]
    assert 196 in ids
    with torch.no_grad():
        found = model(input_ids=torch.tensor([ids])).logits[0]
    assert torch.allclose(found, baichuan2(tiny_baichuan, ids), atol=1e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"add_dummy_prefix": True},
        {"normalization_rule_name": "nmt_nfkc"},
        {"normalization_rule_name": "nmt_nfkc", "add_dummy_prefix": True, "remove_extra_whitespaces": True},
    ],
)
def test_the_tokenizer_gives_sentencepieces_ids_and_text_whatever_its_settings(sentences, corpus, settings):
    from sentencepiece import SentencePieceProcessor

    if "add_dummy_prefix" in settings:  # a reserved piece inside a text is where the prefix would come twice
        corpus.write_text(corpus.read_text(encoding="utf-8").replace("<reserved_1003>", "x"), encoding="utf-8")
    model = sentences(**settings)
    tokenizer = fast_tokenizer(model, ROLES)
    lines, tokens = check_parity(tokenizer, model, [corpus])
    assert (lines, tokens > 60) == (8, True)
    reference = SentencePieceProcessor(model_file=str(model))
    for line in ("我知道该戒了。", "第7天，我又抽了 49 根🙂"):
        ids = reference.encode(line)
        assert tokenizer.decode(ids) == reference.decode(ids)


def test_a_tokenizer_that_differs_on_one_line_is_refused_and_nothing_is_written(
    tiny_baichuan, sentences, corpus, tmp_path
):
    other = tmp_path / "other"
    shutil.copytree(tiny_baichuan, other)
    shutil.copy(sentences(add_dummy_prefix=True), other / "tokenizer.model")
    with pytest.raises(UsageError, match="differs from SentencePiece on 1 of 8 lines, first on “a <reserved_1003> b”"):
        convert(other, tmp_path / "llama", [corpus])
    assert not (tmp_path / "llama").exists()
    assert not list(tmp_path.glob(".*.part"))


def test_the_13b_and_other_models_are_refused(tiny_baichuan, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(tiny_baichuan, other)
    config = json.loads((other / "config.json").read_text())
    del config["max_position_embeddings"]
    (other / "config.json").write_text(json.dumps(config))
    with pytest.raises(UsageError, match="ALiBi"):
        convert(other, tmp_path / "llama")
    (other / "config.json").write_text(json.dumps({"model_type": "llama"}))
    with pytest.raises(UsageError, match="is a llama model"):
        convert(other, tmp_path / "llama")


def test_missing_weights_are_named(tiny_baichuan, corpus, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(tiny_baichuan, other)
    (other / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(UsageError, match=r"lacks .* tensors"):
        convert(other, tmp_path / "llama", [corpus])
    assert not (tmp_path / "llama").exists()
