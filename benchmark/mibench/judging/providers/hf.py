"""A transformers checkpoint in this process: slow and certain, for judges that fit the machine."""

import asyncio
from functools import cached_property
from pathlib import Path
from typing import Any

from mibench.errors import MissingExtra, UsageError
from mibench.judging.providers.provider import Answer, Question
from mibench.records import digest_of_files


class HFProvider:
    """`hf/PATH`: greedy unless the judge's sampling says otherwise; one answer at a time."""

    concurrency = 1

    def __init__(self, path: str) -> None:
        self.path = path

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

    async def ask(self, question: Question) -> Answer:
        """Generate in a thread, so that progress stays alive."""
        return await asyncio.to_thread(self._generate, question)

    def _generate(self, question: Question) -> Answer:
        tokenizer, model = self._loaded  # says what is missing
        import torch

        messages = [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}]
        messages += [{"role": role, "content": words} for role, words in question.turns]
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

    async def close(self) -> None:
        """Nothing to let go of."""


def _ids(value: Any) -> list[int]:
    return value if isinstance(value, list) else [] if value is None else [value]
