"""Claims about weighing in this process: real transformers checkpoints, against a whole pass and a softmax of our own."""

import asyncio
import json

import pytest

torch = pytest.importorskip("torch", reason="needs the hf extra")

from mibench.errors import UsageError  # noqa: E402
from mibench.judging import load_judge  # noqa: E402
from mibench.judging.providers.hf import HFProvider  # noqa: E402
from mibench.schema import Occasion  # noqa: E402

WORDS = {
    "zh": ("戒酒", "想戒，又怕戒不掉。", "是", "否"),
    "en": ("stop drinking", "I want to, and can't.", "yes", "no"),
}


def asked(folder, language):
    """The ten questions about each of two replies, one reply after the other."""
    goal, said, *_ = WORDS[language]
    occasion = Occasion(id="x/01", language=language, change_goal=goal, history=(("client", said),))
    judge = load_judge(f"panel+logprobs:hf/{folder}")
    return judge.questions(occasion, "One?", "a", 0) + judge.questions(occasion, "Two.", "b", 0)


def whole_pass(folder, question, language):
    """Probability of each option from one pass over the whole prompt: what its spellings begin with and the other's do not."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder)
    messages = [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    with torch.no_grad():
        logits = model(**tokenizer(text, add_special_tokens=False, return_tensors="pt")).logits[0, -1]
    probabilities = torch.exp(logits - torch.logsumexp(logits, 0))
    begins = [
        {tokenizer(s + w, add_special_tokens=False)["input_ids"][0] for s in ("", " ")
         for w in (word, word.title(), word.upper())}
        for word in WORDS[language][2:]
    ]  # fmt: skip
    return [sum(float(probabilities[token]) for token in own - other)
            for own, other in (begins, begins[::-1])]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_probabilities_with_a_kept_prefix_equal_those_of_a_whole_pass(tiny_checkpoint, language):
    folder = tiny_checkpoint()
    provider = HFProvider(str(folder))
    for number, question in enumerate(asked(folder, language)):
        answer = asyncio.run(provider.ask(question))
        found = json.loads(answer.text)
        assert list(found) == list(WORDS[language][2:])
        assert list(found.values()) == pytest.approx(whole_pass(folder, question, language), abs=1e-6)
        assert all(p > 0 for p in found.values())
        assert answer.tokens_out == 1
        assert answer.tokens_cached > 0.5 * answer.tokens_in or number == 0, "the rubric, or the case, was read again"


def test_a_cache_that_cannot_go_back_is_not_used(tiny_checkpoint, tmp_path):
    from transformers import AutoTokenizer, MistralConfig, MistralForCausalLM

    folder = tmp_path / "sliding"
    tokenizer = AutoTokenizer.from_pretrained(tiny_checkpoint())
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    MistralForCausalLM(MistralConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, sliding_window=64, max_position_embeddings=8192,
    )).save_pretrained(folder)  # fmt: skip
    provider = HFProvider(str(folder))
    for question in asked(folder, "en")[:3]:
        answer = asyncio.run(provider.ask(question))
        assert answer.tokens_cached == 0
        assert list(json.loads(answer.text).values()) == pytest.approx(whole_pass(folder, question, "en"), abs=1e-6)


def test_a_tokenizer_that_begins_both_answers_alike_is_refused(tiny_checkpoint, monkeypatch):
    from dataclasses import replace

    provider = HFProvider(str(tiny_checkpoint()))
    question = replace(asked(tiny_checkpoint(), "en")[0], options=("no", "nil"))
    with pytest.raises(UsageError, match="cannot be told apart"):
        asyncio.run(provider.ask(question))


def test_a_model_that_would_say_something_else_is_given_up_after_three_questions(
    mibench, tiny_checkpoint, small_suite, tmp_path
):
    folder, suite = tmp_path / "run", small_suite(1)
    assert mibench("generate", "--suite", suite, "--model", "reference", "--out", folder).returncode == 0
    done = mibench("judge", folder, "--judge", f"hf/{tiny_checkpoint()}", "--shares", "logprobs", "--suite", suite)
    assert done.returncode == 1, done.stderr
    assert "The first three answers of the judge are of no use" in done.stderr
    assert "% on 是 or 否" in done.stderr  # random weights
    calls = [json.loads(line) for line in (folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(calls) == 3
    assert all(call["cost"] == 0 for call in calls)
