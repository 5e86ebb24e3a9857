"""What these tests share: conversations, and a real tokenizer of each family, trained here."""

import json
import os
import sys
from pathlib import Path

import pytest

from mibench.schema import Message
from mibench.tuning import FORMATS, Conversation, prepare

PATTERN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
"""How Llama-3 cuts text before BPE; GLM-4 does the same and Qwen3 takes one digit at a time."""

SAYINGS = (
    "我知道该戒了。",
    "可是一到晚上就想抽 一根。",
    "Maybe 3 or 4 a day.\n\n有时候更多。",
    "医生也说，别再喝了！",
    "那我 试试？",
)
ANSWERS = (
    "您已经想过很多次了。",
    "晚上最难熬。是什么让您还想试？",
    "Some days it runs away from you.",
    "听起来您累了。",
    "您想先从哪儿开始？",
)


def conversation(number=1, rounds=3, **changes):
    """A conversation of so many rounds, different for each number."""
    messages = [Message(role="system", content="你是咨询师。目标：戒烟")]
    for place in range(rounds):
        messages += [
            Message(role="user", content=SAYINGS[(number + place) % 5] + str(number)),
            Message(role="assistant", content=ANSWERS[(number * 3 + place) % 5]),
        ]
    return Conversation(**{"id": f"c{number}", "groups": (f"client {number}",), "messages": tuple(messages), **changes})


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Two trainings that each want all cores slow each other down fivefold."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture
def talk():
    return conversation


@pytest.fixture(params=FORMATS)
def form(request):
    return FORMATS[request.param]


def bpe(form, size=700):
    """A byte-level BPE tokenizer with the family's control tokens, as the `tokenizers` library has it."""
    tokenizers = pytest.importorskip("tokenizers", reason="needs the hf or the finetune extra")
    from tokenizers import AddedToken, Regex, decoders, models, pre_tokenizers, trainers

    made = tokenizers.Tokenizer(models.BPE())
    cut = pre_tokenizers.Split(Regex(PATTERN), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [cut, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    made.train_from_iterator([*SAYINGS, *ANSWERS] * 3, trainer)
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in form.controls])
    return made


@pytest.fixture
def encode(form):
    made = bpe(form)
    return lambda text: made.encode(text, add_special_tokens=False).ids


@pytest.fixture
def write_rows(tmp_path):
    """Write JSON lines: write_rows([…], "name.jsonl") → path."""

    def write(rows, name="data.jsonl"):
        path = Path(tmp_path) / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def prepared(write_rows, talk, tmp_path):
    """A prepared folder of twenty short conversations, four of them for validation."""
    rows = [
        {"id": one.id, "client": one.id, "messages": [message.model_dump() for message in one.messages]}
        for one in (talk(number) for number in range(1, 21))
    ]
    prepare([write_rows(rows)], tmp_path / "prepared", valid_share=0.2)
    return tmp_path / "prepared"


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory):
    """tiny_base("glm4") → a checkpoint of that architecture with random weights and a tokenizer trained here."""
    made = {}

    def make(name):
        torch = pytest.importorskip("torch", reason="needs the finetune extra")
        from transformers import AutoModelForCausalLM, GlmConfig, LlamaConfig, PreTrainedTokenizerFast, Qwen3Config

        if name in made:
            return made[name]
        folder = tmp_path_factory.mktemp("base") / name
        form = FORMATS[name]
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe(form), eos_token=form.end)  # no pad, no template
        kind = {"llama3": LlamaConfig, "glm4": GlmConfig, "qwen3": Qwen3Config}[name]
        config = kind(
            vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, head_dim=8, max_position_embeddings=16384,
            eos_token_id=0, bos_token_id=None, pad_token_id=0, tie_word_embeddings=False,
        )  # fmt: skip
        torch.manual_seed(0)
        AutoModelForCausalLM.from_config(config).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        made[name] = folder
        return folder

    return make


def sentence_model(folder, **settings):
    """A SentencePiece BPE model with Baichuan2's settings and its role tokens at their places; returns its path."""
    spm = pytest.importorskip("sentencepiece", reason="needs the finetune extra")
    reserved = [f"<reserved_{number}>" for number in range(1000, 1192)] + ["<reserved_106>", "<reserved_107>"]
    text = folder / "text.txt"
    text.write_text(
        "\n".join([*SAYINGS, *ANSWERS, *(f"第{n}天，我又抽了 {n * 7} 根" for n in range(60))]), encoding="utf-8"
    )
    options = {
        "model_type": "bpe", "vocab_size": 560, "byte_fallback": True, "add_dummy_prefix": False,
        "normalization_rule_name": "identity", "remove_extra_whitespaces": False, "character_coverage": 1.0,
        "user_defined_symbols": reserved, "hard_vocab_limit": False, "minloglevel": 2, **settings,
    }  # fmt: skip
    spm.SentencePieceTrainer.train(input=str(text), model_prefix=str(folder / "tokenizer"), **options)
    return folder / "tokenizer.model"


@pytest.fixture
def sentences(tmp_path):
    """sentences(model_type="unigram") → a SentencePiece model's path, Baichuan2's settings but for those given."""

    def make(**settings):
        return sentence_model(tmp_path, **settings)

    return make


@pytest.fixture(scope="session")
def tiny_baichuan(tmp_path_factory):
    """A checkpoint in Baichuan2-7B's own layout: W_pack, NormHead's raw head, SentencePiece tokenizer."""
    torch = pytest.importorskip("torch", reason="needs the finetune extra")
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("baichuan") / "Baichuan2-7B-Chat"
    folder.mkdir()
    sentence_model(folder)
    size, inner, layers, vocabulary = 32, 64, 2, 600
    config = {
        "model_type": "baichuan", "architectures": ["BaichuanForCausalLM"], "vocab_size": vocabulary,
        "hidden_size": size, "intermediate_size": inner, "num_hidden_layers": layers, "num_attention_heads": 4,
        "hidden_act": "silu", "max_position_embeddings": 4096, "model_max_length": 4096, "rms_norm_eps": 1e-6,
        "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "torch_dtype": "float32", "z_loss_weight": 0,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    rng = torch.Generator().manual_seed(0)

    def random(*shape):
        return torch.randn(*shape, generator=rng) * 0.2

    tensors = {"model.embed_tokens.weight": random(vocabulary, size), "lm_head.weight": random(vocabulary, size)}
    tensors["model.norm.weight"] = 1 + random(size)
    for layer in range(layers):
        at = f"model.layers.{layer}."
        tensors[at + "self_attn.W_pack.weight"] = random(3 * size, size)
        tensors[at + "self_attn.o_proj.weight"] = random(size, size)
        tensors[at + "mlp.gate_proj.weight"] = random(inner, size)
        tensors[at + "mlp.up_proj.weight"] = random(inner, size)
        tensors[at + "mlp.down_proj.weight"] = random(size, inner)
        tensors[at + "input_layernorm.weight"] = 1 + random(size)
        tensors[at + "post_attention_layernorm.weight"] = 1 + random(size)
    names = sorted(tensors)
    for number, part in enumerate((names[:9], names[9:]), 1):
        save_file({name: tensors[name] for name in part}, folder / f"model-{number:05d}-of-00002.safetensors")
    return folder
