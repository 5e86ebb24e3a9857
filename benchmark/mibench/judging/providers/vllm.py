"""A checkpoint on vLLM in this process: batches by itself, answers held to the schema."""

import math
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from mibench.errors import MissingExtra, UsageError
from mibench.judging.providers.provider import Answer, Gone, Question
from mibench.judging.providers.weighing import TOP, as_text, weigh
from mibench.records import digest_of_files


class VLLMProvider:
    """`vllm/PATH`: vLLM's asynchronous engine, many questions in flight, one copy of the weights."""

    concurrency = 128
    weighs = True

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The checkpoint's folder or hub id."""
        return f"vllm/{self.path.rstrip('/').rpartition('/')[2]}"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """A local checkpoint by its files, one on the hub by its id."""
        folder = Path(self.path)
        if folder.is_dir():
            return {"provider": "vllm", "files": digest_of_files(path for path in folder.iterdir() if path.is_file())}
        return {"provider": "vllm", "model": self.path}

    @cached_property
    def _engine(self) -> Any:
        try:
            from vllm import AsyncEngineArgs
            from vllm.v1.engine.async_llm import AsyncLLM
        except ImportError as error:
            raise MissingExtra(f"The judge {self.name}", "vllm") from error
        try:
            return AsyncLLM.from_engine_args(AsyncEngineArgs(model=self.path, enable_prefix_caching=True))
        except (OSError, ValueError) as error:
            raise UsageError(f"The judge {self.name} could not be loaded: {str(error).splitlines()[0]}") from error

    @cached_property
    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(self.path)

    async def ask(self, question: Question) -> Answer:
        """One answer; vLLM puts what is in flight into one batch."""
        engine = self._engine  # says what is missing
        from vllm import SamplingParams
        from vllm.sampling_params import StructuredOutputsParams

        messages = [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}]
        messages += [{"role": role, "content": words} for role, words in question.turns]
        plain = {"enable_thinking": False} if question.options else {}
        prompt = self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **plain)
        held = (
            {"logprobs": TOP}
            if question.options
            else {"structured_outputs": StructuredOutputsParams(json=question.schema)}
        )
        sampling = SamplingParams(
            temperature=float(question.sampling.get("temperature", 0)), max_tokens=question.longest_answer, **held
        )
        try:
            outputs = [output async for output in engine.generate(prompt, sampling, uuid4().hex)]
        except RuntimeError as error:
            raise Gone(f"vLLM stopped: {str(error).splitlines()[0]}") from error
        output = outputs[-1]
        choice = output.outputs[0]
        weighed = bool(question.options)
        return Answer(
            text=_weights(choice, question.options) if weighed else choice.text,
            finish="length" if choice.finish_reason == "length" and not weighed else "stop",
            tokens_in=len(output.prompt_token_ids),
            tokens_cached=output.num_cached_tokens or 0,
            tokens_out=len(choice.token_ids),
        )

    async def close(self) -> None:
        """Stop the engine, if it was started."""
        if "_engine" in self.__dict__:
            self._engine.shutdown()


def _weights(choice: Any, options: tuple[str, ...]) -> str:
    """The options' probabilities among the most probable first tokens."""
    first = choice.logprobs[0].values() if choice.logprobs else ()
    return as_text(weigh(options, ((entry.decoded_token or "", math.exp(entry.logprob)) for entry in first)))
