"""A small Llama-type base from nothing: a tokenizer trained on the data, then the model, on everything both speakers say."""

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mibench.tuning.conversations import Conversation
from mibench.tuning.fitting import fit
from mibench.tuning.formats import Format
from mibench.tuning.labels import Encode, Encoded, Example, encoder
from mibench.tuning.recipe import Recipe, Scratch

SENTENCE = r"\s+|[^。？！…\s]+[。？！…”』」]*|[。？！…”』」]+"
"""Words up to the signs that end a sentence, these included: where no token may reach across."""


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
    sides = [blocks(side, form, encoder(tokenizer), recipe.scratch.block, recipe.seed) for side in (train, valid)]
    own = recipe.model_copy(
        update={
            "learning_rate": recipe.scratch.learning_rate, "epochs": recipe.scratch.epochs, "max_steps": None,
            "batch_size": recipe.scratch.batch_size, "accumulate": 1,
            "evaluate_every": recipe.scratch.evaluate_every,
        }
    )  # fmt: skip
    done = fit(model, tokenizer, sides[0], sides[1], own, work, on_step=on_step)
    done.trainer.model.save_pretrained(work / "model", max_shard_size="5GB")
    tokenizer.save_pretrained(work / "model")
    (work / "model").replace(folder)


def blocks(conversations: Sequence[Conversation], form: Format, encode: Encode, length: int, seed: int) -> Encoded:
    """All turns of both speakers in random order, each with the token that ends a turn, as one text cut into `length` tokens."""
    turns = [message.content.strip() for one in conversations for message in one.messages if message.role != "system"]
    random.Random(seed).shuffle(turns)  # noqa: S311 - an order, no secret
    ids = [token for turn in turns for token in encode(turn + form.end)]
    cut = [ids[start : start + length] for start in range(0, len(ids), length)]
    return Encoded([Example(f"block {number}", each, each) for number, each in enumerate(cut, 1)], [], [])


def make_tokenizer(conversations: Sequence[Conversation], form: Format, scratch: Scratch) -> Any:
    """A unigram tokenizer whose tokens are characters, the counsellor's sentences and frequent words of both speakers.

    So small a model cannot learn to spell Chinese from so few words; of sentences it learns which one follows. Characters it
    has not seen become bytes.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    counts = _pieces(conversations, form, scratch.vocabulary)
    total = sum(counts.values())
    pieces = [(f"<0x{byte:02X}>", -30.0) for byte in range(256)]  # less likely than any piece
    pieces += [(piece, math.log(count / total)) for piece, count in counts.items()]
    made = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=True))
    made.pre_tokenizer = pre_tokenizers.Split(Regex(SENTENCE), "isolated")
    made.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    # as control tokens they would be left out of every decoded text
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in form.controls])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, eos_token=form.end, pad_token=form.pad)
    tokenizer.chat_template = form.chat_template
    return tokenizer


def _pieces(conversations: Sequence[Conversation], form: Format, most: int) -> dict[str, int]:
    """Piece → how often it occurs: all characters and sentences of replies, then words by frequency, `most` in all."""
    from mibench.suites.words import chinese_words

    messages = [message for one in conversations for message in one.messages]
    marks = re.findall(r"[a-z]+|\n", f"{form.system}{form.user}{form.assistant}{form.close}")
    found = Counter(character for message in messages for character in message.content)
    found.update(marks)  # else the role's name would be spelled out in bytes, every turn
    words = Counter(word for message in messages for word in chinese_words(message.content))
    replies = (message.content.strip() for message in messages if message.role == "assistant")
    sentences = Counter(sentence for reply in replies for sentence in re.findall(SENTENCE, reply))
    for piece, count in (*sentences.most_common(), *words.most_common()):
        if len(found) >= most:
            break
        found.setdefault(piece, count)
    return dict(found)


def make_model(scratch: Scratch, tokenizer: Any, form: Format, positions: int) -> Any:
    """A Llama with random weights."""
    from transformers import LlamaConfig, LlamaForCausalLM

    ids = [tokenizer.convert_tokens_to_ids(token) for token in form.stops]
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=scratch.hidden, intermediate_size=scratch.intermediate,
        num_hidden_layers=scratch.layers, num_attention_heads=scratch.heads, num_key_value_heads=scratch.heads,
        max_position_embeddings=max(positions, 4096), tie_word_embeddings=False,
        bos_token_id=None, eos_token_id=ids, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    return LlamaForCausalLM(config)
