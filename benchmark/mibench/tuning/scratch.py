"""A small Llama-type base from nothing: a tokenizer trained on the data, then the model, on everything both speakers say."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mibench.tuning.conversations import Conversation
from mibench.tuning.fitting import fit
from mibench.tuning.formats import Format
from mibench.tuning.labels import Encode, Encoded, Example, encoder
from mibench.tuning.recipe import Recipe, Scratch

CUT = r"\p{L}+|\p{N}|[^\s\p{L}\p{N}]+|\s+"
"""Where no token may reach across: between letters, digits, signs and white space."""


def make_base(
    recipe: Recipe, form: Format, train: Sequence[Conversation], valid: Sequence[Conversation], folder: Path,
    on_step: Callable[[int, int, str], None],
) -> None:  # fmt: skip
    """Train a base on the conversations and save it in `folder`, whole or not at all. Goes on where it stopped.

    It learns the language: single turns, the client's as much as the counsellor's, without a word of who speaks to whom.
    That it answers a client, as a counsellor, is what tuning adds.
    """
    from transformers import set_seed

    assert recipe.scratch is not None
    work = folder.with_name(f".{folder.name}.part")
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer(train, form, recipe.scratch)
    set_seed(recipe.seed)
    model = make_model(recipe.scratch, tokenizer, form, recipe.max_length)
    sides = [single_turns(side, form, encoder(tokenizer)) for side in (train, valid)]
    own = recipe.model_copy(
        update={
            "learning_rate": recipe.scratch.learning_rate, "epochs": recipe.scratch.epochs, "max_steps": None,
            "batch_size": recipe.scratch.batch_size, "accumulate": 1, "by_length": True,
            "evaluate_every": recipe.scratch.evaluate_every,
        }
    )  # fmt: skip
    done = fit(model, tokenizer, sides[0], sides[1], own, work, on_step=on_step)
    done.trainer.model.save_pretrained(work / "model", max_shard_size="5GB")
    tokenizer.save_pretrained(work / "model")
    (work / "model").replace(folder)


def single_turns(conversations: Sequence[Conversation], form: Format, encode: Encode) -> Encoded:
    """Every turn of both speakers as an example of its own: words and the token that ends a turn, all learnt."""
    rows = [
        (f"{one.id}/{place}", list(encode(message.content.strip() + form.end)))
        for one in conversations
        for place, message in enumerate(one.messages)
        if message.role != "system"
    ]
    return Encoded([Example(name, ids, ids) for name, ids in rows], [], [])


def make_tokenizer(conversations: Sequence[Conversation], form: Format, scratch: Scratch) -> Any:
    """A BPE tokenizer over characters, with bytes for those it has not seen and the format's control tokens.

    It learns from words, so that no token is the end of one and the beginning of the next.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE(byte_fallback=True, unk_token=None))
    made.pre_tokenizer = pre_tokenizers.Split(Regex(CUT), "isolated")
    made.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    trainer = trainers.BpeTrainer(
        vocab_size=scratch.vocabulary, special_tokens=[f"<0x{byte:02X}>" for byte in range(256)], show_progress=False
    )
    made.train_from_iterator(_words(conversations), trainer)
    # as control tokens they would be left out of every decoded text
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in form.controls])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, eos_token=form.end, pad_token=form.pad)
    tokenizer.chat_template = form.chat_template
    return tokenizer


def _words(conversations: Sequence[Conversation]) -> Iterator[str]:
    from mibench.suites.words import chinese_words

    for one in conversations:
        for message in one.messages:
            yield from chinese_words(message.content)


def make_model(scratch: Scratch, tokenizer: Any, form: Format, positions: int) -> Any:
    """A Llama with random weights."""
    from transformers import LlamaConfig, LlamaForCausalLM

    ids = [tokenizer.convert_tokens_to_ids(token) for token in form.stops]
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=scratch.hidden, intermediate_size=scratch.intermediate,
        num_hidden_layers=scratch.layers, num_attention_heads=scratch.heads, num_key_value_heads=scratch.heads,
        max_position_embeddings=max(positions, 4096), tie_word_embeddings=True,
        bos_token_id=None, eos_token_id=ids, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    return LlamaForCausalLM(config)
