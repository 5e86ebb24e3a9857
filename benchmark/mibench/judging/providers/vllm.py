"""A checkpoint on vLLM in this process: batches by itself, answers held to the schema."""

import math
import os
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from mibench.errors import MissingExtra, UsageError
from mibench.judging.providers.errors import clean
from mibench.judging.providers.provider import Answer, Gone, Question, Refused
from mibench.judging.providers.weighing import TOP, as_text, weigh
from mibench.records import digest_of_files

QUIET = {"VLLM_LOGGING_LEVEL": "ERROR", "VLLM_LOGGING_STREAM": "ext://sys.stderr"}
"""vLLM writes its log to standard output, where scripts read ours; unless the user has set otherwise."""


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
        if Path(self.path).is_absolute() and not Path(self.path).is_dir():
            raise UsageError(f"The judge {self.name} could not be loaded: there is no folder {self.path}.")
        for setting, value in QUIET.items():
            os.environ.setdefault(setting, value)
        try:
            from vllm import AsyncEngineArgs
            from vllm.v1.engine.async_llm import AsyncLLM
        except ImportError as error:
            raise MissingExtra(f"The judge {self.name}", "vllm") from error
        # guidance: vLLM's first choice lets raw control characters into strings, which is no JSON
        held = {"backend": "guidance", "disable_any_whitespace": True}
        try:
            return AsyncLLM.from_engine_args(
                AsyncEngineArgs(
                    model=self.path,
                    max_model_len=-1,  # the longest that fits the memory, not the longest the checkpoint knows
                    enable_prefix_caching=True,
                    structured_outputs_config=held,
                )
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise UsageError(f"The judge {self.name} could not be loaded: {clean(str(error))}") from error

    @cached_property
    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(self.path)

    def open(self) -> None:
        """Nothing: the first question does what is slow."""

    async def ask(self, question: Question) -> Answer:
        """One answer; vLLM puts what is in flight into one batch."""
        engine = self._engine  # says what is missing
        from vllm import SamplingParams
        from vllm.sampling_params import StructuredOutputsParams
        from vllm.v1.engine.exceptions import EngineDeadError

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
        except EngineDeadError:
            raise Gone(f"{self.name} stopped: vLLM's engine died; its log above says why.") from None
        except Exception as error:  # noqa: BLE001 - one question's failure; its classes differ between vLLM's versions
            raise Refused(clean(f"{type(error).__name__}: {error}")) from None
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
        engine = self.__dict__.pop("_engine", None)
        if engine is not None:
            engine.shutdown()
            engine.shutdown = lambda: None  # its __del__ shuts down once more, when Python is half taken down


def _weights(choice: Any, options: tuple[str, ...]) -> str:
    """The options' probabilities among the most probable first tokens."""
    first = choice.logprobs[0].values() if choice.logprobs else ()
    return as_text(weigh(options, ((entry.decoded_token or "", math.exp(entry.logprob)) for entry in first)))
