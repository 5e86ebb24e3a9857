"""What tests share: whole commands, a small suite on disk, a tiny real checkpoint."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def root():
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def chromium():
    """chromium() → Debian's Chromium until the block ends; skips where there is none."""

    @contextmanager
    def start():
        if not CHROMIUM.exists():
            pytest.skip("needs Debian's chromium: apt-get install chromium fonts-noto-cjk")
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            yield started
            started.close()

    return start


@pytest.fixture(scope="session")
def mibench():
    """Run a whole command in its own process: mibench("run", "--limit", "3", cwd=…)."""

    def command(*args, cwd=None, env=None, timeout=300):
        return subprocess.run(
            [sys.executable, "-m", "mibench", *map(str, args)],
            cwd=cwd or ROOT,
            env={**os.environ, "HF_HUB_OFFLINE": "1", **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return command


class LocalServer:
    """A script of tests/servers in its own process."""

    def __init__(self, script, *options):
        command = [sys.executable, ROOT / "tests/servers" / script, *map(str, options)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def env(self):
        """The environment that sends both SDKs here."""
        return {
            **os.environ,
            "OPENAI_API_KEY": "sk-test-SECRET-openai", "OPENAI_BASE_URL": f"{self.url}/v1",
            "ANTHROPIC_API_KEY": "sk-ant-SECRET-anthropic", "ANTHROPIC_BASE_URL": self.url,
        }  # fmt: skip

    @property
    def by(self):
        """Options of `mibench corpora` that send questions here."""
        return ("--by", "compatible/player", "--judge-url", f"{self.url}/v1")

    def stats(self):
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            return json.load(answer)

    def tell(self, **settings):
        """Change faults, latency or polls while it runs."""
        asked = urllib.request.Request(f"{self.url}/settings", json.dumps(settings).encode())
        urllib.request.urlopen(asked).close()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def serve():
    """serve("judge_server.py", "--faults", 0.2) → a running LocalServer, stopped after the test."""
    running = []

    def start(script, *options):
        running.append(LocalServer(script, *options))
        return running[-1]

    yield start
    for found in running:
        found.stop()


@pytest.fixture
def checkout(tmp_path):
    """A copy of the package and its rooms that a test may write to; checkout.mibench("judges", "card", …) runs in it."""
    folder = tmp_path / "checkout"
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in ("benchmark", "judges", "tasks"):
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    shutil.copy(ROOT / "pyproject.toml", folder)
    card = folder / "judges/offline/judge.yaml"  # here it has learned from nobody, so that it may be tried on anything
    lines = card.read_text(encoding="utf-8").splitlines(keepends=True)
    card.write_text("".join(line for line in lines if not line.startswith("trained_on")), encoding="utf-8")

    class Checkout:
        path = folder

        @staticmethod
        def mibench(*args):
            return subprocess.run(
                [sys.executable, "-m", "mibench", *map(str, args)],
                cwd=tmp_path, env={**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(folder / "benchmark")},
                capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
            )  # fmt: skip

    return Checkout


def small_dialogue(number=1, **changes):
    """A valid dialogue of two rounds as a dictionary."""
    return {
        "id": f"zh-made-{number:02d}",
        "language": "zh",
        "topic": "smoking",
        "area": "tobacco",
        "change_goal": "戒烟",
        "stage": "contemplation",
        "resistance": "low",
        "client": "一个为测试写的来访者。",
        "age": 40,
        "sex": "male",
        "setting": "city",
        "turns": [
            {"speaker": "client", "text": "想戒，又怕戒不掉。", "talk": [
                {"text": "想戒，", "talk": "change"}, {"text": "又怕戒不掉。", "talk": "sustain"}]},
            {"speaker": "counsellor", "text": "您怕白费劲。试过吗？", "utterances": [
                {"text": "您怕白费劲。", "code": "CR"}, {"text": "试过吗？", "code": "Q"}]},
            {"speaker": "client", "text": f"试过{number}回。", "talk": [{"text": f"试过{number}回。", "talk": "neutral"}]},
            {"speaker": "counsellor", "text": "不止一回了。", "utterances": [{"text": "不止一回了。", "code": "SR"}]},
        ],
        "provenance": "made for a test",
        "licence": "CC-BY-4.0",
        **changes,
    }  # fmt: skip


@pytest.fixture
def made():
    """made(3) → the third small dialogue, as a dictionary to spoil."""
    return small_dialogue


def write_suite(folder, count=2, lines=None):
    """Write a suite of small dialogues into a new folder, which names it; returns the folder."""
    folder.mkdir()
    rows = lines if lines is not None else [small_dialogue(n) for n in range(1, count + 1)]
    text = "".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "dialogues.jsonl").write_text(text, encoding="utf-8")
    yaml = (ROOT / "tasks/mi_zh/mi_zh.yaml").read_text(encoding="utf-8").replace("task: mi_zh", f"task: {folder.name}")
    (folder / f"{folder.name}.yaml").write_text(yaml, encoding="utf-8")
    (folder / "counsellor.jinja").write_text("你是咨询师。目标：{{ change_goal }}", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def new_suite():
    """new_suite(folder, 3) → a suite of three small dialogues in a new folder of the test's choice."""
    return write_suite


@pytest.fixture
def small_suite(tmp_path):
    """Write a suite of small dialogues to disk: small_suite(3) → its folder."""
    return lambda count=2, name="made", lines=None: write_suite(tmp_path / name, count, lines)


CHATML = (
    "{% for message in messages %}"
    "{% set expected = 'system' if loop.first else ('user' if loop.index0 % 2 else 'assistant') %}"
    "{% if message['role'] != expected %}{{ raise_exception('expected ' + expected + ', got ' + message['role']) }}{% endif %}"
    "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""ChatML that refuses any order but system, user, assistant, user …"""


def tiny_model():
    """A real transformers model of 0.3 M random parameters and its tokenizer, trained here."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator([json.dumps(small_dialogue(), ensure_ascii=False)], trainer)
    torch.manual_seed(0)
    config = Qwen3Config(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=64, intermediate_size=128, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=32, max_position_embeddings=32768,
        eos_token_id=1, bos_token_id=2, pad_token_id=2,
    )  # fmt: skip
    return Qwen3ForCausalLM(config), tokenizer


def write_checkpoint(folder, model, tokenizer, template=CHATML):
    """Save them as a checkpoint; `template=None` leaves the chat template out. Returns the folder."""
    from transformers import PreTrainedTokenizerFast

    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>", bos_token="<|endoftext|>"
    )
    if template is not None:
        fast.chat_template = template
    fast.save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory):
    """A real transformers checkpoint of 0.3 M random parameters, its tokenizer trained here; returns a maker of copies.

    tiny_checkpoint(template=…) → folder. `template=None` leaves the chat template out.
    """
    pytest.importorskip("torch", reason="needs the hf extra")
    model, tokenizer = tiny_model()
    made = {}

    def make(template=CHATML):
        if template not in made:
            folder = tmp_path_factory.mktemp("checkpoint") / "tiny-mi"
            made[template] = write_checkpoint(folder, model, tokenizer, template)
        return made[template]

    return make


@pytest.fixture(scope="session")
def inclined_checkpoint(tiny_checkpoint, tmp_path_factory):
    """The tiny checkpoint drawn to some tokens whatever it has read, all else random.

    inclined_checkpoint({"}": 2.5, ",": 1}) → folder; one pull more or less outweighs chance.
    """

    def make(pulls, template=CHATML):
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        source = tiny_checkpoint(template)
        model, tokenizer = AutoModelForCausalLM.from_pretrained(source), AutoTokenizer.from_pretrained(source)
        torch.manual_seed(1)
        with torch.no_grad():
            words, head = model.model.embed_tokens.weight, model.lm_head.weight
            words.normal_(0, 0.5)
            head.normal_(0, 0.15)
            words[:, 0] = 4  # the same for every token: it reaches the head as a constant
            head[:, 0] = 0
            for token, pull in pulls.items():
                head[tokenizer.convert_tokens_to_ids(token), 0] = pull
            for layer in model.model.layers:  # what it has read must show in what it says
                layer.self_attn.q_norm.weight.mul_(6)
                layer.self_attn.v_proj.weight.mul_(5)
                layer.self_attn.o_proj.weight.mul_(5)
        folder = tmp_path_factory.mktemp("inclined") / "tiny-mi"
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return make
