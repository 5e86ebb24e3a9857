"""A SentencePiece BPE model as a fast tokenizer, and the check that both give the same ids.

transformers' own conversion takes Llama's settings for granted (a dummy prefix, no normaliser); Baichuan2 has others.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mibench.content import room
from mibench.errors import UsageError

SPACE = "\u2581"
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6
"""Kinds of piece in SentencePiece's model file."""


def fast_tokenizer(model: Path, roles: Mapping[str, int]) -> Any:
    """A transformers tokenizer with the pieces and normaliser of a SentencePiece BPE model.

    `roles`: control tokens the model file knows under another name or as plain pieces → their ids. Raises UsageError for
    a model that is not BPE.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models
    from transformers import PreTrainedTokenizerFast

    proto = _proto(model)
    if proto.trainer_spec.model_type != 2:
        raise UsageError(f"{model} is no BPE model; Baichuan2's is.")
    pieces = list(proto.pieces)
    vocabulary = {piece.piece: number for number, piece in enumerate(pieces)}
    names = [piece.piece for piece in pieces]
    for token, number in roles.items():
        if number >= len(names):
            raise UsageError(f"{model} has {len(names)} pieces; the role token {token} should be number {number}.")
        vocabulary.pop(names[number], None)
        vocabulary[token] = number
        names[number] = token
    unknown = next(piece.piece for piece in pieces if piece.type == UNKNOWN)
    made = Tokenizer(
        models.BPE(vocab=vocabulary, merges=_merges(pieces), unk_token=unknown, fuse_unk=True, byte_fallback=any(piece.type == BYTE for piece in pieces))
    )  # fmt: skip
    made.normalizer = _normaliser(proto.normalizer_spec)
    strip = [decoders.Strip(" ", 1, 0)] if proto.normalizer_spec.add_dummy_prefix else []
    made.decoder = decoders.Sequence([decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse(), *strip])
    special = [names[n] for n, piece in enumerate(pieces) if piece.type in (UNKNOWN, CONTROL)] + list(roles)
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in dict.fromkeys(special)])
    plain = [piece.piece for piece in pieces if piece.type == USER_DEFINED and piece.piece not in roles]
    made.add_tokens([AddedToken(token, normalized=False, special=False) for token in plain if token in vocabulary])
    end = names[proto.trainer_spec.eos_id]
    return PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token=end, unk_token=unknown, pad_token=unknown, bos_token=None
    )


def check_parity(tokenizer: Any, model: Path, corpus: Sequence[Path]) -> tuple[int, int]:
    """(lines, tokens) on which both agree. Raises UsageError with the first line on which they do not."""
    from sentencepiece import SentencePieceProcessor

    reference = SentencePieceProcessor(model_file=str(model))
    lines = tokens = 0
    differing: list[str] = []
    for line in _lines(corpus):
        wanted = reference.encode(line)
        lines += 1
        tokens += len(wanted)
        if tokenizer(line, add_special_tokens=False)["input_ids"] != wanted:
            differing.append(line)
    if differing:
        line = differing[0]
        raise UsageError(
            f"The converted tokenizer differs from SentencePiece on {len(differing)} of {lines} lines, first on “{line[:60]}”: "
            f"{tokenizer(line, add_special_tokens=False)['input_ids'][:12]} instead of {reference.encode(line)[:12]}. "
            "Nothing was written: a model would read other tokens than it was trained on."
        )
    if not lines:
        raise UsageError("There is no text to compare the tokenizers on. Give some with --corpus.")
    return lines, tokens


def _proto(model: Path) -> Any:
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto()
    try:
        proto.ParseFromString(model.read_bytes())
    except Exception as error:
        raise UsageError(f"{model} is no SentencePiece model: {error}.") from error
    return proto


def _merges(pieces: Sequence[Any]) -> list[tuple[str, str]]:
    """Pairs that make a piece, best piece first: SentencePiece merges the pair whose union scores highest."""
    scores = {piece.piece: piece.score for piece in pieces if piece.type == NORMAL}
    merges = []
    for piece, score in scores.items():
        pairs = [(piece[:cut], piece[cut:]) for cut in range(1, len(piece))]
        known = [pair for pair in pairs if pair[0] in scores and pair[1] in scores]
        merges += [(score, pair) for pair in sorted(known, key=lambda pair: (-scores[pair[0]], -scores[pair[1]]))]
    return [pair for _, pair in sorted(merges, key=lambda merge: -merge[0])]


def _normaliser(spec: Any) -> Any:
    from tokenizers import Regex, normalizers

    steps: list[Any] = []
    if spec.precompiled_charsmap:
        steps.append(normalizers.Precompiled(spec.precompiled_charsmap))
    if spec.remove_extra_whitespaces:
        steps += [normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]
    if spec.add_dummy_prefix:
        steps.append(normalizers.Prepend(" "))
    return normalizers.Sequence([*steps, normalizers.Replace(" ", SPACE)])


def _lines(corpus: Sequence[Path]) -> Iterator[str]:
    """Every text in the files: strings of JSON lines, or lines as they are."""
    files = list(corpus) or [
        *sorted((room("finetune") / "data").glob("*_train.jsonl")),
        *sorted(room("tasks").glob("*/dialogues.jsonl")),
    ]
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(f"Cannot read {path}: {error.strerror or error}.") from error
        for line in filter(None, text.split("\n")):
            yield from _strings(json.loads(line)) if path.suffix == ".jsonl" else [line]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
