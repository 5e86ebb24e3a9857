"""A transformers checkpoint in this process: slow and certain, for judges that fit the machine."""

import asyncio
import threading
from functools import cached_property
from pathlib import Path
from typing import Any

from mibench.errors import MissingExtra, UsageError
from mibench.judging.providers.provider import Answer, Question
from mibench.judging.providers.weighing import as_text, first_tokens
from mibench.records import digest_of_files


class HFProvider:
    """`hf/PATH`: greedy unless the judge's sampling says otherwise; one answer at a time."""

    concurrency = 1
    weighs = True

    def __init__(self, path: str) -> None:
        self.path = path
        self._last: tuple[list[int], Any] = ([], None)
        """The prompt weighed last and the model's cache of it."""
        self._turn = threading.Lock()

    @property
    def name(self) -> str:
        """The checkpoint's folder or hub id."""
        return f"hf/{self.path.rstrip('/').rpartition('/')[2]}"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """A local checkpoint by its files, one on the hub by its id."""
        folder = Path(self.path)
        if folder.is_dir():
            return {"provider": "hf", "files": digest_of_files(path for path in folder.iterdir() if path.is_file())}
        return {"provider": "hf", "model": self.path}

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        try:
            import torch  # noqa: F401 - transformers imports without it and fails later
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError as error:
            raise MissingExtra(f"The judge {self.name}", "hf") from error
        try:
            tokenizer = AutoTokenizer.from_pretrained(self.path)
            model = AutoModelForCausalLM.from_pretrained(self.path, dtype="auto")
        except (OSError, ValueError) as error:
            raise UsageError(f"The judge {self.name} could not be loaded: {str(error).splitlines()[0]}") from error
        if not tokenizer.chat_template:
            raise UsageError(f"The judge {self.name} has no chat template, so it cannot be asked.")
        model.eval()  # type: ignore[no-untyped-call]  # transformers ships partial types
        return tokenizer, model

    def open(self) -> None:
        """Nothing: the first question does what is slow."""

    async def ask(self, question: Question) -> Answer:
        """Generate in a thread, so that progress stays alive."""
        if question.options:
            return await asyncio.to_thread(self._weigh, question)
        return await asyncio.to_thread(self._generate, question)

    def _generate(self, question: Question) -> Answer:
        tokenizer, model = self._loaded  # says what is missing
        import torch

        messages = _messages(question)
        prompt = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        heat = float(question.sampling.get("temperature", 0))
        sampling = {"do_sample": True, "temperature": heat} if heat else {"do_sample": False}
        with torch.inference_mode():
            output = model.generate(**prompt.to(model.device), max_new_tokens=question.longest_answer, **sampling)
        new = output[0, prompt["input_ids"].shape[1] :]
        ends = {tokenizer.eos_token_id, *_ids(model.generation_config.eos_token_id)}
        return Answer(
            text=tokenizer.decode(new, skip_special_tokens=True),
            finish="stop" if len(new) and int(new[-1]) in ends else "length",
            tokens_in=int(prompt["input_ids"].shape[1]),
            tokens_out=len(new),
        )

    def _weigh(self, question: Question) -> Answer:
        """One pass over what the prompt does not share with the one before: the next token's whole distribution."""
        tokenizer, model = self._loaded
        import torch

        template = tokenizer.apply_chat_template
        prompt = template(_messages(question), add_generation_prompt=True, return_dict=True, enable_thinking=False)
        ids = list(prompt["input_ids"])
        with self._turn, torch.inference_mode():
            cache, known = self._kept(ids)
            rest = torch.tensor([ids[known:]], device=model.device)
            output = model(input_ids=rest, past_key_values=cache, use_cache=True, logits_to_keep=1)
            self._last = (ids, output.past_key_values)
        probabilities = output.logits[0, -1].float().softmax(-1)
        weights = {
            option: float(probabilities[tokens].sum())
            for option, tokens in first_tokens(question.options, tokenizer).items()
        }
        return Answer(text=as_text(weights), tokens_in=len(ids), tokens_cached=known, tokens_out=1)

    def _kept(self, ids: list[int]) -> tuple[Any, int]:
        """The cache of the last prompt cut to what `ids` begins with too, and the length of that; (None, 0) for none."""
        last, cache = self._last
        self._last = ([], None)
        common = 0
        while common < min(len(last), len(ids) - 1) and last[common] == ids[common]:
            common += 1
        if not common:
            return None, 0
        try:
            if common < len(last):
                cache.crop(common - len(last))
        except (AttributeError, RuntimeError, ValueError):  # sliding windows and recurrent states cannot go back
            return None, 0
        return cache, common

    async def close(self) -> None:
        """Let go of the cache."""
        self._last = ([], None)


def _messages(question: Question) -> list[dict[str, str]]:
    messages = [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}]
    return messages + [{"role": role, "content": words} for role, words in question.turns]


def _ids(value: Any) -> list[int]:
    return value if isinstance(value, list) else [] if value is None else [value]
