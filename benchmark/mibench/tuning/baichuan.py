"""`mibench finetune convert-baichuan2`: Baichuan2-7B in Llama's form, exact, with a tokenizer that is checked.

Baichuan2-7B is a Llama with two turns: queries, keys and values lie in one matrix, `W_pack`, and the head normalises its
rows on every call (`NormHead`). Both can be undone once and for all. The 13B has ALiBi instead of rotary positions and
cannot be converted.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from mibench.errors import UsageError
from mibench.records import write_json
from mibench.records.jsonl import write_whole
from mibench.schema import Record
from mibench.tuning.fitting import disk_faults, libraries
from mibench.tuning.formats import FORMATS
from mibench.tuning.progress import silent
from mibench.tuning.sentences import check_parity, fast_tokenizer

USER, ASSISTANT = 195, 196
"""Ids of the role tokens, from Baichuan2's generation_config.json."""


class Converted(Record):
    """conversion.json beside the converted checkpoint."""

    layers: int = Field(ge=1)
    tensors: int = Field(ge=1)
    """Written."""
    lines: int = Field(ge=0)
    """Lines on which the new tokenizer gave SentencePiece's ids, all of them."""
    tokens: int = Field(ge=0)
    """Tokens in those lines."""


def convert(
    source: Path, out: Path, corpus: Sequence[Path] = (), *,
    on_step: Callable[[str, int, int], None] = silent,
) -> Converted:  # fmt: skip
    """Write `source` in Llama's form to `out`, whole or not at all.

    `corpus`: files on whose lines both tokenizers must agree; by default what lies in this checkout, or in the wheel.
    Raises UsageError when `source` is no Baichuan2-7B, or the tokenizers differ anywhere.
    """
    config = _config(source)
    if out.exists():
        raise UsageError(f"{out} is there already. Choose another folder, or delete it.")
    with libraries():
        part = out.with_name(f".{out.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        with disk_faults(out):
            part.mkdir(parents=True)
            try:
                on_step("tokenizer", 0, 1)
                form = FORMATS["baichuan2"]
                tokenizer = fast_tokenizer(source / "tokenizer.model", {form.user: USER, form.assistant: ASSISTANT})
                tokenizer.chat_template = form.chat_template
                lines, tokens = check_parity(tokenizer, source / "tokenizer.model", corpus)
                tokenizer.save_pretrained(part)
                tensors = _convert_weights(source, part, config["num_hidden_layers"], on_step)
                _write_config(part, config)
                done = Converted(layers=config["num_hidden_layers"], tensors=tensors, lines=lines, tokens=tokens)
                write_json(part / "conversion.json", done)
                part.replace(out)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    return done


def _config(source: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((source / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{source} has no config.json that can be read; a downloaded checkpoint is wanted.") from error
    if config.get("model_type") != "baichuan":
        raise UsageError(f"{source} is a {config.get('model_type')} model, not a baichuan one.")
    if "max_position_embeddings" not in config:
        raise UsageError(
            f"{source} looks like Baichuan2-13B, whose ALiBi positions Llama does not have. Only the 7B can be converted."
        )
    if not (source / "tokenizer.model").is_file():
        raise UsageError(f"{source} has no tokenizer.model.")
    return config


def _convert_weights(source: Path, out: Path, layers: int, on_step: Callable[[str, int, int], None]) -> int:
    """One shard in, one shard out: no more than a shard is in memory."""
    from safetensors.torch import save_file

    shards = sorted(source.glob("*.safetensors")) or sorted(source.glob("pytorch_model*.bin"))
    if not shards:
        raise UsageError(f"{source} has no weights: neither *.safetensors nor pytorch_model*.bin.")
    places: dict[str, str] = {}
    size = 0
    for number, shard in enumerate(shards, 1):
        name = f"model-{number:05d}-of-{len(shards):05d}.safetensors" if len(shards) > 1 else "model.safetensors"
        tensors = dict(_converted(_read(shard)))
        save_file(tensors, out / name, metadata={"format": "pt"})
        places |= dict.fromkeys(tensors, name)
        size += sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
        on_step("weights", number, len(shards))
    missing = [name for name in _wanted(layers) if name not in places]
    if missing:
        raise UsageError(
            f"{source} lacks {len(missing)} tensors a Baichuan2-7B has, the first would become {missing[0]}."
        )
    if len(shards) > 1:
        index = {"metadata": {"total_size": size}, "weight_map": dict(sorted(places.items()))}
        write_whole(out / "model.safetensors.index.json", json.dumps(index, indent=2))
    return len(places)


def _read(shard: Path) -> dict[str, Any]:
    import torch
    from safetensors.torch import load_file

    if shard.suffix == ".safetensors":
        return dict(load_file(shard))
    return dict(torch.load(shard, map_location="cpu", weights_only=True))


def _converted(tensors: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    import torch

    for name, tensor in tensors.items():
        if name.endswith("self_attn.W_pack.weight"):
            for part, piece in zip(("q_proj", "k_proj", "v_proj"), tensor.chunk(3, dim=0), strict=True):
                yield name.replace("W_pack", part), piece.contiguous()
        elif name == "lm_head.weight":
            yield name, torch.nn.functional.normalize(tensor.float()).to(tensor.dtype)
        elif not name.endswith("rotary_emb.inv_freq"):
            yield name, tensor.contiguous()


def _wanted(layers: int) -> list[str]:
    inner = [f"self_attn.{part}_proj" for part in "qkvo"] + [f"mlp.{part}_proj" for part in ("gate", "up", "down")]
    inner += ["input_layernorm", "post_attention_layernorm"]
    return ["model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"] + [
        f"model.layers.{layer}.{name}.weight" for layer in range(layers) for name in inner
    ]


def _write_config(out: Path, config: dict[str, Any]) -> None:
    from transformers import GenerationConfig, LlamaConfig

    kept = (
        "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "hidden_act",
        "max_position_embeddings", "initializer_range", "rms_norm_eps", "bos_token_id", "eos_token_id", "pad_token_id",
    )  # fmt: skip
    llama = LlamaConfig(
        **{key: config[key] for key in kept if key in config}, tie_word_embeddings=False, attention_bias=False
    )
    llama.architectures = ["LlamaForCausalLM"]
    llama.dtype = config.get("torch_dtype", "bfloat16")
    llama.save_pretrained(out)
    GenerationConfig(
        eos_token_id=config.get("eos_token_id", 2), pad_token_id=config.get("pad_token_id", 0)
    ).save_pretrained(out)
